using System.Numerics;
using System.Runtime.InteropServices;

namespace SparseSharp.Masks;

/// <summary>
/// Masked weights as they stand in a file: the kept values of each row in order of their columns, and one bit per weight.
/// </summary>
internal static class MaskCodec
{
    /// <summary>Bytes of a row: column <c>c</c> is bit <c>c mod 8</c> of byte <c>c / 8</c>.</summary>
    public static int BytesPerRow(int columns) => (columns + 7) / 8;

    /// <summary>The bits of a mask, <c>[rows, BytesPerRow]</c>.</summary>
    public static byte[] Pack(Mask mask)
    {
        var width = BytesPerRow(mask.Columns);
        var bytes = new byte[mask.Rows * width];
        for (var row = 0; row < mask.Rows; row++)
            MemoryMarshal.AsBytes(mask.Row(row))[..width].CopyTo(bytes.AsSpan(row * width));
        return bytes;
    }

    /// <summary>The reverse of <see cref="Pack"/>; null if a bit behind the last column is set.</summary>
    public static Mask? Unpack(ReadOnlySpan<byte> bytes, int rows, int columns)
    {
        var width = BytesPerRow(columns);
        var used = (byte)(0xFF >> ((8 * width) - columns));
        var mask = new Mask(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            var source = bytes.Slice(row * width, width);
            if ((source[^1] & ~used) != 0)
                return null;
            source.CopyTo(MemoryMarshal.AsBytes(mask.Row(row)));
        }
        return mask;
    }

    /// <summary>Takes the kept weights <c>[kept]</c> from <c>[rows, columns]</c>, row by row.</summary>
    public static void Gather(ReadOnlySpan<float> weight, Mask mask, Span<float> values)
    {
        var next = 0;
        for (var row = 0; row < mask.Rows; row++)
        {
            foreach (var column in new KeptColumns(mask.Row(row)))
                values[next++] = weight[(row * mask.Columns) + column];
        }
    }

    /// <summary>The reverse of <see cref="Gather"/>: weights <c>[rows, columns]</c> with 0 where the mask keeps none.</summary>
    public static float[] Scatter(ReadOnlySpan<float> values, Mask mask)
    {
        var weight = new float[mask.Rows * mask.Columns];
        var next = 0;
        for (var row = 0; row < mask.Rows; row++)
        {
            foreach (var column in new KeptColumns(mask.Row(row)))
                weight[(row * mask.Columns) + column] = values[next++];
        }
        return weight;
    }

    /// <summary>The columns that one row keeps, ascending.</summary>
    private ref struct KeptColumns(ReadOnlySpan<ulong> words)
    {
        private readonly ReadOnlySpan<ulong> _words = words;
        private int _word = -1;
        private ulong _rest;

        public int Current { get; private set; }

        public readonly KeptColumns GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word == _words.Length)
                    return false;
                _rest = _words[_word];
            }
            Current = (64 * _word) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
