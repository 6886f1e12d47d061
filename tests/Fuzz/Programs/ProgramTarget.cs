extern alias generator;

using System.Collections.Immutable;
using System.Globalization;
using generator::SparseSharp.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Testing;

namespace SparseSharp.Fuzz.Programs;

/// <summary>The generator and the analyzers, as the compiler and editors run them.</summary>
internal sealed class ProgramTarget : IFuzzTarget
{
    private const string Usings = "global using SparseSharp;\nglobal using static SparseSharp.BlockKind;\nglobal using System;\nglobal "
        + "using System.Collections.Generic;\nglobal using System.Linq;\n";

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest);
    private static readonly ImmutableArray<MetadataReference> s_references =
        [.. TrustedReferences.Find("SparseSharp.dll", "SparseSharp.Attributes.dll", "System.Numerics.Tensors.dll")];

    private readonly string _input;

    private ProgramTarget(string folder) => _input = Directory.CreateDirectory(Path.Combine(folder, Worker.Input)).FullName;

    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    public static long HeapLimit => 2L << 30;

    public static IFuzzTarget Create(string folder) => new ProgramTarget(folder);

    public Verdict Try(ulong seed)
    {
        var program = ProgramMutator.Make(Files.Seeded.Random(seed));
        File.WriteAllText(Path.Combine(_input, "Program.cs"), program);
        return new(IsAccepted(program, whileTyping: seed % 4 == 0), "program");
    }

    /// <summary>Compiles a program.</summary>
    /// <param name="program">Its text.</param>
    /// <param name="whileTyping">Whether to analyze it without the emitted code as well, as an editor may.</param>
    /// <returns>Whether it is free of errors.</returns>
    /// <exception cref="FuzzException">The generator or an analyzer threw, or what was emitted for a program without errors does not
    /// compile.</exception>
    public static bool IsAccepted(string program, bool whileTyping)
    {
        var source = CSharpSyntaxTree.ParseText(program, s_parsing, "Program.cs");
        var compilation = CSharpCompilation.Create(
            "Fuzzed",
            [CSharpSyntaxTree.ParseText(Usings, s_parsing, "Usings.cs"), source],
            s_references,
            new(source.GetRoot().ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement)) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create([new SparseModelGenerator().AsSourceGenerator()], parseOptions: s_parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var complete, out _);
        if (driver.GetRunResult().Results.Single().Exception is { } thrown)
            throw new FuzzException("generator", "The generator threw.", thrown);

        // What is emitted of kernels depends on few numbers of a model.
        var kernels = complete.SyntaxTrees.Where(tree => Path.GetFileName(tree.FilePath).StartsWith(
            "SparseSharp.", StringComparison.Ordinal) && !tree.FilePath.Contains("Torch", StringComparison.Ordinal));
        var analyzed = Analyze(complete.RemoveSyntaxTrees(kernels));
        if (whileTyping)
            _ = Analyze(compilation);
        if (analyzed.Any(IsError))
            return false;
        var own = complete.GetSemanticModel(source).GetDiagnostics();
        if (own.Any(IsError) || complete.GetDeclarationDiagnostics().Any(diagnostic => IsError(diagnostic) && IsIn(diagnostic, source)))
            return false;
        var emitted = complete.SyntaxTrees.Where(tree => tree != source && !kernels.Contains(tree))
            .SelectMany(tree => complete.GetSemanticModel(tree).GetDiagnostics())
            .Concat(complete.GetDeclarationDiagnostics())
            .FirstOrDefault(IsError);
        return emitted is null
            ? true
            : throw new FuzzException(
                "emitted",
                $"{emitted.Id} in emitted code of a program without errors: {emitted.GetMessage(CultureInfo.InvariantCulture)} {emitted.Location.SourceTree?.GetText().Lines[emitted.Location.GetLineSpan().StartLinePosition.Line]}");
    }

    public void Dispose()
    {
    }

    private static ImmutableArray<Diagnostic> Analyze(Compilation compilation)
    {
        Exception? thrown = null;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (error, _, _) => thrown ??= error, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var found = new CompilationWithAnalyzers(compilation, [new SparseModelAnalyzer(), new ForwardSuppressor()], options)
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return thrown is null ? found : throw new FuzzException("analyzer", "An analyzer threw.", thrown);
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic is { Severity: DiagnosticSeverity.Error, IsSuppressed: false };

    private static bool IsIn(Diagnostic diagnostic, SyntaxTree tree) => diagnostic.Location.SourceTree == tree;
}
