using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>Weights that are blocks: only those that exist are there, and all products read them in one order.</summary>
internal abstract unsafe class BlockMatrix : Matrix
{
    private readonly PinnedBuffer<float>? _rounded;
    private Mask? _mask;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="pattern">Which blocks there may be.</param>
    /// <param name="lists">Which blocks exist.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="derives">Whether the derived class holds the weights in use, and then rounds them; else rounded ones are beside the
    /// parameter.</param>
    protected BlockMatrix(int rows, int columns, SparsityPattern pattern, BlockLists lists, bool rounds, bool derives = false)
        : base(rows, columns, pattern, rounds)
    {
        Lists = lists;
        Memory = new PinnedBuffer<float>(lists.Count);
        _rounded = rounds && !derives ? new PinnedBuffer<float>(lists.Count) : null;
    }

    /// <summary>Which blocks exist.</summary>
    public BlockLists Lists { get; private set; }

    public sealed override PinnedBuffer<float> Memory { get; }

    /// <summary>The weights that products read, in the order of the parameter.</summary>
    public virtual float* Values => _rounded is null ? Memory.Pointer : _rounded.Pointer;

    public sealed override bool IsPacked => true;

    public sealed override Mask Mask => _mask ??= MakeMask();

    public sealed override long? IndexBytes => Lists.IndexBytes;

    public override double KeptShare => Lists.Count / ((double)Rows * Columns);

    public override void SetMask(Mask mask, float* dense) { }

    public override void Pack(float* dense)
    {
        Import(new ReadOnlySpan<float>(dense, checked(Columns * Rows)), Memory.Span);
        Refresh(..(int)Memory.Length);
    }

    /// <summary>Brings what products read up to date with some weights of the parameter.</summary>
    public void Refresh(Range weights)
    {
        if (_rounded is not null)
            BFloat16.Round(Memory.Span[weights], _rounded.Span[weights]);
    }

    public sealed override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        dense.Clear();
        Lists.Unpack(own, dense);
    }

    public sealed override void CopyInUse(Span<float> target)
    {
        target.Clear();
        Lists.Unpack(new ReadOnlySpan<float>(Values, checked((int)Memory.Length)), target);
    }

    public sealed override void Import(ReadOnlySpan<float> dense, Span<float> own) => Lists.Pack(dense, own);

    public sealed override void FindPlaces(Span<int> places)
    {
        places.Fill(-1);
        Lists.FindPlaces(places);
    }

    public override void Dispose()
    {
        base.Dispose();
        Lists.Dispose();
        _rounded?.Dispose();
    }

    /// <summary>Whether a file has blocks; throws if it has weights in another packed form.</summary>
    protected bool HasBlocks(IWeightReader reader)
    {
        reader.HasFull(WeightNames.Blocks);
        if (reader.Has(WeightNames.Blocks))
            return true;
        return reader.Has(WeightNames.Values)
            ? throw reader.Fault($"tensor '{reader.NameOf(WeightNames.Values)}' holds weights with {reader.StoredPattern} sparsity, but {reader.Owner} has {Pattern}.")
            : false;
    }

    /// <summary>Replaces the blocks: what the parameter holds has lost its meaning then.</summary>
    protected void Replace(BlockLists lists)
    {
        Lists.Dispose();
        Lists = lists;
        _mask = null;
        Memory.Resize(lists.Count);
        _rounded?.Resize(lists.Count);
    }

    private Mask MakeMask()
    {
        var mask = new Mask(Rows, Columns);
        Lists.Mark(mask);
        return mask;
    }
}
