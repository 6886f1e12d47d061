using SparseSharp.Masks.Search;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed unsafe class PermutedColumnsTests
{
    /// <summary>
    /// Two rows of three keep column 0: the smaller one goes. Column 1 has one, column 2 two equal ones, of which the later goes.
    /// </summary>
    [Fact]
    public void The_largest_weights_of_a_crowded_column_stay()
    {
        var pattern = new NMPattern(1, 3, Transposable: false, MaskPolicy.BiMask);
        var mask = Of("101", "110", "001");
        float[] weight = [1, 9, 2, -3, 1, 9, 9, 9, -2];
        var target = new Mask(3, 3);
        fixed (float* first = weight)
            PermutedColumns.Find(pattern.Shape, first, mask, seed: 0, target);
        var order = PermutedColumns.BestOrder(pattern.Shape, mask, seed: 0);
        var earlier = Array.IndexOf(order, 0) < Array.IndexOf(order, 2) ? 0 : 2;
        Assert.Equal(0, target.Flips(earlier == 0 ? Of("001", "110", "000") : Of("000", "110", "001")));
    }

    [Theory]
    [InlineData(2, 4, 64, 40)]
    [InlineData(1, 4, 30, 132)]
    [InlineData(4, 8, 100, 64)]
    [InlineData(16, 32, 96, 32)]
    public void A_column_keeps_the_largest_of_its_kept_weights_in_the_order_that_leaves_most(int keep, int group, int rows, int columns)
    {
        var pattern = new NMPattern(keep, group, Transposable: false, MaskPolicy.BiMask);
        var weight = Tiles.Gaussian(rows * columns, stream: 5);
        var mask = Mask.Magnitude(weight, rows, columns, pattern);
        var target = Tiles.Full(rows, columns);
        fixed (float* first = weight)
            PermutedColumns.Find(pattern.Shape, first, mask, seed: 9, target);

        var order = PermutedColumns.BestOrder(pattern.Shape, mask, seed: 9);
        Assert.Equal(Enumerable.Range(0, rows), order.Order());
        for (var column = 0; column < columns; column++)
        {
            foreach (var chunk in order.Chunk(group))
            {
                var expected = chunk.Where(row => mask[row, column])
                    .OrderByDescending(row => MathF.Abs(weight[(row * columns) + column]))
                    .Take(keep);
                Assert.Equal(expected.Order(), chunk.Where(row => target[row, column]).Order());
            }
        }

        var other = new int[rows];
        for (uint candidate = 0; candidate < 100; candidate++)
        {
            Permutation.Fill(other, 9, candidate);
            Assert.True(PermutedColumns.Left(pattern.Shape, mask, other) <= target.Count);
        }
        Assert.Equal(target.Count, PermutedColumns.Left(pattern.Shape, mask, order));
    }

    private static Mask Of(params ReadOnlySpan<string> rows)
    {
        var mask = new Mask(rows.Length, rows[0].Length);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
                mask[i, j] = rows[i][j] == '1';
        }
        return mask;
    }
}
