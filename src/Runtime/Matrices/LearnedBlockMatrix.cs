using System.Numerics.Tensors;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

namespace SparseSharp.Matrices;

/// <summary>Blocks with a trainable scale each. Products read the scaled weights.</summary>
internal sealed unsafe class LearnedBlockMatrix(int rows, int columns, LearnedBlockPattern pattern, int kernelColumns, bool rounds)
    : ChosenBlockMatrix(rows, columns, pattern, kernelColumns, rounds, derives: true)
{
    private readonly PinnedBuffer<float> _scaled = new(0);
    private readonly PinnedBuffer<float> _scales = new(0);
    private Parameter? _parameter;

    public override Parameter Scales => _parameter ??= new Parameter(StateNames.BlockScales, _scales, decays: false);

    public override float* Values => _scaled.Pointer;

    /// <summary>Weights of a block.</summary>
    public int BlockSize => pattern.Rows * pattern.Columns;

    /// <summary>Share of the weights whose block has a positive scale.</summary>
    public override double KeptShare => Live * BlockSize / ((double)Rows * Columns);

    public override Mask EffectiveMask
    {
        get
        {
            var weight = new float[Columns * Rows];
            var live = new float[Memory.Length];
            for (var block = 0; block < _scales.Length; block++)
                live.AsSpan(block * BlockSize, BlockSize).Fill(_scales.Span[block] > 0 ? 1 : 0);
            Export(live, weight);
            return BlockMask.Expand(BlockMask.NonZero(weight, Rows, Columns, pattern.Rows, pattern.Columns), pattern.Rows, pattern.Columns);
        }
    }

    /// <summary>What a scale counts for.</summary>
    public static float Clamp(float scale) => Math.Clamp(scale, 0, 1);

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

    /// <summary>New weights begin with scales of 1.</summary>
    public override void Pack(float* dense)
    {
        base.Pack(dense);
        _scaled.Resize(Memory.Length);
        _scales.Resize(Memory.Length / BlockSize);
        _scales.Span.Fill(1);
        ScaleBlocks(..(int)_scales.Length);
    }

    /// <inheritdoc/>
    public override void SetScales(ReadOnlySpan<float> scales)
    {
        NoteChange();
        scales.CopyTo(_scales.Span);
        ScaleBlocks(..scales.Length);
    }

    /// <inheritdoc/>
    protected override bool IsUsed(int block) => _scales.Span[block] > 0;

    /// <inheritdoc/>
    public override void Save(IStateWriter writer)
    {
        base.Save(writer);
        if (_scales.Length > 0)
            _scales.Span.CopyTo(writer.AddFloats(StateNames.BlockScales, _scales.Length));
    }

    /// <inheritdoc/>
    protected override Action Restore(IStateReader reader, float[] weight, Mask mask)
    {
        var restore = base.Restore(reader, weight, mask);
        var blocks = mask.Count / BlockSize;
        var scales = blocks == 0 ? [] : reader.Floats(StateNames.BlockScales, blocks);
        return () =>
        {
            restore();
            SetScales(scales);
        };
    }

    /// <summary>Scales the weights of some blocks again.</summary>
    public void ScaleBlocks(Range blocks)
    {
        var (first, count) = blocks.GetOffsetAndLength((int)_scales.Length);
        for (var block = first; block < first + count; block++)
        {
            var scale = Clamp(_scales.Span[block]);
            var at = block * BlockSize;
            TensorPrimitives.Multiply(Memory.Span.Slice(at, BlockSize), scale, _scaled.Span.Slice(at, BlockSize));
        }
        if (RoundsWeights)
            BFloat16.RoundInPlace(_scaled.Span.Slice(first * BlockSize, count * BlockSize));
    }

    public override void Dispose()
    {
        base.Dispose();
        _scaled.Dispose();
    }
}
