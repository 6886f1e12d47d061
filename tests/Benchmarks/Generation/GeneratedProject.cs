extern alias generator;
using System.Text;
using generator::SparseSharp.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SparseSharp.Benchmarks.Generation;

/// <summary>A user's project in an editor: sources that change one at a time, and the generator run that follows each edit.</summary>
internal sealed class GeneratedProject
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    private GeneratorDriver _driver;
    private CSharpCompilation _compilation;

    /// <param name="sources">The files of the project.</param>
    public GeneratedProject(IEnumerable<string> sources)
    {
        _compilation = CSharpCompilation.Create(
            "Models",
            [Parse("global using SparseSharp;", "Usings.cs"), .. sources.Select((source, index) => Parse(source, PathOf(index)))],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        _driver = CSharpGeneratorDriver.Create([new SparseModelGenerator().AsSourceGenerator()], parseOptions: ParseOptions);
        Generate();
    }

    /// <summary>The generated files.</summary>
    public IReadOnlyList<GeneratedSourceResult> Generated
    {
        get
        {
            var result = _driver.GetRunResult().Results.Single();
            return result.Exception is null
                ? result.GeneratedSources
                : throw new InvalidOperationException("The generator failed.", result.Exception);
        }
    }

    /// <summary>Replaces a file; the others stay the same objects, as in an editor.</summary>
    public void Edit(int file, string source)
    {
        var old = _compilation.SyntaxTrees.Single(tree => tree.FilePath == PathOf(file));
        _compilation = _compilation.ReplaceSyntaxTree(old, Parse(source, old.FilePath));
    }

    /// <summary>What the generator does after an edit.</summary>
    public void Generate() => _driver = _driver.RunGenerators(_compilation);

    /// <summary>Errors of the project with its generated code.</summary>
    public IEnumerable<Diagnostic> Errors()
    {
        _driver.RunGeneratorsAndUpdateCompilation(_compilation, out var whole, out _);
        return whole.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private static string PathOf(int file) => $"Source{file}.cs";

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path, Encoding.UTF8);

    /// <summary>The framework and the runtime, but not the generator.</summary>
    private static IEnumerable<MetadataReference> References()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] ours = ["SparseSharp.dll", "SparseSharp.Attributes.dll", "System.Numerics.Tensors.dll"];
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework || ours.Contains(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
