using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>The kernel classes that there are, and which one suits how many weights, or blocks of what size.</summary>
internal static class KernelPlanner
{
    /// <summary>
    /// The inverse of the density from which on columns are paired. Below it so few of them find a partner that the loops over them cost
    /// more than the loads that they save.
    /// </summary>
    private const int PairsFromOneIn = 3;

    private static readonly KernelPlan _pairs = new("PairKernel", KernelKind.Pairs);

    private static readonly KernelPlan _singles = new("SingleKernel", KernelKind.Singles);

    private static readonly KernelPlan _blockStream = new("StreamBlockKernel", KernelKind.BlockStream);

    /// <summary>
    /// The kernel of all products of a matrix without a mask; one with a mask whose weights all learn needs it for phases without.
    /// </summary>
    public static KernelPlan Dense { get; } = new("DenseKernel", KernelKind.Dense);

    /// <summary>The kernel for any mask that keeps many weights, and for one whose density is not known.</summary>
    public static KernelPlan PairsAndSingles { get; } = new("PairAndSingleKernel", KernelKind.PairsAndSingles);

    /// <summary>The kernel of the weight gradient over lists of samples.</summary>
    public static KernelPlan Lists { get; } = new("ListKernel", KernelKind.Lists);

    /// <summary>The kernel of a few samples against all weights.</summary>
    public static KernelPlan StreamDense { get; } = Stream("Dense", 1, 1);

    /// <summary>The kernel of an N:M matrix.</summary>
    public static KernelPlan Groups(MatrixSpec matrix, int keep, int group, bool transposable)
    {
        // Pairs fill tiles of 4 by 4: 1:2 on a shape that has none of them is packed like any other mask.
        if (transposable
            && (keep, group) is ((2, 4) or (1, 2))
            && matrix.Depth % DataLayout.BlockRows == 0
            && matrix.Rows % DataLayout.BlockRows == 0)
            return _pairs;
        return keep * PairsFromOneIn >= group ? PairsAndSingles : _singles;
    }

    /// <summary>The kernel over blocks of weights.</summary>
    /// <param name="rows">Rows whose weights of a column lie together in the packed order.</param>
    /// <param name="columns">Consecutive columns that they share.</param>
    public static KernelPlan Blocks(int rows, int columns) =>
        new($"Block{rows}x{DataLayout.TileSize(columns)}Kernel", KernelKind.Blocks, rows, DataLayout.TileSize(columns));

    /// <summary>The kernel of a few samples against an N:M matrix; null where there is none.</summary>
    public static KernelPlan? Stream(int keep, int group) => (keep, group) switch
    {
        (_, 4) => Stream($"{keep}of4", keep, 4),
        (1, 2) => Stream("2of4", 2, 4),
        ( <= 4, 8) => Stream($"{keep}of8", keep, 8),
        _ => null,
    };

    /// <summary>The kernel of a few samples against blocks; null where there is none.</summary>
    /// <param name="blocks">The kernel of larger batches.</param>
    public static KernelPlan? BlockStream(KernelPlan blocks) =>
        blocks is { Columns: DataLayout.BlockRows, TileRows: DataLayout.BlockRows } ? _blockStream : null;

    private static KernelPlan Stream(string weights, int keep, int group) =>
        new($"Stream{weights}Kernel", KernelKind.Stream, Keep: keep, Group: group);
}
