using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Graphs;

public sealed class BlockPlannerTests
{
    /// <summary>
    /// Input features, output features, halvings, columns of a block, outer and inner factor, entries of the lists, weights per row,
    /// spectral gap.
    /// </summary>
    public static TheoryData<int, int, int, int, string, string, int, int, double> Plans => new()
    {
        { 784, 1024, 1, 4, "K 8x7", "32x28/2", 448, 392, .267 },
        { 784, 1024, 2, 4, "16x14/2", "16x14/2", 224, 196, .378 },
        { 784, 1024, 3, 2, "16x28/4", "16x14/2", 224, 98, .535 },
        { 784, 1024, 4, 1, "16x28/4", "16x28/4", 224, 49, .535 },
        { 1024, 1024, 1, 4, "K 4x4", "64x64/2", 2048, 512, .177 },
        { 1024, 1024, 2, 4, "16x16/2", "16x16/2", 256, 256, .354 },
        { 1024, 1024, 3, 4, "16x16/4", "16x16/2", 192, 128, .5 },
        { 1024, 1024, 4, 4, "16x16/4", "16x16/4", 128, 64, .5 },
        { 1024, 4096, 1, 4, "K 16x4", "64x64/2", 2048, 512, .177 },
        { 1024, 4096, 2, 4, "32x16/2", "32x16/2", 512, 256, .354 },
        { 1024, 4096, 3, 4, "16x32/4", "64x8/2", 384, 128, .5 },
        { 1024, 4096, 4, 4, "32x16/4", "32x16/4", 256, 64, .5 },
        { 4096, 1024, 1, 4, "K 4x16", "64x64/2", 2048, 2048, .177 },
        { 4096, 1024, 2, 4, "16x32/2", "16x32/2", 512, 1024, .354 },
        { 4096, 1024, 3, 4, "16x32/4", "16x32/2", 384, 512, .5 },
        { 4096, 1024, 4, 4, "16x32/4", "16x32/4", 256, 256, .5 },
        { 512, 512, 1, 4, "K 2x2", "64x64/2", 2048, 256, .177 },
        { 512, 512, 2, 4, "8x16/2", "16x8/2", 128, 128, .5 },
        { 512, 512, 3, 4, "16x16/4", "8x8/2", 96, 64, .5 },
        { 512, 512, 4, 4, "128x128/16", "K 1x1", 1024, 32, .5 },
        { 256, 256, 1, 4, "K 1x1", "64x64/2", 2048, 128, .177 },
        { 256, 256, 2, 4, "8x8/2", "8x8/2", 64, 64, .5 },
        { 256, 256, 3, 4, "64x64/8", "K 1x1", 512, 32, .354 },
        { 256, 256, 4, 4, "64x64/16", "K 1x1", 256, 16, .809 },
        { 576, 64, 1, 4, "K 1x9", "16x16/2", 128, 288, .354 },
        { 576, 64, 2, 4, "K 1x9", "16x16/4", 64, 144, .5 },
        { 576, 64, 3, 4, "16x144/8", "K 1x1", 288, 72, .745 },
        { 1152, 128, 1, 4, "K 1x9", "32x32/2", 512, 576, .25 },
        { 1152, 128, 2, 4, "K 1x9", "32x32/4", 256, 288, .354 },
        { 1152, 128, 3, 4, "32x288/8", "K 1x1", 1152, 144, .588 },
        { 1152, 128, 4, 4, "K 1x2", "32x144/16", 288, 72, .882 },
        { 64, 64, 1, 4, "K 1x1", "16x16/2", 128, 32, .354 },
        { 64, 64, 2, 4, "16x16/4", "K 1x1", 64, 16, .5 },
        { 64, 64, 3, 2, "16x32/8", "K 1x1", 64, 8, .866 },
        { 800, 1024, 3, 4, "16x20/4", "16x10/2", 160, 100, .632 },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Shapes(int inputs, int outputs, int halvings, int width, string outer, string inner, int edges, int nonZeros, double gap)
    {
        var plan = Plan(outputs, inputs, halvings);
        Assert.Equal((outer, inner, width), ($"{plan.Outer.Shape}", $"{plan.Inner.Shape}", plan.BlockColumns));
        Assert.Equal((4, 1, 1), (plan.RowRepeats, plan.ColumnRepeats, plan.BlockRows));
        Assert.Equal((outputs, inputs, halvings, nonZeros), (plan.Rows, plan.Columns, plan.Halvings, plan.NonZerosPerRow));
        Assert.Equal(2 * edges, plan.IndexBytes);
        Assert.Equal(gap, plan.Gap, 3);
        Assert.Equal((long)outputs * inputs >> halvings, plan.NonZeros);
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void EveryFactorIsAcceptedAndItsSpectrumIsTheOneReported(
        int inputs, int outputs, int halvings, int width, string outer, string inner, int edges, int nonZeros, double gap)
    {
        _ = (width, outer, inner, edges, nonZeros, gap);
        foreach (var factor in new[] { Plan(outputs, inputs, halvings).Outer, Plan(outputs, inputs, halvings).Inner })
        {
            Assert.NotNull(factor.Graph.Transpose());
            if (factor.Graph.IsComplete)
            {
                Assert.Equal((0, 0), (factor.Graph.Neighbours.Count, factor.Second));
                continue;
            }
            Assert.True(RamanujanTest.Accepts(factor.Graph));
            Assert.Equal(RamanujanTest.SecondSingularValue(factor.Graph), factor.Second, 9);
            Assert.True(factor.Second <= factor.Shape.Bound * (1 + 1e-9));
            if (Math.Min(factor.Graph.Rows, factor.Graph.Columns) > 64)
                continue;
            var spectrum = Spectrum.Of(factor.Graph);
            Assert.Equal((factor.First, factor.Second), (spectrum[0], spectrum[1]), (expected, actual) =>
                Math.Abs(expected.Item1 - actual.Item1) < 1e-8 && Math.Abs(expected.Item2 - actual.Item2) < 1e-8);
        }
    }

    [Fact]
    public void VerySparseGraphs()
    {
        Assert.Equal("256x256/32", $"{Plan(1024, 1024, 5).Outer.Shape}");
        var sparsest = Plan(1024, 1024, 6).Outer;
        Assert.Equal("256x256/64", $"{sparsest.Shape}");
        Assert.Equal(sparsest.Shape.Bound, sparsest.Second, 9);
        var lifts = FieldLift.Attempts(4, 4, 64, SplitMix64.For(0, Purpose.Elements, isInner: false))
            .Take(3)
            .Select(lift => lift.IsAccepted());
        Assert.Equal([false, false, true], lifts);
        lifts = FieldLift.Attempts(8, 8, 32, SplitMix64.For(0, Purpose.Elements, isInner: false)).Take(2).Select(lift => lift.IsAccepted());
        Assert.Equal([false, true], lifts);
    }

    [Fact]
    public void TheGraphsOfAPlan()
    {
        var plan = Plan(1024, 1024, 2);
        Assert.Equal("1,3,5,7,8,10,12,14", Lists.Show(plan.Outer.Graph, 5));
        Assert.Equal("1,3,4,6,9,11,12,14", Lists.Show(plan.Inner.Graph, 9));
    }

    [Theory]
    [InlineData(1024, 1024, 2, 0xBF6F7DBF713A760D)]
    [InlineData(512, 512, 1, 0x2E81AB8AE5E54A2F)]
    [InlineData(256, 256, 4, 0x052E967B9716E458)]
    public void HashesOfPlans(int outputs, int inputs, int halvings, ulong hash) =>
        Assert.Equal(hash, Plan(outputs, inputs, halvings).Hash);

    [Fact]
    public void AHashOfSmallFactors() =>
        Assert.Equal(0x48668C95FAFB0DDFUL, MaskHash.Of(Lists.Parse(2, "1 0"), 2, 1, Lists.Parse(4, "02 13 03 12"), 1, 2));

    [Theory]
    [InlineData(64, 576, 4, BlockFaultKind.Degrees)]
    [InlineData(300, 784, 1, BlockFaultKind.Outputs)]
    [InlineData(1024, 27, 1, BlockFaultKind.Inputs)]
    [InlineData(16, 16, 1, BlockFaultKind.None)]
    [InlineData(8, 8, 1, BlockFaultKind.Degrees)]
    [InlineData(64, 64, 4, BlockFaultKind.Degrees)]
    public void ShapesWithoutAPlan(int outputs, int inputs, int halvings, object fault)
    {
        var result = PlanMemo.Find(Request(outputs, inputs, halvings), CancellationToken.None);
        Assert.Equal(fault, result.Fault);
        Assert.Equal(result.Plan is null, result.Fault != BlockFaultKind.None);
    }

    [Theory]
    [InlineData(64, 576, 4, 128, 576)]
    [InlineData(300, 784, 2, 304, 784)]
    [InlineData(1024, 784, 3, 1024, 800)]
    public void NearbyShapes(int outputs, int inputs, int halvings, int nearbyOutputs, int nearbyInputs) =>
        Assert.Equal((nearbyOutputs, nearbyInputs), NearbyPlans.Shape(Request(outputs, inputs, halvings)));

    [Fact]
    public void NearbyShapesHavePlans()
    {
        var random = new SplitMix64(11);
        for (var trial = 0; trial < 400; trial++)
        {
            var request = Request(1 + random.Below(1500), 1 + random.Below(1500), 1 + random.Below(4));
            var (rows, columns) = NearbyPlans.Shape(request);
            Assert.NotNull(BlockPlanner.Plan(request with { Rows = rows, Columns = columns }, CancellationToken.None).Plan);
        }
    }

    [Theory]
    [InlineData(1024, 1, 2_101_248, 4_198_404, 2_229_252)]
    [InlineData(1024, 2, 1_049_088, 2_101_252, 1_115_140)]
    [InlineData(1024, 3, 524_672, 1_052_676, 558_084)]
    [InlineData(1024, 4, 262_400, 528_388, 279_556)]
    [InlineData(4096, 3, 8_390_144, 16_793_604, 8_916_996)]
    public void BytesOfWeightsAndPositions(int features, int halvings, long bytes, long rows, long blocks)
    {
        var plan = Plan(features, features, halvings);
        var weights = sizeof(float) * plan.NonZeros;
        Assert.Equal((bytes, rows, blocks), (weights + plan.IndexBytes, weights + plan.RowIndexBytes, weights + plan.BlockIndexBytes));
    }

    [Fact]
    public void MultiplesOf64HaveAPlanUpTo3HalvingsAndMultiplesOf128WideBlocks()
    {
        for (var outputs = 64; outputs <= 1024; outputs += 64)
        {
            for (var inputs = 64; inputs <= 1024; inputs += 64)
            {
                for (var halvings = 1; halvings <= 3; halvings++)
                {
                    var plan = BlockPlanner.Plan(Request(outputs, inputs, halvings), CancellationToken.None).Plan;
                    Assert.NotNull(plan);
                    Assert.True(plan.SharedColumns == 4 || outputs % 128 != 0 || inputs % 128 != 0, $"{inputs} to {outputs}, {halvings}");
                }
            }
        }
    }

    [Fact]
    public void FeasibleHalvings()
    {
        Assert.Equal([1, 2, 3], NearbyPlans.Halvings(Request(64, 576, 4), CancellationToken.None));
        Assert.Empty(NearbyPlans.Halvings(Request(300, 784, 1), CancellationToken.None));
    }

    [Theory]
    [InlineData(BaseGraph.GfLift)]
    [InlineData(BaseGraph.Lift2)]
    [InlineData(BaseGraph.Permutation)]
    [InlineData(BaseGraph.Shift)]
    public void ASeedChangesTheMaskAndNotTheShape(BaseGraph kind)
    {
        var request = Request(512, 512, 3) with { Base = kind };
        var first = BlockPlanner.Plan(request, CancellationToken.None).Plan!;
        var again = BlockPlanner.Plan(request, CancellationToken.None).Plan!;
        var other = BlockPlanner.Plan(request with { Seed = 7 }, CancellationToken.None).Plan!;
        Assert.Equal(first, again);
        Assert.NotEqual(first.Hash, other.Hash);
        Assert.Equal((first.Outer.Shape, first.Inner.Shape), (other.Outer.Shape, other.Inner.Shape));
        Assert.All(
            new[] { first.Outer, first.Inner, other.Outer, other.Inner },
            factor => Assert.True(factor.Graph.IsComplete || RamanujanTest.Accepts(factor.Graph)));
        if (kind == BaseGraph.GfLift)
            Assert.Equal(first.Gap, other.Gap, 12);
    }

    [Fact]
    public void TheGapOfAMaskIsTheLargerOneOfItsFactors()
    {
        var plan = Plan(64, 64, 2, [4, 8, 1, 2, 1, 4, 8, 1, 2, 1]);
        var ones = new double[2, 1] { { 1 }, { 1 } };
        var mask = Spectrum.Kronecker(
            Spectrum.Kronecker(Spectrum.Matrix(plan.Outer.Graph), ones),
            Spectrum.Kronecker(Spectrum.Matrix(plan.Inner.Graph), ones));
        var spectrum = Spectrum.Of(mask);
        Assert.Equal((64, 64), (mask.GetLength(0), mask.GetLength(1)));
        Assert.Equal(plan.NonZeros, mask.Cast<double>().Sum());
        Assert.Equal(plan.Gap, spectrum[1] / spectrum[0], 9);
    }

    [Fact]
    public void FactorsOfTheUser()
    {
        var planned = Plan(1024, 1024, 3);
        Assert.Equal(planned, Plan(1024, 1024, 3, [16, 16, 2, 4, 1, 16, 16, 1, 1, 4]));
        Assert.Equal(planned, Plan(1024, 1024, 0, [16, 16, 2, 4, 1, 16, 16, 1, 1, 4]));
    }

    [Theory]
    [InlineData("16 16 2 4 1 16 16 1 1", "are 9 numbers, not 10")]
    [InlineData(
        "16 16 2 4 1 16 16 1 1 2",
        "give 1024 output features (16 x 4 x 16 x 1) and 512 input features (16 x 1 x 16 x 2), but the layer has 1024 and 1024")]
    [InlineData("16 16 2 4 1 16 16 2 1 4", "halve the weights 4 times, but Sparsity needs 3")]
    [InlineData("16 16 2 4 0 16 16 1 1 4", "have 0 in place 4, which must be at least 1")]
    [InlineData("16 16 7 4 1 16 16 1 1 4", "have 7 in place 2, which must be from 0 to 6")]
    [InlineData(
        "2 2 1 32 32 16 16 2 1 1",
        "have a factor 2x2/2 that is no graph: its rows have degree 1 and its columns 1, but both need 2 and one of them 3")]
    [InlineData("1 1 0 1 1 1024 1024 3 1 1", "have graphs with 131072 edges, more than 2048")]
    public void FactorsThatDoNotFit(string factors, string detail)
    {
        var numbers = factors.Split(' ')
            .Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
            .ToEquatableArray();
        var result = BlockPlanner.Plan(Request(1024, 1024, 3) with { Factors = numbers }, CancellationToken.None);
        Assert.Equal((BlockFaultKind.Factors, detail), (result.Fault, result.Detail));
    }

    [Fact]
    public void AFactorThatNoAttemptMakesIsReportedWithTheClosest()
    {
        // K(2, 4) lifted by 64 in a field of 64 elements: no subset is good enough.
        var result =
            BlockPlanner.Plan(Request(512, 1024, 6) with { Factors = new([128, 256, 6, 4, 1, 1, 1, 0, 1, 4]) }, CancellationToken.None);
        Assert.Equal(BlockFaultKind.Graphs, result.Fault);
        Assert.Equal("128x256/64", $"{result.Shape}");
        Assert.InRange(result.Second, result.Bound, Math.Sqrt(8));
    }

    [Fact]
    public void PlanningCanBeCancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(
            () => BlockPlanner.Plan(Request(1024, 1024, 3), new CancellationToken(canceled: true)));

    [Fact]
    public void APlanIsMadeOnce() => Assert.Same(Plan(1024, 1024, 3), Plan(1024, 1024, 3));

    private static BlockRequest Request(int outputs, int inputs, int halvings) =>
        new(outputs, inputs, halvings, BaseGraph.GfLift, 0, EquatableArray<int>.Empty);

    private static BlockPlan Plan(int outputs, int inputs, int halvings, int[]? factors = null) =>
        PlanMemo.Find(Request(outputs, inputs, halvings) with { Factors = new(factors ?? []) }, CancellationToken.None).Plan!;
}
