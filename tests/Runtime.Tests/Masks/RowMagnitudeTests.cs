using SparseSharp.Masks.Search;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed class RowMagnitudeTests
{
    [Theory]
    [InlineData("3, -3, 3, 1", 2, "1100")]
    [InlineData("0, 0, 0, 0", 2, "1100")]
    [InlineData("0.1, -0.9, 0.4, -0.4", 2, "0110")]
    [InlineData("-0.0, 0.0, -1e-30, 0", 2, "1010")]
    [InlineData("-1, 2, -3, 4, -5, 6, -7, 8", 4, "00001111")]
    [InlineData("5, -5", 1, "10")]
    public void Golden_groups(string group, int keep, string expected)
    {
        var weight = Tiles.Parse(group);
        var mask = Tiles.Find(Tiles.Rows(keep, weight.Length), weight, 1, weight.Length);
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, weight.Length).Select(column => mask[0, column] ? '1' : '0')));
    }

    [Fact]
    public void Golden_tile_keeps_more_in_rows_than_in_both_directions()
    {
        var tile = Tiles.Parse("9 1 7 4 / 1 2 3 0 / 8 3 5 4 / 1 2 6 2");
        Assert.Equal(42, Tiles.Mass(Tiles.Find(Tiles.Rows(2, 4), tile, 4, 4), tile));
        Assert.Equal(38, Tiles.Mass(Tiles.Find(Tiles.Both(2, 4), tile, 4, 4), tile));
        Assert.Equal(30, MassAfterPruningEitherWay(tile));
    }

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (var (keep, group) in new[] { (1, 2), (1, 4), (2, 4), (3, 4), (4, 8), (2, 8), (8, 16), (16, 32), (8, 32), (31, 32), (2, 3), (3, 5), (5, 7), (6, 12), (9, 31) })
                foreach (var groups in new[] { 1, 2, 3, 16, 17, 33, 64 })
                    shapes.Add(keep, group, groups);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equals_the_reference_on_ragged_rows_with_ties(int keep, int group, int groups)
    {
        const int Rows = 37;
        var columns = group * groups;
        foreach (var weight in new[] { Tiles.Gaussian(
            Rows * columns, 3), Tiles.Integers(Rows * columns, 3, 4), Tiles.Integers(Rows * columns, 30, 5) })
            Tiles.AssertEqual(Reference(weight, Rows, columns, keep, group), Tiles.Find(Tiles.Rows(keep, group), weight, Rows, columns));
    }

    [Fact]
    public void Compares_subnormal_and_huge_magnitudes()
    {
        var weight = Tiles.Parse("1e-45, -2e-45, 3e38, -3.4e38, 1e-45, 0, -1e-45, -0.0");
        var mask = Tiles.Find(Tiles.Rows(2, 4), weight, 1, 8);
        Assert.Equal("5C", Convert.ToString((long)mask.Row(0)[0], 16).ToUpperInvariant());
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(4, 8)]
    [InlineData(3, 7)]
    public void Keeps_no_smaller_weight_than_it_drops(int keep, int group)
    {
        var weight = Tiles.Gaussian(20 * group, 6);
        var mask = Tiles.Find(Tiles.Rows(keep, group), weight, 1, weight.Length);
        Assert.True(mask.Follows(Tiles.Rows(keep, group)));
        for (var start = 0; start < weight.Length; start += group)
        {
            var columns = Enumerable.Range(start, group).ToArray();
            Assert.True(columns.Where(c => mask[0, c])
                .Min(c => Math.Abs(weight[c])) >= columns.Where(c => !mask[0, c])
                .Max(c => Math.Abs(weight[c])));
        }
    }

    /// <summary>Sorts every group, the definition in the plainest words.</summary>
    [Fact]
    public void Reference_equals_a_sort()
    {
        const int Columns = 4096, Group = 16, Keep = 5;
        var weight = Tiles.Integers(Columns, 9, 7);
        var mask = Reference(weight, 1, Columns, Keep, Group);
        for (var start = 0; start < Columns; start += Group)
        {
            var kept = Enumerable.Range(start, Group).OrderByDescending(c => Math.Abs(weight[c])).ThenBy(c => c).Take(Keep).ToHashSet();
            for (var column = start; column < start + Group; column++)
                Assert.Equal(kept.Contains(column), mask[0, column]);
        }
    }

    private static unsafe Mask Reference(float[] weight, int rows, int columns, int keep, int group)
    {
        var mask = new Mask(rows, columns);
        fixed (float* first = weight)
            for (var row = 0; row < rows; row++)
                RowMagnitude.Reference(keep, group, first + (row * columns), columns, mask.Row(row));
        return mask;
    }

    /// <summary>
    /// What is left of a 2:4 tile if, from the smallest on, every weight goes whose row or column still has to lose one: too little.
    /// </summary>
    private static double MassAfterPruningEitherWay(float[] tile)
    {
        var (rows, columns, mass) = (new int[4], new int[4], tile.Sum());
        foreach (var cell in Enumerable.Range(0, 16).OrderBy(cell => tile[cell]))
        {
            if (rows[cell / 4] >= 2 && columns[cell % 4] >= 2)
                continue;
            rows[cell / 4]++;
            columns[cell % 4]++;
            mass -= tile[cell];
        }
        return mass;
    }
}
