using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Modifiers.BlockSparse;
using SparseSharp.Generator.Modifiers.GradientAnneal;
using SparseSharp.Generator.Modifiers.NMActivations;
using SparseSharp.Generator.Modifiers.NMGradients;
using SparseSharp.Generator.Modifiers.NMSparse;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class KernelPlannerTests
{
    [Fact]
    public void DenseLayer() => Assert.Equal(new("DenseKernel", KernelKind.Dense), Plan().Kernel);

    [Fact]
    public void ALayerThatTrainingMakesSparse()
    {
        var plan = Plan(new AnnealSpec());
        Assert.Equal(KernelKind.PairsAndSingles, plan.Kernel.Kind);
        Assert.Equal(KernelKind.PairsAndSingles, plan.GradWeightKernel.Kind);
        Assert.Equal(KernelKind.Lists, Plan(new AnnealSpec(), new NMGradientsSpec(2, 4)).GradWeightKernel.Kind);
        Assert.Equal(KernelKind.Dense, Plan(new AnnealSpec(), new NMActivationsSpec(2, 4, PruneAlong.Batch, false)).GradWeightKernel.Kind);
        Assert.True(plan.UsesDense);
    }

    [Theory]
    [InlineData(2, 4, "PairKernel")]
    [InlineData(1, 2, "PairKernel")]
    public void ComplementaryPairs(int keep, int group, string name) =>
        Assert.Equal(new(name, KernelKind.Pairs), Kernel(keep, group, transposable: true));

    [Theory]
    [InlineData(6, 8)]
    [InlineData(8, 6)]
    public void PairsNeedTilesOfFour(int inputs, int outputs) =>
        Assert.Equal(
            KernelKind.PairsAndSingles, MatrixPlan.Of(new(outputs, inputs, new NMSpec(1, 2, true, MaskPolicy.SrSte, 1, 0))).Kernel.Kind);

    [Theory]
    [InlineData(MaskPolicy.Static, "PairKernel")]
    [InlineData(MaskPolicy.StraightThrough, "DenseKernel")]
    [InlineData(MaskPolicy.SrSte, "DenseKernel")]
    [InlineData(MaskPolicy.Regrow, "PairKernel")]
    public void WeightGradientIsDenseWhereMaskedWeightsLearn(MaskPolicy policy, string name) =>
        Assert.Equal(name, Plan(new NMSpec(2, 4, true, policy, 1, 0)).GradWeightKernel.Name);

    [Theory]
    [InlineData(2, 4, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(2, 6, true)]
    [InlineData(4, 8, true)]
    [InlineData(10, 12, true)]
    public void ManyWeightsShareColumns(int keep, int group, bool transposable) =>
        Assert.Equal(new("PairAndSingleKernel", KernelKind.PairsAndSingles), Kernel(keep, group, transposable));

    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(1, 4, false)]
    [InlineData(2, 8, true)]
    [InlineData(5, 16, true)]
    [InlineData(1, 32, false)]
    public void FewWeightsHaveTheirOwnColumns(int keep, int group, bool transposable) =>
        Assert.Equal(new("SingleKernel", KernelKind.Singles), Kernel(keep, group, transposable));

    [Theory]
    [InlineData(2, 4, "Stream2of4Kernel")]
    [InlineData(1, 2, "Stream2of4Kernel")]
    [InlineData(3, 4, "Stream3of4Kernel")]
    [InlineData(4, 8, "Stream4of8Kernel")]
    [InlineData(5, 8, null)]
    [InlineData(3, 6, null)]
    [InlineData(5, 16, null)]
    public void AFewSamplesHaveAKernelForGroupsOfFourAndEight(int keep, int group, string? name) =>
        Assert.Equal(name, Plan(new NMSpec(keep, group, false, MaskPolicy.Static, 1, 0)).SmallBatchKernel?.Name);

    [Fact]
    public void AFewSamplesHaveAKernelForAllWeightsUnlessTheyAreAnnealed()
    {
        Assert.Equal("StreamDenseKernel", Plan().SmallBatchKernel?.Name);
        Assert.Null(Plan(new AnnealSpec()).SmallBatchKernel);
    }

    [Theory]
    [InlineData(1024, 1024, 3, "Block4x4Kernel")]
    [InlineData(784, 1024, 3, "Block4x2Kernel")]
    [InlineData(784, 1024, 4, "Block4x1Kernel")]
    public void AProductOfGraphsHasTheKernelOfItsBlocks(int inputs, int outputs, int halvings, string name)
    {
        var plan = MatrixPlan.Of(new(outputs, inputs, new RamanujanSpec(halvings, BaseGraph.GfLift, 0, EquatableArray<int>.Empty)));
        Assert.Equal(name, plan.Kernel.Name);
        Assert.Equal(name, plan.GradWeightKernel.Name);
        Assert.Equal(name == "Block4x4Kernel" ? "StreamBlockKernel" : null, plan.SmallBatchKernel?.Name);
        Assert.False(plan.UsesDense);
    }

    private static KernelPlan Kernel(int keep, int group, bool transposable) =>
        Plan(new NMSpec(keep, group, transposable, MaskPolicy.SrSte, 1, 0)).Kernel;

    private static MatrixPlan Plan(params ModifierSpec[] modifiers) => MatrixPlan.Of(new(48, 96, modifiers));
}
