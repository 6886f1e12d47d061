namespace SparseSharp.Architecture.Tests;

/// <summary>The reader of the graph, on sources of its own.</summary>
public sealed class FileGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("file-graph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_uses_those_whose_types_and_members_it_names()
    {
        Write("A.cs", "class A { B? Field; int Call() => C.Value; }");
        Write("B.cs", "class B { }");
        Write("C.cs", "static class C { public static int Value => 1; }");
        Write("D.cs", "/// <summary>See <see cref=\"A\"/>.</summary>\nclass D { }");

        var graph = FileGraph.Read(_folder);

        Assert.Equal(["B.cs", "C.cs"], graph.Uses["A.cs"]);
        Assert.Empty(graph.Uses["B.cs"]);
        Assert.Empty(graph.Uses["D.cs"]);
        Assert.Empty(graph.Circles());
    }

    [Fact]
    public void A_target_typed_new_and_an_operator_are_uses()
    {
        Write("A.cs", "class A { static object Make() { B made = new(); return made + made; } }");
        Write("B.cs", "partial class B { }");
        Write("C.cs", "partial class B { public B() { } public static B operator +(B left, B right) => left; }");

        Assert.Equal(["B.cs", "C.cs"], FileGraph.Read(_folder).Uses["A.cs"]);
    }

    [Fact]
    public void Files_that_use_each_other_by_way_of_others_are_a_circle()
    {
        Write("A.cs", "class A { B? Next; }");
        Write("B.cs", "class B { C? Next; }");
        Write("C.cs", "class C { A? Next; D? Other; }");
        Write("D.cs", "class D { }");

        Assert.Equal(["A.cs", "B.cs", "C.cs"], Assert.Single(FileGraph.Read(_folder).Circles()));
    }

    [Fact]
    public void Sources_that_do_not_compile_are_refused()
    {
        Write("A.cs", "class A { Missing? Field; }");

        Assert.Contains("Missing", Assert.Throws<InvalidOperationException>(() => FileGraph.Read(_folder)).Message);
    }

    private void Write(string name, string source) => File.WriteAllText(Path.Combine(_folder, name), source);
}
