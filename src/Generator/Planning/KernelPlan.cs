using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>How a weight matrix is stored and multiplied.</summary>
internal enum KernelKind
{
    /// <summary>Row-major weights, broadcast six rows at a time.</summary>
    Dense,

    /// <summary>Transposable 2:4: complementary pairs of columns.</summary>
    Pairs,

    /// <summary>About half of the weights or more: pairs of columns where there are some, else a column for each weight.</summary>
    PairsAndSingles,

    /// <summary>Few weights: a column for each.</summary>
    Singles,

    /// <summary>The pruned gradient of an output, as a list of samples per output feature.</summary>
    Lists,

    /// <summary>Rows that share lists of columns, in dense blocks.</summary>
    Blocks,

    /// <summary>A few samples against weights in one stream, outputs side by side: all weights, or N of every M.</summary>
    Stream,

    /// <summary>A few samples against blocks of weights in one stream.</summary>
    BlockStream,
}

/// <summary>The kernels of a layer: a text of the runtime, and what it is compiled for. Layers with equal plans share them.</summary>
/// <param name="Name">For example <c>PairKernel</c>; of the emitted type, where the text is compiled for numbers of the plan.</param>
/// <param name="Kind">How weights are stored and multiplied.</param>
/// <param name="Rows">Of <see cref="KernelKind.Blocks"/>: rows whose weights of a column lie together.</param>
/// <param name="Columns">Of <see cref="KernelKind.Blocks"/>: consecutive columns of a block; 1, 2 or 4.</param>
/// <param name="Keep">Of <see cref="KernelKind.Stream"/>: N, weights kept of a group; 1 where all are.</param>
/// <param name="Group">Of <see cref="KernelKind.Stream"/>: M, weights of a group; 1 where all are kept.</param>
internal sealed record KernelPlan(string Name, KernelKind Kind, int Rows = 0, int Columns = 0, int Keep = 0, int Group = 0)
{
    /// <summary>Whether the text is compiled for something that the plan says, which is emitted as a type.</summary>
    public bool IsEmitted => Kind is not (KernelKind.Dense or KernelKind.Lists or KernelKind.BlockStream);

    /// <summary>Of <see cref="KernelKind.Blocks"/>: rows of a tile.</summary>
    public int TileRows => DataLayout.TileSize(Rows);
}
