using System.Numerics;
using System.Numerics.Tensors;

namespace SparseSharp;

/// <summary>Which weights of a matrix <c>[rows, columns]</c> are kept: one bit each, rows padded to whole 64-bit words.</summary>
public sealed class Mask
{
    private readonly ulong[] _words;

    /// <summary>Makes a mask that keeps nothing.</summary>
    /// <param name="rows">Output features, at least 1.</param>
    /// <param name="columns">Input features, at least 1.</param>
    public Mask(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Rows = rows;
        Columns = columns;
        WordsPerRow = (columns + 63) / 64;
        _words = new ulong[rows * WordsPerRow];
    }

    /// <summary>Output features.</summary>
    public int Rows { get; }

    /// <summary>Input features.</summary>
    public int Columns { get; }

    /// <summary>Words per row; column <c>c</c> is bit <c>c mod 64</c> of word <c>c / 64</c>, bits past the last column are 0.</summary>
    internal int WordsPerRow { get; }

    internal Span<ulong> Words => _words;

    /// <summary>Whether a weight is kept.</summary>
    public bool this[int row, int column]
    {
        get
        {
            CheckPosition(row, column);
            return (_words[(row * WordsPerRow) + (column >> 6)] >> (column & 63) & 1) != 0;
        }
        set
        {
            CheckPosition(row, column);
            ref var word = ref _words[(row * WordsPerRow) + (column >> 6)];
            var bit = 1UL << (column & 63);
            word = value ? word | bit : word & ~bit;
        }
    }

    /// <summary>Some of the rows, as a mask of their own.</summary>
    internal Mask Slice(int first, int rows)
    {
        var slice = new Mask(rows, Columns);
        Words.Slice(first * WordsPerRow, rows * WordsPerRow).CopyTo(slice.Words);
        return slice;
    }

    /// <summary>Weights kept.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>Kept share, between 0 and 1.</summary>
    public double Density => Count / ((double)Rows * Columns);

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

    /// <summary>Weights that only one of two masks of the same shape keeps.</summary>
    public long Flips(Mask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckShape(other, nameof(other));
        return Flips(other, 0, Rows);
    }

    /// <summary>A mask of its own with the same bits.</summary>
    public Mask Copy()
    {
        var copy = new Mask(Rows, Columns);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    /// <summary>Which weights are not 0.</summary>
    internal static Mask NonZero(ReadOnlySpan<float> weight, int rows, int columns)
    {
        var mask = new Mask(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            var words = mask.Row(row);
            for (var column = 0; column < columns; column++)
                words[column >> 6] |= weight[(row * columns) + column] != 0 ? 1UL << (column & 63) : 0;
        }
        return mask;
    }

    /// <summary>Sets the weights <c>[rows, columns]</c> that the mask does not keep to 0; there may also be none at all.</summary>
    internal void Clear(Span<float> weight)
    {
        for (var row = 0; row < Rows && !weight.IsEmpty; row++)
        {
            var values = weight.Slice(row * Columns, Columns);
            var words = Row(row);
            for (var word = 0; word < words.Length; word++)
            {
                for (var masked = ~words[word] & UsedBits(word); masked != 0; masked &= masked - 1)
                    values[(64 * word) + BitOperations.TrailingZeroCount(masked)] = 0;
            }
        }
    }

    /// <summary>Weights of some rows that only one of two masks of the same shape keeps.</summary>
    internal long Flips(Mask other, int firstRow, int rowCount)
    {
        var first = firstRow * WordsPerRow;
        var length = rowCount * WordsPerRow;
        return TensorPrimitives.HammingBitDistance<ulong>(_words.AsSpan(first, length), other._words.AsSpan(first, length));
    }

    internal void CheckWeight(ReadOnlySpan<float> weight)
    {
        if (weight.Length != (long)Rows * Columns)
            throw new ArgumentException(
                $"Weights [{Rows}, {Columns}] are {(long)Rows * Columns} numbers, not {weight.Length}.", nameof(weight));
    }

    internal void CheckShape(Mask other, string name)
    {
        if (other.Rows != Rows || other.Columns != Columns)
            throw new ArgumentException($"The mask is [{other.Rows}, {other.Columns}], not [{Rows}, {Columns}].", name);
    }

    /// <summary>The bits of a word of a row that are columns.</summary>
    internal ulong UsedBits(int word) => ulong.MaxValue >> Math.Max(0, (64 * (word + 1)) - Columns);

    /// <summary>Words of one row.</summary>
    internal Span<ulong> Row(int row) => _words.AsSpan(row * WordsPerRow, WordsPerRow);

    private void CheckPosition(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
    }
}
