using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Weights that are blocks: only those that exist are there, and all products read them in one order.</summary>
internal unsafe class BlockStore : WeightStore
{
    private Mask? _mask;

    public BlockStore(int inputs, int outputs, BlockLists lists)
    {
        (Inputs, Outputs, Lists) = (inputs, outputs, lists);
        Parameter = new NativeBuffer<float>(lists.Count);
    }

    protected int Inputs { get; }

    protected int Outputs { get; }

    /// <summary>Which blocks exist.</summary>
    public BlockLists Lists { get; private set; }

    public sealed override NativeBuffer<float> Parameter { get; }

    /// <summary>The weights that products read, in the order of the parameter.</summary>
    public virtual float* Values => Parameter.Pointer;

    public sealed override bool IsPacked => true;

    public sealed override Mask Mask => _mask ??= MakeMask();

    public override double? Density => Lists.Count / ((double)Outputs * Inputs);

    public override WeightRule MakeRule(Linear layer) => new BlockRule(layer);

    public override void SetMask(Mask mask, float* dense) { }

    public override void Pack(float* dense) => Import(new ReadOnlySpan<float>(dense, checked(Inputs * Outputs)), Parameter.Span);

    public sealed override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        dense.Clear();
        Lists.Unpack(own, dense);
    }

    public sealed override void Import(ReadOnlySpan<float> dense, Span<float> own) => Lists.Pack(dense, own);

    public override void Dispose() => Lists.Dispose();

    /// <summary>Replaces the blocks: what the parameter holds has lost its meaning then.</summary>
    protected void Replace(BlockLists lists)
    {
        Lists.Dispose();
        Lists = lists;
        _mask = null;
        Parameter.Resize(lists.Count);
    }

    private Mask MakeMask()
    {
        var mask = new Mask(Outputs, Inputs);
        Lists.Mark(mask);
        return mask;
    }
}
