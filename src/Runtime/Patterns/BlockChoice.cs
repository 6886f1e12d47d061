using SparseSharp.Settings;

namespace SparseSharp.Patterns;

/// <summary>
/// Which blocks are kept, by the mean of their squares; of equal ones those of the smaller row, then of the smaller column.
/// </summary>
internal static class BlockChoice
{
    /// <summary>Blocks that remain of so many: at least one.</summary>
    public static int Count(double density, int blocks) => BlockSettings.Count(density, blocks);

    /// <summary>Share that is dropped while it grows from 0 to its end, with a slope that falls to 0 (Zhu and Gupta, 2017).</summary>
    /// <param name="final">The share in the end.</param>
    /// <param name="progress">0 at the start, 1 at the end.</param>
    public static double Ramp(double final, double progress) => final * (1 - Math.Pow(1 - Math.Clamp(progress, 0, 1), 3));

    /// <summary>Mean squares of the blocks of a matrix <c>[outputs, inputs]</c>.</summary>
    public static double[,] Scores(ReadOnlySpan<float> weight, int outputs, int inputs, int rows, int columns)
    {
        var scores = new double[outputs / rows, inputs / columns];
        for (var row = 0; row < outputs; row++)
        {
            for (var column = 0; column < inputs; column++)
            {
                double value = weight[(row * inputs) + column];
                scores[row / rows, column / columns] += value * value / (rows * columns);
            }
        }
        return scores;
    }

    /// <summary>As above, with -1 for blocks that a mask has dropped, which are no candidates.</summary>
    public static double[,] Scores(ReadOnlySpan<float> weight, Mask mask, int rows, int columns)
    {
        var scores = Scores(weight, mask.Rows, mask.Columns, rows, columns);
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            for (var column = 0; column < scores.GetLength(1); column++)
            {
                if (!mask[row * rows, column * columns])
                    scores[row, column] = -1;
            }
        }
        return scores;
    }

    /// <summary>The best blocks of each row, or of all.</summary>
    /// <param name="scores">A score per block.</param>
    /// <param name="count">Blocks to keep, of each row or of all.</param>
    /// <param name="balanced">Whether every row keeps equally many.</param>
    public static Mask Best(double[,] scores, int count, bool balanced)
    {
        var (rows, columns) = (scores.GetLength(0), scores.GetLength(1));
        var kept = new Mask(rows, columns);
        if (!balanced)
        {
            Keep(from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select (row, column));
            return kept;
        }
        for (var row = 0; row < rows; row++)
            Keep(Enumerable.Range(0, columns).Select(column => (row, column)));
        return kept;

        // The order of enumeration decides between equal scores: the sort is stable.
        void Keep(IEnumerable<(int Row, int Column)> candidates)
        {
            foreach (var (row, column) in candidates.Where(at => scores[at.Row, at.Column] >= 0)
                .OrderByDescending(at => scores[at.Row, at.Column])
                .Take(count))
                kept[row, column] = true;
        }
    }

    /// <summary>
    /// Small blocks inside the best large ones: of each row of large blocks the best, and of each row of small blocks the best that lie in
    /// them.
    /// </summary>
    /// <param name="scores">Scores of the small blocks; negative ones are no candidates.</param>
    /// <param name="rows">Small blocks per large one, along a column.</param>
    /// <param name="columns">Small blocks per large one, along a row.</param>
    /// <param name="outer">Share of large blocks that is kept.</param>
    /// <param name="inner">Share of their small blocks that is kept.</param>
    public static Mask Nested(double[,] scores, int rows, int columns, double outer, double inner)
    {
        var large = Coarsen(scores, rows, columns, leastLeft: 1);
        var parents = Best(large, Count(outer, large.GetLength(1)), balanced: true);
        var inside = (double[,])scores.Clone();
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            for (var column = 0; column < scores.GetLength(1); column++)
            {
                if (!parents[row / rows, column / columns])
                    inside[row, column] = -1;
            }
        }
        return inner >= 1 ? Where(inside) : BestInParents(inside, parents, rows, columns, Count(inner, columns));
    }

    /// <summary>The best large blocks of all those that are whole, and the best small ones of the rest.</summary>
    /// <param name="scores">Scores of the small blocks; negative ones are no candidates.</param>
    /// <param name="rows">Small blocks per large one, along a column.</param>
    /// <param name="columns">Small blocks per large one, along a row.</param>
    /// <param name="large">Large blocks to keep.</param>
    /// <param name="small">Small blocks to keep.</param>
    public static Mask Additive(double[,] scores, int rows, int columns, int large, int small)
    {
        var whole =
            BlockMask.Expand(Best(Coarsen(scores, rows, columns, leastLeft: rows * columns), large, balanced: false), rows, columns);
        var rest = (double[,])scores.Clone();
        for (var row = 0; row < whole.Rows; row++)
        {
            for (var column = 0; column < whole.Columns; column++)
            {
                if (whole[row, column])
                    rest[row, column] = -1;
            }
        }
        var kept = Best(rest, small, balanced: false);
        for (var i = 0; i < kept.Words.Length; i++)
            kept.Words[i] |= whole.Words[i];
        return kept;
    }

    /// <summary>Scores of large blocks: negative where fewer small blocks are left in them.</summary>
    private static double[,] Coarsen(double[,] scores, int rows, int columns, int leastLeft)
    {
        var large = new double[scores.GetLength(0) / rows, scores.GetLength(1) / columns];
        var left = new int[large.GetLength(0), large.GetLength(1)];
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            for (var column = 0; column < scores.GetLength(1); column++)
            {
                if (scores[row, column] < 0)
                    continue;
                large[row / rows, column / columns] += scores[row, column] / (rows * columns);
                left[row / rows, column / columns]++;
            }
        }
        for (var row = 0; row < large.GetLength(0); row++)
        {
            for (var column = 0; column < large.GetLength(1); column++)
            {
                if (left[row, column] < leastLeft)
                    large[row, column] = -1;
            }
        }
        return large;
    }

    private static Mask BestInParents(double[,] inside, Mask parents, int rows, int columns, int count)
    {
        var kept = new Mask(inside.GetLength(0), inside.GetLength(1));
        for (var row = 0; row < kept.Rows; row++)
        {
            for (var parent = 0; parent < parents.Columns; parent++)
            {
                if (!parents[row / rows, parent])
                    continue;
                var candidates = Enumerable.Range(parent * columns, columns).Where(column => inside[row, column] >= 0);
                foreach (var column in candidates.OrderByDescending(column => inside[row, column]).Take(count))
                    kept[row, column] = true;
            }
        }
        return kept;
    }

    private static Mask Where(double[,] scores)
    {
        var kept = new Mask(scores.GetLength(0), scores.GetLength(1));
        for (var row = 0; row < kept.Rows; row++)
        {
            for (var column = 0; column < kept.Columns; column++)
                kept[row, column] = scores[row, column] >= 0;
        }
        return kept;
    }
}
