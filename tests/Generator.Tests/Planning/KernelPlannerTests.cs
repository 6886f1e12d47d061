using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class KernelPlannerTests
{
    [Fact]
    public void DenseLayer() => Assert.Equal(new("DenseKernel", KernelKind.Dense), KernelPlanner.Plan(Layer(null)));

    [Fact]
    public void ALayerThatTrainingMakesSparse()
    {
        var layer = Layer(null) with { Annealing = new() };
        Assert.Equal(KernelKind.PairsAndSingles, KernelPlanner.Plan(layer).Kind);
        Assert.Equal(KernelKind.PairsAndSingles, KernelPlanner.PlanGradWeight(layer).Kind);
        Assert.Equal(KernelKind.Lists, KernelPlanner.PlanGradWeight(layer with { Gradients = new(2, 4) }).Kind);
        Assert.True(KernelPlanner.UsesDense(layer));
    }

    [Theory]
    [InlineData(2, 4, "PairKernel")]
    [InlineData(1, 2, "PairKernel")]
    public void ComplementaryPairs(int keep, int group, string name) =>
        Assert.Equal(new(name, KernelKind.Pairs), Plan(keep, group, transposable: true));

    [Theory]
    [InlineData(6, 8)]
    [InlineData(8, 6)]
    public void PairsNeedTilesOfFour(int inputs, int outputs) =>
        Assert.Equal(KernelKind.PairsAndSingles, KernelPlanner.Plan(Layer(new NMSpec(1, 2, true, MaskPolicy.SrSte, 1, 0), inputs, outputs)).Kind);

    [Theory]
    [InlineData(MaskPolicy.Static, "PairKernel")]
    [InlineData(MaskPolicy.StraightThrough, "DenseKernel")]
    [InlineData(MaskPolicy.SrSte, "DenseKernel")]
    [InlineData(MaskPolicy.Regrow, "PairKernel")]
    public void WeightGradientIsDenseWhereMaskedWeightsLearn(MaskPolicy policy, string name) =>
        Assert.Equal(name, KernelPlanner.PlanGradWeight(Layer(new NMSpec(2, 4, true, policy, 1, 0))).Name);

    [Theory]
    [InlineData(2, 4, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(2, 6, true)]
    [InlineData(4, 8, true)]
    [InlineData(10, 12, true)]
    public void ManyWeightsShareColumns(int keep, int group, bool transposable) =>
        Assert.Equal(new("PairAndSingleKernel", KernelKind.PairsAndSingles), Plan(keep, group, transposable));

    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(1, 4, false)]
    [InlineData(2, 8, true)]
    [InlineData(5, 16, true)]
    [InlineData(1, 32, false)]
    public void FewWeightsHaveTheirOwnColumns(int keep, int group, bool transposable) =>
        Assert.Equal(new("SingleKernel", KernelKind.Singles), Plan(keep, group, transposable));

    [Theory]
    [InlineData(2, 4, "Stream2of4Kernel")]
    [InlineData(1, 2, "Stream2of4Kernel")]
    [InlineData(3, 4, "Stream3of4Kernel")]
    [InlineData(4, 8, "Stream4of8Kernel")]
    [InlineData(5, 8, null)]
    [InlineData(3, 6, null)]
    [InlineData(5, 16, null)]
    public void AFewSamplesHaveAKernelForGroupsOfFourAndEight(int keep, int group, string? name) =>
        Assert.Equal(name, KernelPlanner.PlanSmallBatch(Layer(new NMSpec(keep, group, false, MaskPolicy.Static, 1, 0)))?.Name);

    [Fact]
    public void AFewSamplesHaveAKernelForAllWeightsUnlessTheyAreAnnealed()
    {
        Assert.Equal("StreamDenseKernel", KernelPlanner.PlanSmallBatch(Layer(null))?.Name);
        Assert.Null(KernelPlanner.PlanSmallBatch(Layer(null) with { Annealing = new() }));
    }

    [Theory]
    [InlineData(1024, 1024, 3, "Block4x4Kernel")]
    [InlineData(784, 1024, 3, "Block4x2Kernel")]
    [InlineData(784, 1024, 4, "Block4x1Kernel")]
    public void AProductOfGraphsHasTheKernelOfItsBlocks(int inputs, int outputs, int halvings, string name)
    {
        var graphs = new RamanujanSpec(halvings, BaseGraph.GfLift, 0, EquatableArray<int>.Empty);
        var layer = Layer(graphs, inputs, outputs);
        var mask = PlanMemo.Find(graphs.Request(layer), CancellationToken.None).Plan;
        Assert.Equal(name, KernelPlanner.Plan(layer, mask).Name);
        Assert.Equal(name, KernelPlanner.PlanGradWeight(layer, mask).Name);
        Assert.Equal(name == "Block4x4Kernel" ? "StreamBlockKernel" : null, KernelPlanner.PlanSmallBatch(layer, mask)?.Name);
        Assert.False(KernelPlanner.UsesDense(layer));
    }

    private static KernelPlan Plan(int keep, int group, bool transposable) =>
        KernelPlanner.Plan(Layer(new NMSpec(keep, group, transposable, MaskPolicy.SrSte, 1, 0)));

    private static LayerSpec Layer(SparsitySpec? sparsity, int inputs = 96, int outputs = 48) => new("Layer", "", inputs, outputs, true, sparsity);
}
