using SparseSharp.Generator.Graphs;

namespace SparseSharp.Generator.Tests.Graphs;

/// <summary>The graphs that factors are made of, against numbers worked out beforehand.</summary>
public sealed class BaseGraphTests
{
    private static readonly double _root2 = Math.Sqrt(2);
    private static readonly double _root3 = Math.Sqrt(3);

    [Fact]
    public void RandomNumbers()
    {
        var random = new SplitMix64(0);
        Assert.Equal((0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4UL), (random.Next(), random.Next()));
        random = SplitMix64.For(0, Purpose.Elements, isInner: false);
        Assert.Equal((0xF4A90164C4749E1A, 0xBFA9AE8D44B45A35), (random.Next(), random.Next()));
    }

    [Theory]
    [InlineData(4, 2, 3, 1)]
    [InlineData(8, 3, 5, 4)]
    [InlineData(8, 6, 7, 4)]
    [InlineData(16, 7, 9, 10)]
    [InlineData(16, 15, 15, 10)]
    [InlineData(32, 19, 27, 4)]
    [InlineData(64, 37, 50, 20)]
    [InlineData(128, 77, 101, 13)]
    [InlineData(256, 0x57, 0x83, 0xC1)]
    public void ProductsOfFields(int order, int x, int y, int product)
    {
        var field = new GaloisField(order);
        Assert.Equal((order, product), (field.Order, field.Multiply(x, y)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    public void EveryElementOfAFieldButZeroHasAnInverse(int order)
    {
        var field = new GaloisField(order);
        for (var x = 1; x < order; x++)
            Assert.Single(Enumerable.Range(1, order - 1), y => field.Multiply(x, y) == 1);
    }

    [Theory]
    [InlineData(2, 2, 2, "02 13 03 12")]
    [InlineData(4, 4, 2, "0246 1357 0347 1256 0257 1346 0356 1247")]
    [InlineData(3, 5, 2, "02468 13579 03478 12569 02469 13578")]
    public void FieldLifts(int left, int right, int fold, string rows) => Assert.Equal(rows, Lists.Show(First(left, right, fold).Graph()));

    [Theory]
    [InlineData(4, 4, 4, 0, "0,4,8,12")]
    [InlineData(4, 4, 4, 1, "1,5,9,13")]
    [InlineData(4, 4, 4, 2, "2,6,10,14")]
    [InlineData(4, 4, 4, 3, "3,7,11,15")]
    [InlineData(4, 4, 4, 4, "0,5,10,15")]
    [InlineData(4, 4, 4, 5, "1,4,11,14")]
    [InlineData(4, 4, 4, 10, "2,4,9,15")]
    [InlineData(4, 4, 4, 15, "3,4,10,13")]
    [InlineData(4, 8, 2, 2, "0,3,4,7,8,11,12,15")]
    [InlineData(4, 8, 2, 7, "1,2,5,6,8,11,12,15")]
    public void RowsOfFieldLifts(int left, int right, int fold, int row, string neighbours) =>
        Assert.Equal(neighbours, Lists.Show(First(left, right, fold).Graph(), row));

    [Fact]
    public void SpectraOfFieldLifts()
    {
        AssertSpectrum(First(2, 2, 2).Graph(), (2, 1), (_root2, 2), (0, 1));
        AssertSpectrum(First(4, 4, 2).Graph(), (4, 1), (2, 4), (0, 3));
        AssertSpectrum(First(4, 4, 4).Graph(), (4, 1), (2, 12), (0, 3));
        AssertSpectrum(First(4, 8, 2).Graph(), (4 * _root2, 1), (2 * _root2, 4), (0, 3));
        AssertSpectrum(
            First(3, 5, 2).Graph(), (Math.Sqrt(15), 1), (2 * _root2, 1), (Math.Sqrt((7 + Math.Sqrt(17)) / 2), 1),
            (Math.Sqrt((7 - Math.Sqrt(17)) / 2), 1), (0, 2));
        AssertSpectrum(First(4, 7, 4).Graph(), (5.291503, 1), (2 * _root2, 9), (2, 3), (0, 3));
        AssertSpectrum(First(4, 4, 16).Graph(), (4, 2), (2 * _root2, 12), (2, 32), (0, 18));
        Assert.Equal(4.181541, RamanujanTest.Bound(7, 4), 6);
        Assert.Equal(3.464102, RamanujanTest.Bound(4, 4), 6);
    }

    [Fact]
    public void ALiftThatIsNotConnectedIsRejectedAndTheNextIsDrawn()
    {
        var lifts = Lifts(4, 4, 16).Take(2).ToList();
        Assert.False(lifts[0].IsAccepted());
        Assert.False(RamanujanTest.Accepts(lifts[0].Graph()));
        Assert.Equal([2, 12, 13, 15], lifts[1].Left);
        Assert.Equal([0, 2, 4, 13], lifts[1].Right);
        Assert.True(lifts[1].IsAccepted());
        Assert.Equal(1 + Math.Sqrt(5), lifts[1].SecondSingularValue(), 9);
    }

    [Fact]
    public void TheFirstDrawOfElements()
    {
        var lift = Lifts(2, 4, 8).ElementAt(1);
        Assert.Equal([6, 7], lift.Left);
        Assert.Equal([0, 3, 4, 6], lift.Right);
        AssertSpectrum(lift.Graph(), (2 * _root2, 1), (Math.Sqrt(6), 4), (2, 6), (_root2, 4), (0, 1));
        Assert.True(lift.IsAccepted());
        Assert.Equal(2.732051, RamanujanTest.Bound(4, 2), 6);

        lift = Lifts(2, 9, 16, isInner: true).ElementAt(1);
        Assert.Equal([11, 14], lift.Left);
        Assert.Equal([0, 2, 4, 6, 7, 8, 9, 13, 15], lift.Right);
        Assert.True(lift.IsAccepted());
        Assert.Equal(Math.Sqrt(14), lift.SecondSingularValue(), 9);
        Assert.Equal(Math.Sqrt(18), Spectrum.Of(lift.Graph())[0], 9);
        Assert.Equal(3.828427, RamanujanTest.Bound(9, 2), 6);
    }

    [Fact]
    public void TwoLifts()
    {
        var graph = Lift2(seed: 0);
        Assert.Equal("0127 0136 1234 0235 3456 2457 0567 1467", Lists.Show(graph));
        AssertSpectrum(graph, (4, 1), (2, 4), (0, 3));
        graph = Lift2(seed: 1);
        Assert.Equal("0235 2457 0167 3456 1467 0136 2345 0127", Lists.Show(graph));
        AssertSpectrum(graph, (4, 1), (1 + _root3, 1), (2, 2), (_root3 - 1, 1), (0, 3));

        static BipartiteGraph Lift2(ulong seed) =>
            SignedLift.Build(4, 4, 1, SplitMix64.For(seed, Purpose.Signs, isInner: false), CancellationToken.None)!;
    }

    [Fact]
    public void SumsOfPermutations()
    {
        var graph = PermutationSum.Build(10, 4, SplitMix64.For(0, Purpose.Permutations, isInner: false), CancellationToken.None)!;
        Assert.Equal("2567 2459 0358 0148 0147 3679 0134 2679 2589 1368", Lists.Show(graph));
        var spectrum = Spectrum.Of(graph);
        Assert.Equal(4, spectrum[0], 6);
        Assert.Equal(3.093834, spectrum[1], 6);
        Assert.Equal(2.260492, spectrum[2], 6);
    }

    [Fact]
    public void ShiftsOfAnyNumber()
    {
        var graph = ShiftLift.Build(4, 4, 5, SplitMix64.For(0, Purpose.Shifts, isInner: false), CancellationToken.None)!;
        int[][] shifts = [[1, 0, 2, 4], [2, 1, 4, 1], [3, 0, 3, 1], [1, 1, 0, 4]];
        for (var row = 0; row < 20; row++)
            Assert.Equal(shifts[row / 5].Select((shift, j) => (j * 5) + ((row + shift) % 5)), graph.Row(row));
        var spectrum = Spectrum.Of(graph);
        Assert.Equal([4, 3.041916, 3.041916], spectrum.Take(3).Select(value => Math.Round(value, 6)));
        Assert.Equal(2.762, spectrum[3], 3);
    }

    [Fact]
    public void ACirculantGraph() => AssertSpectrum(
        BipartiteGraph.Of(8, [.. Enumerable.Range(0, 8).Select(u => new[] { 0, 2, 3, 7 }.Select(shift => (u + shift) % 8).ToArray())]),
        (4, 1), (2, 2), (_root2, 4), (0, 1));

    [Fact]
    public void OtherNamesLeaveTheSpectrum()
    {
        var random = SplitMix64.For(7, Purpose.Relabelling, isInner: false);
        Assert.Equal("2,3,4,7,0,6,1,5", string.Join(",", random.Shuffle(8)));
        Assert.Equal("5,2,1,7,3,6,4,0", string.Join(",", random.Shuffle(8)));

        var graph = First(4, 4, 2).Graph().Relabel(SplitMix64.For(7, Purpose.Relabelling, isInner: false));
        Assert.Equal("0156 4567 1345 0267 0357 0123 2347 1246", Lists.Show(graph));
        AssertSpectrum(graph, (4, 1), (2, 4), (0, 3));
    }

    [Fact]
    public void AProductOfGraphsHasTheProductsOfTheirSingularValues()
    {
        var graph = Spectrum.Matrix(First(4, 4, 2).Graph());
        AssertSpectrum(Spectrum.Of(Spectrum.Kronecker(graph, graph)), (16, 1), (8, 8), (4, 16), (0, 39));
    }

    private static FieldLift First(int left, int right, int fold) => Lifts(left, right, fold).First();

    private static IEnumerable<FieldLift> Lifts(int left, int right, int fold, bool isInner = false) =>
        FieldLift.Attempts(left, right, fold, SplitMix64.For(0, Purpose.Elements, isInner));

    private static void AssertSpectrum(BipartiteGraph graph, params (double Value, int Times)[] expected) =>
        AssertSpectrum(Spectrum.Of(graph), expected);

    private static void AssertSpectrum(double[] spectrum, params (double Value, int Times)[] expected)
    {
        var values = expected.SelectMany(pair => Enumerable.Repeat(pair.Value, pair.Times)).ToList();
        Assert.Equal(values.Count, spectrum.Length);
        for (var i = 0; i < spectrum.Length; i++)
            Assert.True(Math.Abs(values[i] - spectrum[i]) < 2e-6, $"Singular value {i} is {spectrum[i]} and not {values[i]}.");
    }
}
