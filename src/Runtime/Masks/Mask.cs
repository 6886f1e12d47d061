using System.Numerics;

namespace SparseSharp;

/// <summary>Which weights of a matrix <c>[rows, columns]</c> are kept: one bit each, rows padded to whole 64-bit words.</summary>
public sealed partial class Mask
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

    /// <summary>Words of one row.</summary>
    internal Span<ulong> Row(int row) => _words.AsSpan(row * WordsPerRow, WordsPerRow);

    private void CheckPosition(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
    }
}
