using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Masks.Search;

/// <summary>
/// The exact transposable mask of 4x4 tiles by scoring every pattern of <see cref="TilePatterns"/>. Works on strips of 4 rows by 64
/// columns, one word of the mask per row; a ragged last strip is copied to a padded buffer.
/// </summary>
internal static unsafe class TileScan
{
    private const int StripColumns = 64;

    /// <summary>Finds the mask of rows <paramref name="row"/> to <paramref name="row"/> + 3; the columns are a multiple of 4.</summary>
    [SkipLocalsInit]
    public static void Find(int keep, float* weight, int columns, int row, Mask mask)
    {
        var patterns = TilePatterns.For(keep);
        var block = weight + ((nint)row * columns);
        var codes = stackalloc ushort[TileCodes.TilesPerWord];
        var memory = stackalloc byte[TileScan512.ScratchBytes + TileScan512.Alignment];
        var scratch = (float*)(((nint)memory + TileScan512.Alignment - 1) & -TileScan512.Alignment);
        fixed (ulong* words = mask.Row(row))
        {
            for (var word = 0; word < columns / StripColumns; word++)
            {
                Strip(patterns, block + (word * StripColumns), columns, codes, scratch);
                TileCodes.Write(codes, words + word, mask.WordsPerRow);
            }

            var left = columns % StripColumns;
            if (left == 0)
                return;
            var padded = stackalloc float[TilePatterns.Size * StripColumns];
            Pad(block + (columns - left), columns, left, padded);
            Strip(patterns, padded, StripColumns, codes, scratch);
            new Span<ushort>(codes, TileCodes.TilesPerWord)[TileCodes.Count(left)..].Clear();
            TileCodes.Write(codes, words + (columns / StripColumns), mask.WordsPerRow);
        }
    }

    private static void Strip(TilePatterns patterns, float* strip, nint stride, ushort* codes, float* scratch)
    {
        if (Avx512F.IsSupported && patterns.Codes.Length == TileScan512.Patterns)
        {
            TileScan512.Strip(strip, stride, codes, scratch);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            for (var tile = 0; tile < TileCodes.TilesPerWord; tile += Vector<float>.Count)
                Vectors(patterns, strip + (tile * TilePatterns.Size), stride, codes + tile);
        }
        else
        {
            for (var tile = 0; tile < TileCodes.TilesPerWord; tile++)
                codes[tile] = patterns.Best(strip + (tile * TilePatterns.Size), stride);
        }
    }

    /// <summary>
    /// One tile per lane: sums of the choices of each row, of pairs of rows, then all patterns in order against the best so far.
    /// </summary>
    [SkipLocalsInit]
    private static void Vectors(TilePatterns patterns, float* tiles, nint stride, ushort* codes)
    {
        var count = patterns.Choices.Length;
        var sums = stackalloc Vector<float>[TilePatterns.Size * count];
        for (var row = 0; row < TilePatterns.Size; row++)
            RowSums(patterns.Choices, tiles + (row * stride), sums + (row * count));

        var tops = stackalloc Vector<float>[count * count];
        var bottoms = stackalloc Vector<float>[count * count];
        for (var first = 0; first < count; first++)
            for (var second = 0; second < count; second++)
            {
                tops[(first * count) + second] = sums[first] + sums[count + second];
                bottoms[(first * count) + second] = sums[(2 * count) + first] + sums[(3 * count) + second];
            }

        var best = new Vector<float>(-1f);
        var found = Vector<int>.Zero;
        for (var pattern = 0; pattern < patterns.Codes.Length; pattern++)
        {
            var score = tops[patterns.Tops[pattern]] + bottoms[patterns.Bottoms[pattern]];
            var better = Vector.GreaterThan(score, best);
            best = Vector.ConditionalSelect(better, score, best);
            found = Vector.ConditionalSelect(better, new Vector<int>(patterns.Codes[pattern]), found);
        }
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            codes[lane] = (ushort)found[lane];
    }

    /// <summary>Magnitudes that each choice keeps in one row of every lane's tile, added from left to right.</summary>
    [SkipLocalsInit]
    private static void RowSums(byte[] choices, float* row, Vector<float>* sums)
    {
        var columns = stackalloc float[TilePatterns.Size * Vector<float>.Count];
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            for (var column = 0; column < TilePatterns.Size; column++)
                columns[(column * Vector<float>.Count) + lane] = Math.Abs(row[(lane * TilePatterns.Size) + column]);
        for (var choice = 0; choice < choices.Length; choice++)
        {
            var sum = Vector<float>.Zero;
            for (var column = 0; column < TilePatterns.Size; column++)
                if ((choices[choice] >> column & 1) != 0)
                    sum += Vector.Load(columns + (column * Vector<float>.Count));
            sums[choice] = sum;
        }
    }

    private static void Pad(float* source, nint stride, int columns, float* padded)
    {
        new Span<float>(padded, TilePatterns.Size * StripColumns).Clear();
        for (var row = 0; row < TilePatterns.Size; row++)
            new ReadOnlySpan<float>(source + (row * stride), columns).CopyTo(new Span<float>(padded + (row * StripColumns), columns));
    }
}
