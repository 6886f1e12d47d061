using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Reading;
using SparseSharp.Testing;

namespace SparseSharp.Generator.Tests.Testing;

/// <summary>A user's project as a test needs it: some source, and the settings that matter to the generator.</summary>
internal sealed record TestProject
{
    private const string Usings = "global using SparseSharp;\nglobal using static SparseSharp.BlockKind;\nglobal using System;\n";

    /// <summary>The assemblies that a user's project refers to: the framework and the runtime, but not the generator.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
        [.. TrustedReferences.Find("SparseSharp.dll", "SparseSharp.Attributes.dll", "System.Numerics.Tensors.dll")];

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.Release;

    public ImmutableArray<MetadataReference> MoreReferences { get; init; } = [];

    /// <summary>What a project refers to besides that uses TorchSharp.</summary>
    public static MetadataReference TorchSharp { get; } =
        MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"));

    /// <summary>Whether an editor asks, in which the analyzer runs whatever is wrong.</summary>
    public bool IsEditor { get; init; }

    public CSharpParseOptions ParseOptions => IsEditor
        ? new CSharpParseOptions(Language).WithFeatures([new(ClassFaults.EditorFeature, "")])
        : new(Language);

    public CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "TestModels",
        [Parse(Usings, "Usings.cs"), .. sources.Select((source, index) => Parse(source, $"Source{index}.cs"))],
        [.. References, .. MoreReferences],
        new(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: Optimization, allowUnsafe: false,
            nullableContextOptions: NullableContextOptions.Enable));

    public SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    /// <summary>A driver with the generator that remembers its steps.</summary>
    public GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new SparseModelGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
