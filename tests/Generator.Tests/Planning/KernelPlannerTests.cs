using System.Numerics;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class KernelPlannerTests
{
    [Fact]
    public void DenseLayer() => Assert.Equal(new("DenseKernel", KernelKind.Dense, EquatableArray<int>.Empty), KernelPlanner.Plan(Layer(null)));

    [Theory]
    [InlineData(2, 4, "NM2of4T")]
    [InlineData(1, 2, "NM1of2T")]
    public void ComplementaryPairs(int keep, int group, string name) =>
        Assert.Equal(new(name, KernelKind.Paired, EquatableArray<int>.Empty), Plan(keep, group, transposable: true));

    [Theory]
    [InlineData(6, 8)]
    [InlineData(8, 6)]
    public void PairsNeedTilesOfFour(int inputs, int outputs)
    {
        var plan = KernelPlanner.Plan(Layer(new(1, 2, true, MaskPolicy.SrSte, 1, 0), inputs, outputs));

        Assert.Equal(("RowSetKernel", KernelKind.RowSets, 15), (plan.Name, plan.Kind, plan.RowSets.Count));
    }

    [Theory]
    [InlineData(MaskPolicy.Static, "NM2of4T")]
    [InlineData(MaskPolicy.StraightThrough, "DenseKernel")]
    [InlineData(MaskPolicy.SrSte, "DenseKernel")]
    [InlineData(MaskPolicy.Regrow, "NM2of4T")]
    public void WeightGradientIsDenseWhereMaskedWeightsLearn(MaskPolicy policy, string name) =>
        Assert.Equal(name, KernelPlanner.PlanGradWeight(Layer(new(2, 4, true, policy, 1, 0))).Name);

    [Theory]
    [InlineData(1, 4, "RowSetKernelOf1", new[] { 1, 2, 4, 8 })]
    [InlineData(3, 4, "RowSetKernelOf3", new[] { 7, 11, 13, 14 })]
    [InlineData(1, 8, "RowSetKernelOf1", new[] { 1, 2, 4, 8 })]
    [InlineData(2, 8, "RowSetKernelOf1To2", new[] { 1, 2, 4, 8, 3, 5, 6, 9, 10, 12 })]
    [InlineData(7, 8, "RowSetKernelOf3To4", new[] { 7, 11, 13, 14, 15 })]
    public void TilesOfWholeBlocks(int keep, int group, string name, int[] sets) =>
        Assert.Equal(new(name, KernelKind.RowSets, new(sets)), Plan(keep, group, transposable: true));

    [Theory]
    [InlineData(2, 4, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(2, 6, true)]
    [InlineData(4, 8, true)]
    public void AnySetOccurs(int keep, int group, bool transposable)
    {
        var plan = Plan(keep, group, transposable);

        Assert.Equal("RowSetKernel", plan.Name);
        Assert.Equal([1, 2, 4, 8, 3, 5, 6, 9, 10, 12, 7, 11, 13, 14, 15], plan.RowSets);
    }

    /// <summary>Random masks, each tile a permuted circulant, have the planned sets and no other.</summary>
    [Theory]
    [InlineData(3, 4)]
    [InlineData(2, 8)]
    [InlineData(6, 8)]
    [InlineData(5, 12)]
    public void SetsAreThoseOfTransposableTiles(int keep, int group)
    {
        var random = new Random(1);
        var found = new HashSet<int>();
        for (var round = 0; round < 2000; round++)
        {
            // Rows of 4 tiles, one below the other.
            var rows = Enumerable.Range(0, 4).SelectMany(_ => Tile(random, keep, group)).ToArray();
            for (var first = 0; first + 4 <= rows.Length; first += 4)
            {
                for (var column = 0; column < group; column++)
                    found.Add(Enumerable.Range(0, 4).Sum(row => (int)(rows[first + row] >> column & 1) << row));
            }
        }
        found.Remove(0);

        Assert.Equal(found.OrderBy(set => BitOperations.PopCount((uint)set)).ThenBy(set => set), Plan(keep, group, transposable: true).RowSets);
    }

    private static uint[] Tile(Random random, int keep, int group)
    {
        var (rows, columns) = (Enumerable.Range(0, group).ToArray(), Enumerable.Range(0, group).ToArray());
        random.Shuffle(rows);
        random.Shuffle(columns);
        return [.. rows.Select(row => (uint)Enumerable.Range(0, keep).Sum(step => 1 << columns[(row + step) % group]))];
    }

    private static KernelPlan Plan(int keep, int group, bool transposable) =>
        KernelPlanner.Plan(Layer(new(keep, group, transposable, MaskPolicy.SrSte, 1, 0)));

    private static LayerSpec Layer(NMSpec? sparsity, int inputs = 96, int outputs = 48) => new("Layer", "", inputs, outputs, true, sparsity);
}
