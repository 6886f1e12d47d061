using System;

namespace SparseSharp.Settings;

/// <summary>
/// How values and weights lie in memory, for the generator, which writes sizes into a model, and for the runtime, whose kernels read and
/// write by them.
/// </summary>
internal static class DataLayout
{
    /// <summary>Rows of a matrix, or features of a value, that kernels read and write together.</summary>
    public const int BlockRows = 4;

    /// <summary>Bits of a word of selectors.</summary>
    private const int SelectorWordBits = 32;

    /// <summary>Inputs of a step of a stream without selectors.</summary>
    private const int DenseStep = 16;

    /// <summary>Blocks of so many rows or features; the last one may have fewer.</summary>
    public static int Blocks(int rows) => (rows + BlockRows - 1) / BlockRows;

    /// <summary>Rows that a value of so many features occupies: blocks of four rows may be written whole.</summary>
    public static int PaddedRows(int features) => Blocks(features) * BlockRows;

    /// <summary>The largest of 4, 2 and 1 that divides a number of rows or columns: what a kernel over blocks does at a time.</summary>
    public static int TileSize(int number) => number % 4 == 0 ? 4 : number % 2 == 0 ? 2 : 1;

    /// <summary>Whether a stream can hold N of every M weights; 1 of 1 are all.</summary>
    public static bool HasStream(int keep, int group) =>
        (keep, group) == (1, 1) || (group == 4 && keep is > 0 and < 4) || (group == 8 && keep is > 0 and <= 4);

    /// <summary>Bits of a selector of a stream, which picks from as many inputs as it has values; 0 where all weights are kept.</summary>
    public static int SelectorBits(int group) => group switch
    {
        1 => 0,
        4 => 2,
        _ => 4,
    };

    /// <summary>Weights of an output whose selectors pick from the same inputs.</summary>
    public static int WindowSlots(int keep, int group) => Math.Max(1, (1 << SelectorBits(group)) * keep / group);

    /// <summary>Inputs of a step of a stream: as many whole windows, a power of two, as the selectors in a word belong to.</summary>
    public static int StepInputs(int keep, int group)
    {
        var bits = SelectorBits(group);
        if (bits == 0)
            return DenseStep;
        var windows = 1;
        while (2 * windows * WindowSlots(keep, group) * bits <= SelectorWordBits)
            windows *= 2;
        return windows << bits;
    }
}
