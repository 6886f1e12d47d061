using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds members of a model class that stand where generated ones have to.</summary>
internal static class NameChecks
{
    /// <summary>The methods that are generated, with the types of their parameters: a user's overload with other ones is welcome.</summary>
    private static readonly (string Name, string[] Parameters)[] Methods =
    [
        ("Create", ["UInt64"]),
        ("Predict", ["ReadOnlySpan", "Span"]),
        ("Predict", ["ReadOnlyTensorSpan", "TensorSpan"]),
        ("Save", ["String"]),
        ("LoadWeights", ["String", "IReadOnlyDictionary"]),
        ("Load", ["String", "IReadOnlyDictionary"]),
        ("Load", ["String", "LoadReport", "IReadOnlyDictionary"]),
        (WellKnownMemberNames.InstanceConstructorName, ["UInt64"]),
        (WellKnownMemberNames.InstanceConstructorName, ["UInt64", "Int32"]),
    ];

    private static readonly string[] Others = ["Layers", "_descriptor", "_predictor"];

    /// <param name="model">The class, of which the analyzer also sees the generated part.</param>
    /// <param name="declared">How it is declared again.</param>
    /// <param name="members">Its layers and nested models.</param>
    /// <param name="hasTorch">Whether a module for TorchSharp is generated.</param>
    /// <param name="sink">Takes what is found.</param>
    public static void Run(INamedTypeSymbol model, TypeSpec declared, MemberTable members, bool hasTorch, DiagnosticSink sink)
    {
        var fields = new HashSet<string>(members.Layers.Select(layer => FieldNames.Of(layer.Path)), StringComparer.Ordinal);
        foreach (var member in model.GetMembers())
        {
            var takesAName = TakesAName(member, fields) || (hasTorch && member.Name == TorchModuleEmitter.ClassName);
            if (!member.IsImplicitlyDeclared && takesAName && PlaceOf(member, declared) is { } place)
                sink.Report(
                    Descriptors.NameTaken, place, Shown(member), $"has the name of a member that is generated into model '{model.Name}'");
        }

        CheckTensorNames(members, sink);
    }

    /// <summary>Whether a member stands where something that users call is generated.</summary>
    public static bool TakesAnyName(INamedTypeSymbol model) =>
        model.GetMembers().Any(member => !member.IsImplicitlyDeclared && TakesAName(member));

    /// <summary>Whether a member stands where a generated one has to, its fields aside.</summary>
    public static bool TakesAName(ISymbol member) => TakesAName(member, []);

    private static bool TakesAName(ISymbol member, HashSet<string> fields)
    {
        if (Others.Contains(member.Name) || fields.Contains(member.Name))
            return true;
        return member is IMethodSymbol method
            ? Methods.Any(generated => generated.Name == method.Name
                && method.Parameters.Select(parameter => parameter.Type.Name).SequenceEqual(generated.Parameters))
            : member.Name == nameof(IDisposable.Dispose) || Methods.Any(generated => generated.Name == member.Name);
    }

    /// <summary>The name in the user's own declaration.</summary>
    public static SyntaxToken? PlaceOf(ISymbol member, TypeSpec declared)
    {
        foreach (var location in member.Locations)
        {
            if (location.SourceTree is { } tree && !GeneratedFiles.Has(declared, tree))
                return tree.GetRoot().FindToken(location.SourceSpan.Start);
        }
        return null;
    }

    private static string Shown(ISymbol member) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? member.ContainingType.Name : member.Name;

    /// <summary>Tensors in files are named after properties in lower case, so case alone cannot tell two members apart.</summary>
    private static void CheckTensorNames(MemberTable members, DiagnosticSink sink)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members.All)
        {
            var key = member.Name.Replace("_", "");
            if (seen.TryGetValue(key, out var first))
                sink.Report(
                    Descriptors.NameTaken, member.Place, member.Name, $"gives its tensors in model files the same names as '{first}'");
            else
                seen.Add(key, member.Name);
        }
    }
}
