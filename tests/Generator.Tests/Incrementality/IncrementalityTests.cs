using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace SparseSharp.Generator.Tests.Incrementality;

/// <summary>What an edit makes the generator do again.</summary>
public sealed class IncrementalityTests
{
    private const string Models = """
        [SparseModel, NMSparse(2, 4)]
        public partial class Net
        {
            [Linear(64, 128)] public partial Linear Stem { get; }
            public partial Block Middle { get; }
            [Linear(128, 10), Dense] public partial Linear Head { get; }
            Activation Forward([Input(64)] Activation x)
            {
                var h = x.Through(Stem).Relu();
                return h.Through(Middle).Dropout(0.5f).Through(Head) * Constants.Scale;
            }
        }
        """;

    private const string Nested = """
        [SparseModel]
        public partial class Block
        {
            [Linear(128, 128), NMSparse(2, 4, Transposable = true)] public partial Linear Inner { get; }
            Activation Forward([Input(128)] Activation x) => x + x.Through(Inner).Gelu();
        }
        """;

    private const string Other = """
        public static class Constants { public const float Scale = 0.5f; public static int Twice(int value) => 2 * value; }
        """;

    private static GeneratorRun Start(OptimizationLevel level = OptimizationLevel.Release) =>
        new(new TestProject { Optimization = level }, Models, Nested, Other);

    [Fact]
    public void EveryStepIsNamedAndRunsAtFirst()
    {
        var run = Start();
        Assert.All(GeneratorRun.AllSteps, step => Assert.All(run.Reasons(step), reason => Assert.Equal(New, reason)));
        Assert.Equal(2, run.Reasons(TrackingNames.ReadModel).Count);
        Assert.Equal(2, run.Reasons(TrackingNames.PlanModel).Count);
    }

    [Theory]
    [InlineData(OptimizationLevel.Release)]
    [InlineData(OptimizationLevel.Debug)]
    public void UnrelatedTypeAdded(OptimizationLevel level) =>
        AssertNothingIsDoneAgain(Start(level).Add("namespace Elsewhere; public sealed record Person(string Name);"));

    [Fact]
    public void UnrelatedTypeAddedBesideModulesForTorchSharp() =>
        AssertNothingIsDoneAgain(new GeneratorRun(new TestProject { MoreReferences = [TestProject.TorchSharp] }, Models, Nested, Other).Add(
            "namespace Elsewhere; public sealed record Person(string Name);"));

    [Fact]
    public void UnrelatedMethodEdited() => AssertNothingIsDoneAgain(Start().Edit(2, "2 * value", "value + value"));

    [Fact]
    public void UnrelatedMemberAdded() =>
        AssertNothingIsDoneAgain(Start().Edit(2, "public static int", "public const float Other = 1; public static int"));

    [Fact]
    public void CommentAddedInTheModel() =>
        AssertNothingIsDoneAgain(Start().Edit(0, "var h =", "// The stem.\n        var h ="));

    [Fact]
    public void ModelReformatted() =>
        AssertNothingIsDoneAgain(Start().Edit(0, "    ", "\t").Edit(0, "(64, 128)", "( 64,128 )").Edit(0, "{ get; }", "{\n get;\n }"));

    [Fact]
    public void LocalRenamed() =>
        AssertNothingIsDoneAgain(Start().Edit(
            0, "var h = x.Through(Stem).Relu();\n        return h.", "var stem = x.Through(Stem).Relu();\n        return stem."));

    [Fact]
    public void UnrelatedMemberOfTheModelAdded() =>
        AssertNothingIsDoneAgain(Start().Edit(0, "    Activation Forward", "    public int Epochs { get; set; }\n    Activation Forward"));

    [Fact]
    public void MembersOfTheModelMovedToAnotherPart() =>
        AssertNothingIsDoneAgain(Start().Add("partial class Net { public string Title => \"net\"; }"));

    [Fact]
    public void DefaultWrittenOut() =>
        AssertNothingIsDoneAgain(
            Start().Edit(1, "Transposable = true", "Transposable = true, RefreshEvery = 40, Policy = MaskPolicy.SrSte"));

    [Theory]
    [InlineData("[Linear(64, 128)]", "[Linear(64, 128, Bias = false)]")]
    [InlineData(", NMSparse(2, 4)]", ", NMSparse(1, 4)]")]
    [InlineData(", NMSparse(2, 4)]", "]")]
    [InlineData(", Dense]", "]")]
    [InlineData("Relu", "Silu")]
    [InlineData("0.5f", "0.25f")]
    [InlineData("public partial Linear Head", "internal partial Linear Head")]
    public void ModelChanged(string before, string after)
    {
        var run = Start().Edit(0, before, after);
        Assert.Equal([Modified, Cached], run.Reasons(TrackingNames.ReadModel));
        Assert.Equal([Modified, Cached], run.Reasons(TrackingNames.PlanModel));
        Assert.Contains(Modified, run.OutputReasons);
    }

    [Theory]
    [InlineData("Sparsity = 0.75", "Sparsity = 0.5")]
    [InlineData("Sparsity = 0.75", "Sparsity = 0.75, Seed = 1")]
    public void MaskOfBlocksChanged(string before, string after)
    {
        var run = Start().Edit(0, "NMSparse(2, 4)", "BlockSparse(RBGP4, Sparsity = 0.75)");
        run.Edit(2, "2 * value", "value + value");
        Assert.All(
            GeneratorRun.AllSteps,
            step => Assert.All(run.Reasons(step), reason => Assert.True(reason is Cached or Unchanged, $"{step}: {reason}")));
        run.Edit(0, before, after);
        Assert.Equal([Modified, Cached], run.Reasons(TrackingNames.PlanModel));
    }

    [Fact]
    public void NestedModelChanged()
    {
        var run = Start().Edit(1, "Gelu", "Tanh");
        Assert.Equal([Modified, Modified], run.Reasons(TrackingNames.ReadModel));
    }

    [Fact]
    public void ConstantElsewhereChanged()
    {
        var run = Start().Edit(2, "Scale = 0.5f", "Scale = 0.75f");
        Assert.Equal([Modified, Cached], run.Reasons(TrackingNames.ReadModel));
    }

    [Fact]
    public void KernelsAreSharedAndStayWhenAModelChanges()
    {
        var run = Start();
        var kernels = run.Reasons(TrackingNames.PlanKernel).Count;
        run.Add("[SparseModel] public partial class More { [Linear(64, 64)] public partial Linear A { get; } Activation "
            + "Forward([Input(64)] Activation x) => x.Through(A); }");

        Assert.Equal([Cached, Cached, New], run.Reasons(TrackingNames.ReadModel));
        Assert.Equal(kernels, run.Reasons(TrackingNames.PlanKernel).Count);
        Assert.All(run.Reasons(TrackingNames.PlanKernel), reason => Assert.True(reason is Cached or Unchanged, $"{reason}"));
    }

    [Fact]
    public void InvalidModelIsOnlyDeclaredAndComesBack()
    {
        var run = Start();
        var files = run.Result.GeneratedSources.Select(source => source.HintName).ToArray();
        Assert.DoesNotContain("has errors", TextOf(run, "Net.g.cs"));

        run.Edit(0, "[Linear(64, 128)]", "[Linear(65, 128)]");
        Assert.Contains("has errors", TextOf(run, "Net.g.cs"));
        Assert.DoesNotContain("has errors", TextOf(run, "Block.g.cs"));

        run.Edit(0, "[Linear(65, 128)]", "[Linear(64, 128)]");
        Assert.Equal(files, run.Result.GeneratedSources.Select(source => source.HintName));
        Assert.DoesNotContain("has errors", TextOf(run, "Net.g.cs"));

        static string TextOf(GeneratorRun run, string hint) =>
            run.Result.GeneratedSources.Single(source => source.HintName == hint).SourceText.ToString();
    }

    [Fact]
    public void AttributeOnTwoPartsMakesOneFile()
    {
        var run = Start().Add("[SparseModel] partial class Block { }");
        Assert.Single(run.Result.GeneratedSources, source => source.HintName == "Block.g.cs");
    }

    [Theory]
    [InlineData(OptimizationLevel.Release)]
    [InlineData(OptimizationLevel.Debug)]
    public void NothingOfTheCompilerIsKept(OptimizationLevel level)
    {
        var reachable = Start(level).ReachableObjects().ToList();

        // The walk does reach into the specs.
        Assert.Contains("Middle.Inner", reachable);
        Assert.DoesNotContain(
            reachable,
            value => value is ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Compilation or SemanticModel or Location or Diagnostic or AttributeData);
    }

    private static void AssertNothingIsDoneAgain(GeneratorRun run)
    {
        Assert.All(
            GeneratorRun.AllSteps,
            step => Assert.All(run.Reasons(step), reason => Assert.True(reason is Cached or Unchanged, $"{step}: {reason}")));
        Assert.All(run.OutputReasons, reason => Assert.Equal(Cached, reason));
    }
}
