using System.Numerics;
using System.Numerics.Tensors;
using SparseSharp.Masks;

namespace SparseSharp;

/// <content>Masks and N:M patterns: finding them, checking them, comparing them.</content>
public sealed partial class Mask
{
    /// <summary>
    /// The N:M mask that keeps the largest magnitudes. A row-wise pattern keeps the N largest of every M consecutive weights of a row, of equal ones
    /// those with the lowest column. A transposable one keeps the N weights per row and column of every M by M tile whose sum is largest, exactly:
    /// by scoring all patterns where M is 2 or 4 (Hu et al., 2024), else by greedy choice (Hubara et al., 2021) improved to the optimum.
    /// </summary>
    /// <param name="weight">Weights <c>[rows, columns]</c>, row-major.</param>
    /// <param name="rows">Output features; divisible by M if the pattern is transposable.</param>
    /// <param name="columns">Input features; divisible by M.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="previous">An earlier mask to start from, or null: where several masks are equally good, fewer weights change.</param>
    /// <exception cref="ArgumentException">The pattern does not fit the shape, or a length or shape is not the one given.</exception>
    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite.</exception>
    public static unsafe Mask Magnitude(ReadOnlySpan<float> weight, int rows, int columns, NMPattern pattern, Mask? previous = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var mask = new Mask(rows, columns);
        mask.CheckWeight(weight);
        pattern.Check(columns, rows);
        if (previous is not null)
            mask.CheckShape(previous, nameof(previous));
        fixed (float* first = weight)
            MaskSearch.Find(pattern, first, columns, 0, rows, mask, previous, nameof(weight));
        return mask;
    }

    /// <summary>Whether the mask keeps exactly N of every M consecutive weights of a row and, if the pattern is transposable, of every column of a tile.</summary>
    /// <exception cref="ArgumentException">The pattern is not possible for a matrix of this shape.</exception>
    public bool Follows(NMPattern pattern) => FirstFault(pattern) is null;

    /// <summary>Weights that only one of two masks of the same shape keeps.</summary>
    public long Flips(Mask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckShape(other, nameof(other));
        return Flips(other, 0, Rows);
    }

    /// <summary>Share of the sum of magnitudes that the mask keeps, between 0 and 1; 1 for weights that are all 0.</summary>
    /// <param name="weight">Weights <c>[rows, columns]</c>, row-major.</param>
    public double RetainedMass(ReadOnlySpan<float> weight)
    {
        CheckWeight(weight);
        var (kept, all) = (0.0, 0.0);
        for (var row = 0; row < Rows; row++)
        {
            var words = Row(row);
            var weights = weight.Slice(row * Columns, Columns);
            for (var column = 0; column < weights.Length; column++)
            {
                double magnitude = Math.Abs(weights[column]);
                all += magnitude;
                kept += magnitude * (words[column / 64] >> (column % 64) & 1);
            }
        }
        return all == 0 ? 1 : kept / all;
    }

    /// <summary>A mask of its own with the same bits.</summary>
    public Mask Copy()
    {
        var copy = new Mask(Rows, Columns);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    /// <summary>Sets the weights <c>[rows, columns]</c> that the mask does not keep to 0.</summary>
    internal void Clear(Span<float> weight)
    {
        for (var i = 0; i < weight.Length; i++)
        {
            if (!this[i / Columns, i % Columns])
                weight[i] = 0;
        }
    }

    /// <summary>Weights of some rows that only one of two masks of the same shape keeps.</summary>
    internal long Flips(Mask other, int firstRow, int rowCount)
    {
        var first = firstRow * WordsPerRow;
        var length = rowCount * WordsPerRow;
        return TensorPrimitives.HammingBitDistance<ulong>(_words.AsSpan(first, length), other._words.AsSpan(first, length));
    }

    /// <summary>Throws unless the mask has a shape and follows a pattern; the message names the first group that does not.</summary>
    internal void Check(SparsityPattern pattern, int rows, int columns)
    {
        if (Rows != rows || Columns != columns)
            throw new ArgumentException($"The mask is [{Rows}, {Columns}], the weights are [{rows}, {columns}].");
        if (pattern.FirstFault(this) is { } fault)
            throw new ArgumentException($"The mask is not {pattern}: {fault}. Mask.Magnitude finds a mask that is.");
    }

    /// <summary>The first group that does not follow a pattern, in words, or null.</summary>
    internal string? FirstFault(NMPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        pattern.Check(Columns, Rows);
        var group = pattern.Group;
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column += group)
            {
                var kept = BitOperations.PopCount(MaskBits.Read(Row(row), column, group));
                if (kept != pattern.Keep)
                    return $"row {row} keeps {kept} of columns {column} to {column + group - 1}";
            }
        for (var row = 0; row < Rows && pattern.Transposable; row += group)
            for (var column = 0; column < Columns; column++)
            {
                var kept = 0;
                for (var i = row; i < row + group; i++)
                    kept += (int)(Row(i)[column / 64] >> (column % 64) & 1);
                if (kept != pattern.Keep)
                    return $"column {column} keeps {kept} of rows {row} to {row + group - 1}";
            }
        return null;
    }

    private void CheckWeight(ReadOnlySpan<float> weight)
    {
        if (weight.Length != (long)Rows * Columns)
            throw new ArgumentException($"Weights [{Rows}, {Columns}] are {(long)Rows * Columns} numbers, not {weight.Length}.", nameof(weight));
    }

    private void CheckShape(Mask other, string name)
    {
        if (other.Rows != Rows || other.Columns != Columns)
            throw new ArgumentException($"The mask is [{other.Rows}, {other.Columns}], not [{Rows}, {Columns}].", name);
    }
}
