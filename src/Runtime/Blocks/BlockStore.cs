using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Weights that are blocks: only those that exist are there, and all products read them in one order.</summary>
internal unsafe class BlockStore : WeightStore
{
    private readonly PinnedBuffer<float>? _rounded;
    private Mask? _mask;

    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="lists">Which blocks exist.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16, which are then beside the parameter.</param>
    public BlockStore(int inputs, int outputs, BlockLists lists, bool rounds)
    {
        (Inputs, Outputs, Lists) = (inputs, outputs, lists);
        Parameter = new PinnedBuffer<float>(lists.Count);
        _rounded = rounds ? new PinnedBuffer<float>(lists.Count) : null;
    }

    protected int Inputs { get; }

    protected int Outputs { get; }

    /// <summary>Which blocks exist.</summary>
    public BlockLists Lists { get; private set; }

    public sealed override PinnedBuffer<float> Parameter { get; }

    /// <summary>The weights that products read, in the order of the parameter.</summary>
    public virtual float* Values => _rounded is null ? Parameter.Pointer : _rounded.Pointer;

    public sealed override bool IsPacked => true;

    public sealed override Mask Mask => _mask ??= MakeMask();

    public override double? Density => Lists.Count / ((double)Outputs * Inputs);

    public override WeightRule MakeRule(Linear layer) => new BlockRule(layer);

    public override void SetMask(Mask mask, float* dense) { }

    public override void Pack(float* dense)
    {
        Import(new ReadOnlySpan<float>(dense, checked(Inputs * Outputs)), Parameter.Span);
        Refresh(..(int)Parameter.Length);
    }

    /// <summary>Brings what products read up to date with some weights of the parameter.</summary>
    public void Refresh(Range weights)
    {
        if (_rounded is not null)
            BFloat16.Round(Parameter.Span[weights], _rounded.Span[weights]);
    }

    public sealed override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        dense.Clear();
        Lists.Unpack(own, dense);
    }

    public sealed override void Import(ReadOnlySpan<float> dense, Span<float> own) => Lists.Pack(dense, own);

    public override void Dispose()
    {
        Lists.Dispose();
        _rounded?.Dispose();
    }

    /// <summary>Replaces the blocks: what the parameter holds has lost its meaning then.</summary>
    protected void Replace(BlockLists lists)
    {
        Lists.Dispose();
        Lists = lists;
        _mask = null;
        Parameter.Resize(lists.Count);
        _rounded?.Resize(lists.Count);
    }

    private Mask MakeMask()
    {
        var mask = new Mask(Outputs, Inputs);
        Lists.Mark(mask);
        return mask;
    }
}
