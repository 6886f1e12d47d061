namespace SparseSharp.Matrices;

/// <summary>Fills the packed forms of a layer from its mask and its master weights <c>[rows, depth]</c>.</summary>
internal abstract unsafe class BucketPacker(Mask mask, BucketWeights forward, BucketWeights? transposed) : IDisposable
{
    protected Mask Mask { get; } = mask;

    protected BucketWeights Forward { get; } = forward;

    /// <summary>The other orientation, if it exists.</summary>
    protected BucketWeights? Transposed { get; } = transposed;

    /// <summary>Row blocks of a group: one depth block of the other orientation.</summary>
    protected int GroupBlocks => Forward.DepthBlock / 4;

    /// <summary>Sorts the columns of a group's rows by the mask and packs the weights, in both orientations.</summary>
    public abstract void Build(float* master, int group);

    /// <summary>Packs the weights of blocks <c>[first, end)</c> of a group again, in both orientations; the mask has not changed.</summary>
    public abstract void Load(float* master, int first, int end);

    /// <summary>Copies a group's packed weights to the other orientation, if there is one; the mask has not changed.</summary>
    public abstract void Transfer(int group);

    /// <summary>Prepares <see cref="Transfer"/> after all groups were built, where that needs more than the packed forms.</summary>
    /// <param name="positions">Memory for one number per packed weight.</param>
    /// <param name="slots">Memory for one number per element of <c>[rows, depth]</c>.</param>
    public virtual void Complete(Span<int> positions, Span<int> slots) { }

    /// <summary>As above, with memory for this once.</summary>
    public void Complete() => Complete(new int[Forward.Values.Length], new int[(long)Forward.Rows * Forward.Depth]);

    /// <summary>The position in <c>[rows, depth]</c> of every packed weight, or -1 for room that is not used.</summary>
    public void Positions(Span<int> positions)
    {
        positions.Fill(-1);
        for (var group = 0; group * GroupBlocks < Forward.Blocks; group++)
            Positions(group, positions);
    }

    /// <summary>Writes the positions of the weights of a group, and leaves alone what else there is.</summary>
    public abstract void Positions(int group, Span<int> positions);

    public virtual void Dispose() { }

    protected (int First, int End) Blocks(int group) => (group * GroupBlocks, Math.Min(Forward.Blocks, (group + 1) * GroupBlocks));
}
