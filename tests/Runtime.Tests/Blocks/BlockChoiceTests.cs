using SparseSharp.Patterns;

namespace SparseSharp.Runtime.Tests.Blocks;

public sealed class BlockChoiceTests
{
    /// <summary>The weights of the examples, 8 x 8.</summary>
    private static readonly float[] Weight =
        [.. from i in Enumerable.Range(
            0, 8) from j in Enumerable.Range(0, 8) select (float)((((5 * i * i) + (3 * j) + (2 * i * j)) % 19) - 9)];

    [Fact]
    public void Scores_are_mean_squares()
    {
        Assert.Equal([478, 458, 505, 364], Sums(4));
        Assert.Equal([134, 109, 58, 228, 118, 117, 106, 66, 81, 175, 140, 52, 116, 133, 14, 158], Sums(2));

        IEnumerable<double> Sums(int size) =>
            BlockChoice.Scores(Weight, 8, 8, size, size).Cast<double>().Select(score => score * size * size);
    }

    [Fact]
    public void The_best_blocks_of_all() =>
        Assert.Equal([(0, 3), (2, 1), (2, 2), (3, 3)], Kept(BlockChoice.Best(BlockChoice.Scores(Weight, 8, 8, 2, 2), 4, balanced: false)));

    [Fact]
    public void The_best_blocks_of_each_row() =>
        Assert.Equal([(0, 3), (1, 0), (2, 1), (3, 3)], Kept(BlockChoice.Best(BlockChoice.Scores(Weight, 8, 8, 2, 2), 1, balanced: true)));

    [Fact]
    public void Of_equal_blocks_the_first_are_kept() =>
        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0)], Kept(BlockChoice.Best(new double[3, 3], 4, balanced: false)));

    [Fact]
    public void Small_blocks_inside_large_ones() =>
        Assert.Equal([(0, 0), (1, 0), (2, 1), (3, 1)], Kept(BlockChoice.Nested(BlockChoice.Scores(Weight, 8, 8, 2, 2), 2, 2, 0.5, 0.5)));

    [Fact]
    public void Small_blocks_beside_large_ones()
    {
        var mask = BlockChoice.Additive(BlockChoice.Scores(Weight, 8, 8, 1, 1), 4, 4, large: 1, small: 6);
        var (large, small) = (Kept(mask).Where(InLarge), Kept(mask).Where(at => !InLarge(at)).ToArray());
        Assert.Equal(16, large.Count());
        Assert.Equal([(0, 0), (0, 6), (1, 3), (2, 0), (5, 5), (6, 7)], small);
        Assert.Equal([-9, 9, -8, -8, -9, -9], small.Select(at => Weight[(8 * at.Row) + at.Column]));

        static bool InLarge((int Row, int Column) at) => at is { Row: >= 4, Column: < 4 };
    }

    [Fact]
    public void The_cubic_ramp()
    {
        double[] expected = [0, .2371, .427, .5749, .686, .7656, .819, .8514, .868, .8741, .875];
        for (var t = 0; t <= 10; t++)
            Assert.Equal(expected[t], BlockChoice.Ramp(0.875, t / 10.0), 4);
        Assert.Equal((0, 0.875), (BlockChoice.Ramp(0.875, -1), BlockChoice.Ramp(0.875, 2)));
    }

    [Fact]
    public void At_least_one_block_stays() =>
        Assert.Equal((1, 3, 8), (BlockChoice.Count(0.01, 10), BlockChoice.Count(0.3, 10), BlockChoice.Count(0.8, 10)));

    [Theory]
    [InlineData(4, 4, 0.75, true)]
    [InlineData(2, 8, 0.9, false)]
    public void A_choice_follows_its_pattern(int rows, int columns, double sparsity, bool balanced)
    {
        var random = new Random(1);
        var weight = Enumerable.Range(0, 32 * 48).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var pattern = new UniformBlockPattern(rows, columns, sparsity, balanced);
        pattern.Check(48, 32);
        var blocks = pattern.Choose(weight, 32, 48);
        var mask = BlockMask.Expand(blocks, rows, columns);
        Assert.Null(pattern.FirstFault(mask));
        Assert.Equal(blocks.Words.ToArray(), BlockMask.Of(mask, rows, columns).Words.ToArray());
        mask[0, 0] = !mask[0, 0];
        Assert.Equal($"the block of {rows} x {columns} at row 0, column 0 is kept in part", pattern.FirstFault(mask));
        var more = blocks.Copy();
        more[0, 0] = !more[0, 0];
        Assert.Contains(balanced
            ? $"rows 0 to {rows - 1} keep "
            : "it keeps ", pattern.FirstFault(BlockMask.Expand(more, rows, columns)), StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_that_do_not_fit_are_refused()
    {
        Refused(new UniformBlockPattern(5, 4, 0.5), "5 rows of blocks do not divide 32 output features.");
        Refused(new UniformBlockPattern(4, 5, 0.5), "5 columns of blocks do not divide 48 input features.");
        Refused(new UniformBlockPattern(0, 4, 0.5), "There are no blocks of 0 x 4 weights.");
        Refused(new UniformBlockPattern(4, 4, 1), "A sparsity of 1 is not possible: it must be at least 0 and less than 1.");
        Refused(new HierarchicalBlockPattern(12, 16, 4, 4, 0.5), "12 rows of large blocks do not divide 32 output features.");
        Refused(new HierarchicalBlockPattern(8, 8, 16, 4, 0.5), "Blocks of 16 x 4 do not fill blocks of 8 x 8.");
        Refused(new LearnedBlockPattern(4, 4, 0, Sparsity: 1), "A sparsity of 1 is not possible: it must be at least 0 and less than 1.");
        Refused(
            new LearnedBlockPattern(4, 4, 0, Sparsity: -0.5), "A sparsity of -0.5 is not possible: it must be at least 0 and less than 1.");
        Refused(new LearnedBlockPattern(4, 4, float.NaN), "The penalty NaN must be a finite number of at least 0.");

        static void Refused(SparsityPattern pattern, string message) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => pattern.Check(48, 32)).Message);
    }

    private static IEnumerable<(int Row, int Column)> Kept(Mask mask) =>
        from row in Enumerable.Range(0, mask.Rows)
        from column in Enumerable.Range(0, mask.Columns)
        where mask[row, column]
        select (row, column);
}
