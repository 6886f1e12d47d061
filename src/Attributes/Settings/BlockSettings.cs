using System;

namespace SparseSharp.Settings;

/// <summary>What makes block sparsity valid, shared by the compiler checks and the runtime.</summary>
internal static class BlockSettings
{
    /// <summary>Rows and columns of a block: what one tile of a kernel works on.</summary>
    public const int DefaultSize = 4;

    /// <summary>Rows and columns of a large block.</summary>
    public const int DefaultOuterSize = 32;

    public const int DefaultPruneFrom = 1;

    public const int DefaultPruneSteps = 1000;

    public const int DefaultPruneEvery = 50;

    public const double DefaultPenalty = 1e-3;

    /// <summary>Share of the kept weights that the additive form keeps in large blocks.</summary>
    private const double LargeShare = 0.75;

    /// <summary>How often an RBGP4 mask can halve the weights of a layer.</summary>
    public const int MostHalvings = 6;

    /// <summary>Whether something is left to drop and to keep.</summary>
    public static bool IsSparsity(double sparsity) => sparsity > 0 && sparsity < 1;

    public static bool IsPenalty(double penalty) => penalty >= 0 && !double.IsInfinity(penalty);

    /// <summary>Blocks that remain of so many: at least one.</summary>
    public static int Count(double density, int blocks) => Math.Max(1, (int)Math.Round(density * blocks));

    /// <summary>Share of the weights that whole blocks keep.</summary>
    /// <param name="density">The share that was asked for.</param>
    /// <param name="rows">Rows of blocks.</param>
    /// <param name="columns">Blocks in a row.</param>
    /// <param name="balanced">Whether every row keeps equally many.</param>
    public static double DensityOf(double density, int rows, int columns, bool balanced) =>
        balanced ? Count(density, columns) / (double)columns : Count(density, rows * columns) / ((double)rows * columns);

    /// <summary>Share of small blocks that large ones keep, where small blocks are kept inside of them.</summary>
    /// <param name="density">The share of weights that was asked for.</param>
    /// <param name="columns">Small blocks in a row of a large one.</param>
    public static double InnerShare(double density, int columns) => Count(Math.Sqrt(density), columns) / (double)columns;

    /// <summary>Share of the weights that blocks inside of large ones keep.</summary>
    /// <param name="density">The share that was asked for.</param>
    /// <param name="largeColumns">Large blocks in a row.</param>
    /// <param name="columns">Small blocks in a row of a large one.</param>
    public static double NestedDensity(double density, int largeColumns, int columns)
    {
        var inner = InnerShare(density, columns);
        return Count(Math.Min(1, density / inner), largeColumns) / (double)largeColumns * inner;
    }

    /// <summary>Large blocks, and small ones of the rest, that are kept where small blocks are beside the large ones.</summary>
    /// <param name="density">The share of weights that was asked for.</param>
    /// <param name="blocks">Small blocks in all.</param>
    /// <param name="perLarge">Small blocks in a large one.</param>
    public static (int Large, double SmallShare, int Remaining) Additive(double density, int blocks, int perLarge)
    {
        var large = Count(LargeShare * density, blocks / perLarge);
        var rest = blocks - (large * perLarge);
        return (large, Math.Max(0, (density * blocks) - (large * perLarge)) / rest, rest);
    }

    /// <summary>Share of the weights that these keep.</summary>
    /// <inheritdoc cref="Additive"/>
    public static double AdditiveDensity(double density, int blocks, int perLarge)
    {
        var (large, small, rest) = Additive(density, blocks, perLarge);
        return ((large * perLarge) + (rest > 0 ? Count(small, rest) : 0)) / (double)blocks;
    }

    /// <summary>The sparsity after so many halvings.</summary>
    public static double SparsityOf(int halvings) => 1 - (1.0 / (1 << halvings));

    /// <summary>The halvings that give a sparsity; 0 where none do.</summary>
    public static int HalvingsOf(double sparsity)
    {
        for (var halvings = 1; halvings <= MostHalvings; halvings++)
        {
            if (sparsity == SparsityOf(halvings))
                return halvings;
        }
        return 0;
    }
}
