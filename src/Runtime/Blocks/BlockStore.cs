using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Weights that are blocks: only those that exist are there, and all products read them in one order.</summary>
internal sealed unsafe class BlockStore : WeightStore
{
    private readonly int _outputs;
    private readonly int _inputs;
    private Mask? _mask;

    public BlockStore(int inputs, int outputs, BlockLists lists)
    {
        (_inputs, _outputs, Lists) = (inputs, outputs, lists);
        Parameter = new NativeBuffer<float>(lists.Count);
    }

    public BlockLists Lists { get; }

    public override NativeBuffer<float> Parameter { get; }

    public override bool IsPacked => true;

    public override Mask Mask => _mask ??= MakeMask();

    public override WeightRule MakeRule(Linear layer) => new BlockRule(layer);

    public override void Pack(float* dense) => Import(new ReadOnlySpan<float>(dense, checked(_inputs * _outputs)), Parameter.Span);

    public override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        dense.Clear();
        Lists.Unpack(own, dense);
    }

    public override void Import(ReadOnlySpan<float> dense, Span<float> own) => Lists.Pack(dense, own);

    public override void Dispose() => Lists.Dispose();

    private Mask MakeMask()
    {
        var mask = new Mask(_outputs, _inputs);
        foreach (var (row, column) in Lists.Weights())
            mask[row, column] = true;
        return mask;
    }
}
