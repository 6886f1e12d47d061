using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.CodeFixes;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Fixes;

/// <summary>What an editor offers at a diagnostic, and what becomes of the file.</summary>
public sealed class CodeFixTests
{
    private const string Forward = "Activation Forward([Input(64)] Activation x) => x.Through(Stem);";

    public static TheoryData<string, string, string, string> Fixes => new()
    {
        {
            "SPS0001", "Make 'Net' partial",
            $$"""
            /// <summary>A model.</summary>
            [SparseModel]
            class Net
            {
                [Linear(64, 8)] public partial Linear Stem { get; }
                {{Forward}}
            }
            """,
            $$"""
            /// <summary>A model.</summary>
            [SparseModel]
            partial class Net
            {
                [Linear(64, 8)] public partial Linear Stem { get; }
                {{Forward}}
            }
            """
        },
        {
            "SPS0004", "Make 'Outer' partial",
            $$"""
            public static class Outer
            {
                [SparseModel] public partial class Net { [Linear(64, 8)] public partial Linear Stem { get; } {{Forward}} }
            }
            """,
            $$"""
            public static partial class Outer
            {
                [SparseModel] public partial class Net { [Linear(64, 8)] public partial Linear Stem { get; } {{Forward}} }
            }
            """
        },
        {
            "SPS0005", "Make 'Stem' partial",
            In($"[Linear(64, 8)] public Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 8)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0005", "Make 'Stem' partial",
            In($"[Linear(64, 8)] /* first */ Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 8)] /* first */ partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0043", "Change 66 to 64",
            In($"[Linear(66, 64), NMSparse(2, 4)] public partial Linear Stem {{ get; }} {Forward.Replace("64", "66")}"),
            In($"[Linear(64, 64), NMSparse(2, 4)] public partial Linear Stem {{ get; }} {Forward.Replace("64", "66")}")
        },
        {
            "SPS0043", "Change 66 to 68",
            In($"[Linear(/* in */ 66, 64), NMSparse(2, 4)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(/* in */ 68, 64), NMSparse(2, 4)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0044", "Change 33 to 32",
            In($"[Linear(64, outputs: 33), NMSparse(2, 4, Transposable = true)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, outputs: 32), NMSparse(2, 4, Transposable = true)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0069", "Change 0 to 0.001",
            In($"[Linear(64, 64), BlockSparse(Learned, Penalty = 0)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(Learned, Penalty = 0.001)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0058", "Remove 'PruneSteps'",
            In($"[Linear(64, 64), BlockSparse(Learned, PruneSteps = 9)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(Learned)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0070", "Change 0.8 to 0.875",
            In($"[Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.8)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.875)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0070", "Change 0.8 to 0.875",
            In($"[Linear(64, 64), Rbgp4Blocks(Sparsity = 0.8)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), Rbgp4Blocks(Sparsity = 0.875)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0058", "Remove 'PruneSteps'",
            In($"[Linear(64, 64), LearnedBlocks(PruneSteps = 9)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), LearnedBlocks] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0071", "Change 62 to 64",
            In($"[Linear(64, 62), BlockSparse(RBGP4, Sparsity = 0.5)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0077", "Change 66 to 64",
            In($"[Linear(64, 66), BlockSparse(Uniform, Sparsity = 0.5)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(Uniform, Sparsity = 0.5)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0085", "Change 0.9 to 0.8125",
            In($"[Linear(64, 64), BlockSparse(Hierarchical, Sparsity = 0.9)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), BlockSparse(Hierarchical, Sparsity = 0.8125)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0040", "Remove [Dense]",
            In($"[Linear(64, 64), NMSparse(2, 4), Dense] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), NMSparse(2, 4)] public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0040", "Remove [BlockSparse]",
            In($"[Linear(64, 64), NMSparse(2, 4)]\n    /* why */ [BlockSparse(Uniform, Sparsity = 0.5)]\n    public partial Linear Stem {{ "
                + $"get; }} {Forward}"),
            In($"[Linear(64, 64), NMSparse(2, 4)]\n    /* why */ public partial Linear Stem {{ get; }} {Forward}")
        },
        {
            "SPS0100", "Call Train",
            "static class Use { static void It<T>(Trainer<T> trainer, Dataset data) where T : class, ISparseModel<T> { /* all */ "
                + "trainer.Fit(data, 1, 2); } }",
            "static class Use { static void It<T>(Trainer<T> trainer, Dataset data) where T : class, ISparseModel<T> { /* all */ "
                + "trainer.Train(data, 1, 2); } }"
        },
        {
            "SPS0049", "Remove 'Decay'",
            In($"[Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.Static, Decay = 1e-4)] public partial Linear Stem {{ get; }} {Forward}"),
            In($"[Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.Static)] public partial Linear Stem {{ get; }} {Forward}")
        },
    };

    [Theory]
    [MemberData(nameof(Fixes))]
    public async Task AFixChangesWhatTheDiagnosticMarks(string id, string title, string before, string after)
    {
        using var workspace = new AdhocWorkspace();
        var (document, actions) = await ActionsAsync(workspace, before, id);

        var action = Assert.Single(actions, action => action.Title == title);
        var operation = (ApplyChangesOperation)Assert.Single(await action.GetOperationsAsync(default));
        var text = await operation.ChangedSolution.GetDocument(document)!.GetTextAsync();
        Assert.Equal(after, text.ToString());
    }

    /// <summary>Which layer a default of the class should fit is for the user to say.</summary>
    [Fact]
    public async Task NothingIsOfferedAtAnAttributeOfTheClass()
    {
        using var workspace = new AdhocWorkspace();
        var (_, actions) = await ActionsAsync(
            workspace,
            $"[SparseModel, NMSparse(2, 4)] public partial class Net {{ [Linear(66, 64)] public partial Linear Stem {{ get; }} {Forward} }}", "SPS0043");
        Assert.Empty(actions);
    }

    /// <summary>A fix for an id that no diagnostic has would never be offered.</summary>
    [Fact]
    public void FixesAreForDiagnosticsThatExist() =>
        Assert.Empty(Providers.SelectMany(provider => provider.FixableDiagnosticIds).Except(
            SparseSharp.Generator.Diagnostics.Descriptors.All.Select(descriptor => descriptor.Id)));

    private static IEnumerable<CodeFixProvider> Providers => [new MakePartialFix(), new UseValueFix(), new RemoveFix(), new UseTrainFix()];

    private static string In(string members) => $"[SparseModel]\npublic partial class Net\n{{\n    {members}\n}}\n";

    private static async Task<(DocumentId Document, List<CodeAction> Actions)> ActionsAsync(
        AdhocWorkspace workspace, string source, string id)
    {
        var test = new TestProject();
        var compilation = test.Compile(source);
        var project = workspace
            .AddProject("Models", LanguageNames.CSharp)
            .WithParseOptions(test.ParseOptions)
            .WithCompilationOptions(compilation.Options)
            .WithMetadataReferences(compilation.References);
        foreach (var tree in compilation.SyntaxTrees)
            project = project.AddDocument(tree.FilePath, await tree.GetTextAsync(), filePath: tree.FilePath).Project;
        var document = project.Documents.Single(document => document.Name == "Source0.cs");

        var actions = new List<CodeAction>();
        var found = await DiagnosticVerifier.AnalyzeAsync((CSharpCompilation)(await document.Project.GetCompilationAsync())!);
        var diagnostic = Assert.Single(found, diagnostic => diagnostic.Id == id);
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
            await provider.RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => actions.Add(action), default));
        return (document.Id, actions);
    }
}
