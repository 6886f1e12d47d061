using System.Globalization;
using SparseSharp.Masks;
using SparseSharp.Masks.Search;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Masks;

/// <summary>Weights and helpers that the mask tests share.</summary>
internal static class Tiles
{
    /// <summary>
    /// The tile that the golden tables of the N:M specification are made of: upper 16 bits of a linear congruential generator.
    /// </summary>
    public static float[] Golden(uint seed, int group)
    {
        var tile = new float[group * group];
        foreach (ref var value in tile.AsSpan())
        {
            seed = (1664525 * seed) + 1013904223;
            value = seed >> 16;
        }
        return tile;
    }

    /// <summary>Standard normal weights.</summary>
    public static float[] Gaussian(int count, uint stream)
    {
        var weight = new float[count];
        for (var i = 0; i < count; i++)
        {
            var first = Philox.Word(1, (ulong)(2 * i), stream, Philox.Purpose.SyntheticData);
            var second = Philox.Word(1, (ulong)((2 * i) + 1), stream, Philox.Purpose.SyntheticData);
            weight[i] = MathF.Sqrt(-2 * MathF.Log(1 - Philox.Uniform(first))) * MathF.Cos(2 * MathF.PI * Philox.Uniform(second));
        }
        return weight;
    }

    /// <summary>Whole numbers from 0 to <paramref name="values"/> - 1 with either sign: many ties, and sums without rounding.</summary>
    public static float[] Integers(int count, uint values, uint stream)
    {
        var weight = new float[count];
        for (var i = 0; i < count; i++)
        {
            var word = Philox.Word(2, (ulong)i, stream, Philox.Purpose.SyntheticData);
            weight[i] = (word >> 8) % values * ((word & 1) == 0 ? 1f : -1f);
        }
        return weight;
    }

    public static float[] Parse(string text) =>
        [.. text.Split(
            [' ', '/', ','], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The mask of a whole matrix by the search, rows <paramref name="step"/> at a time.</summary>
    public static unsafe Mask Find(NMPattern pattern, float[] weight, int rows, int columns, Mask? previous = null, int? step = null)
    {
        var mask = Full(rows, columns);
        var count = step ?? rows;
        fixed (float* first = weight)
            for (var row = 0; row < rows; row += count)
                MaskSearch.Find(pattern.Shape, first, columns, row, Math.Min(count, rows - row), mask, previous, "weight");
        return mask;
    }

    /// <summary>A mask that keeps everything, to see that a search writes every bit.</summary>
    public static Mask Full(int rows, int columns)
    {
        var mask = new Mask(rows, columns);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                mask[row, column] = true;
        return mask;
    }

    public static NMPattern Rows(int keep, int group) => new(keep, group, Transposable: false);

    public static NMPattern Both(int keep, int group) => new(keep, group, Transposable: true);

    /// <summary>Kept mass in float64.</summary>
    public static double Mass(Mask mask, float[] weight)
    {
        var mass = 0.0;
        for (var row = 0; row < mask.Rows; row++)
            for (var column = 0; column < mask.Columns; column++)
                if (mask[row, column])
                    mass += Math.Abs(weight[(row * mask.Columns) + column]);
        return mass;
    }

    public static float[] Transpose(float[] weight, int rows, int columns)
    {
        var turned = new float[weight.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                turned[(column * rows) + row] = weight[(row * columns) + column];
        return turned;
    }

    /// <summary>Rows of a tile as the specification prints them: one hexadecimal number each, bit j is column j.</summary>
    public static string Print(ReadOnlySpan<uint> rows)
    {
        var digits = (rows.Length + 3) / 4;
        return string.Join(' ', rows.ToArray().Select(row => row.ToString("X" + digits, CultureInfo.InvariantCulture)));
    }

    public static string Print(Mask mask) =>
        Print([.. Enumerable.Range(0, mask.Rows).Select(row => MaskBits.Read(mask.Row(row), 0, mask.Columns))]);

    public static void AssertEqual(Mask expected, Mask actual)
    {
        for (var row = 0; row < expected.Rows; row++)
            Assert.True(expected.Row(row).SequenceEqual(actual.Row(row)), $"row {row} differs");
    }
}
