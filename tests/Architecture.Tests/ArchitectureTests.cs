using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Architecture.Tests;

/// <summary>
/// What holds between the files of the runtime. <c>dotnet run --project tests/Architecture.Tests</c> prints what it looks like.
/// </summary>
public sealed class ArchitectureTests
{
    private const int LargestCircle = 4;

    /// <summary>Rooms whose types emitted code calls: they have one namespace together.</summary>
    private static readonly string[] KernelRooms = ["Panels", "Products", "Models", "Autograd"];

    private static readonly FileGraph Graph = FileGraph.Read(Floors.Runtime);

    [Fact]
    public void Files_use_only_rooms_of_their_floor_and_of_lower_ones() => Assert.Empty(Floors.Violations(Graph));

    [Fact]
    public void Circles_of_files_are_small() =>
        Assert.Empty(Graph.Circles().Where(circle => circle.Count > LargestCircle).Select(circle => string.Join(", ", circle)));

    [Fact]
    public void Every_room_stands_in_the_list_of_floors_and_has_files()
    {
        var rooms = Graph.Files.Select(Floors.RoomOf).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Floors.All.SelectMany(floor => floor).Order(StringComparer.Ordinal), rooms);
    }

    /// <summary>Users have one namespace, emitted code has one; everything else has that of its folder.</summary>
    [Fact]
    public void Internal_types_have_the_namespace_of_their_folder()
    {
        var wrong =
            from tree in Graph.Compilation.SyntaxTrees
            where tree.FilePath.Length > 0
            let root = tree.GetCompilationUnitRoot()
            from type in root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Take(1)
            where !type.Modifiers.Any(modifier => modifier.ValueText == "public")
            let room = Floors.RoomOf(tree.FilePath)
            let name = root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Single().Name.ToString()
            let expected = $"SparseSharp.{room.Replace('/', '.')}"
            where name != expected && !(KernelRooms.Contains(room) && name == "SparseSharp.Kernels")
            select $"{tree.FilePath} has the namespace {name}, not {expected}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Public_types_have_the_namespace_of_users_or_of_emitted_code()
    {
        var wrong =
            from tree in Graph.Compilation.SyntaxTrees
            where tree.FilePath.Length > 0
            let root = tree.GetCompilationUnitRoot()
            where root.Members.OfType<BaseNamespaceDeclarationSyntax>()
                .SelectMany(space => space.Members)
                .OfType<BaseTypeDeclarationSyntax>()
                .Any(type => type.Modifiers.Any(modifier => modifier.ValueText == "public"))
            let name = root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Single().Name.ToString()
            where name is not ("SparseSharp" or "SparseSharp.Kernels")
            select $"{tree.FilePath} has public types in {name}";

        Assert.Empty(wrong);
    }

    /// <summary>What only emitted code calls would be in the way of users who look for something.</summary>
    [Fact]
    public void Types_of_emitted_code_are_hidden_from_editors()
    {
        // One part of a type has the attribute for all of them.
        var shown =
            from tree in Graph.Compilation.SyntaxTrees
            from space in tree.GetCompilationUnitRoot().Members.OfType<BaseNamespaceDeclarationSyntax>()
            where space.Name.ToString() == "SparseSharp.Kernels"
            from type in space.Members.OfType<BaseTypeDeclarationSyntax>()
            where type.Modifiers.Any(modifier => modifier.ValueText == "public")
            group type.AttributeLists.ToString() by type.Identifier.ValueText into parts
            where !parts.Any(attributes => attributes.Contains("[EditorBrowsable(EditorBrowsableState.Never)]", StringComparison.Ordinal))
            select parts.Key;

        Assert.Empty(shown);
    }

    [Fact]
    public void Nobody_below_the_layers_names_a_layer()
    {
        var floor = Floors.All.TakeWhile(rooms => !rooms.Contains("Layers")).SelectMany(rooms => rooms).ToHashSet();

        Assert.Empty(
            from file in Graph.Files
            where floor.Contains(Floors.RoomOf(file))
            from used in Graph.Uses[file]
            where Floors.RoomOf(used) == "Layers"
            select $"{file} -> {used}");
    }
}
