using System.Numerics.Tensors;
using SparseSharp.Blocks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Blocks with a trainable scale each. Products read the scaled weights.</summary>
internal sealed unsafe class LearnedBlockStore(int inputs, int outputs, LearnedBlockPattern pattern, int kernelColumns, bool rounds)
    : ChosenBlockStore(inputs, outputs, pattern, kernelColumns, rounds: false)
{
    private readonly PinnedBuffer<float> _scaled = new(0);
    private readonly PinnedBuffer<float> _scales = new(0);
    private Parameter? _parameter;

    public override Parameter Scales => _parameter ??= new Parameter("block_scales", _scales, decays: false);

    public override float* Values => _scaled.Pointer;

    /// <summary>Weights of a block.</summary>
    public int BlockSize => pattern.Rows * pattern.Columns;

    /// <summary>Share of the weights whose block has a positive scale.</summary>
    public override double? Density => Live * BlockSize / ((double)Inputs * Outputs);

    public override Mask EffectiveMask
    {
        get
        {
            var weight = new float[Inputs * Outputs];
            var live = new float[Parameter.Length];
            for (var block = 0; block < _scales.Length; block++)
                live.AsSpan(block * BlockSize, BlockSize).Fill(_scales.Span[block] > 0 ? 1 : 0);
            Export(live, weight);
            return BlockMask.Expand(BlockMask.NonZero(weight, Outputs, Inputs, pattern.Rows, pattern.Columns), pattern.Rows, pattern.Columns);
        }
    }

    private int Live
    {
        get
        {
            var live = 0;
            foreach (var scale in _scales.Span)
                live += scale > 0 ? 1 : 0;
            return live;
        }
    }

    public override WeightRule MakeRule(Linear layer) => new LearnedBlockRule(layer, pattern);

    /// <summary>New weights begin with scales of 1.</summary>
    public override void Pack(float* dense)
    {
        base.Pack(dense);
        _scaled.Resize(Parameter.Length);
        _scales.Resize(Parameter.Length / BlockSize);
        _scales.Span.Fill(1);
        Scale(..(int)_scales.Length);
    }

    /// <summary>Scales the weights of some blocks again.</summary>
    public void Scale(Range blocks)
    {
        var (first, count) = blocks.GetOffsetAndLength((int)_scales.Length);
        for (var block = first; block < first + count; block++)
        {
            var scale = LearnedBlockRule.Clamp(_scales.Span[block]);
            var at = block * BlockSize;
            TensorPrimitives.Multiply(Parameter.Span.Slice(at, BlockSize), scale, _scaled.Span.Slice(at, BlockSize));
        }
        if (rounds)
            BFloat16.RoundInPlace(_scaled.Span.Slice(first * BlockSize, count * BlockSize));
    }

    public override void Dispose()
    {
        base.Dispose();
        _scaled.Dispose();
    }
}
