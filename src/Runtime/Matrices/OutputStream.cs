using System.Numerics;
using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>A stream of all weights or of N of every M, for kernels that have outputs side by side (<see cref="StreamRun"/>).</summary>
internal sealed unsafe class OutputStream : WeightStream
{
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _keep;
    private readonly int _group;
    private readonly int _selectorBits;
    private readonly int _stepInputs;
    private readonly PinnedBuffer<uint> _words;

    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="keep">N; 1 where all weights are kept.</param>
    /// <param name="group">M; 1 where all weights are kept.</param>
    /// <param name="selectorBits">Bits of a selector, or 0.</param>
    /// <param name="stepInputs">Inputs of a step.</param>
    /// <param name="halves">Whether to store weights as bfloat16.</param>
    public OutputStream(int inputs, int outputs, int keep, int group, int selectorBits, int stepInputs, bool halves)
    {
        (_inputs, _outputs, _keep, _group) = (inputs, outputs, keep, group);
        (_selectorBits, _stepInputs, Halves) = (selectorBits, stepInputs, halves);
        Steps = (inputs + stepInputs - 1) / stepInputs;
        Blocks = (outputs + BlockOutputs - 1) / BlockOutputs;
        BlockStride = Steps * StepWords;
        _words = new PinnedBuffer<uint>(Blocks * BlockStride);
    }

    /// <summary>Outputs of a block: two vectors.</summary>
    public static int BlockOutputs => 2 * PanelGeometry.Lanes;

    /// <summary>Whether weights are stored as bfloat16, two in a word.</summary>
    public bool Halves { get; }

    /// <summary>Steps of inputs.</summary>
    public int Steps { get; }

    public int Blocks { get; }

    /// <summary>Words of a block.</summary>
    public nint BlockStride { get; }

    public override long Bytes => _words.Length * sizeof(uint);

    /// <summary>Weights of an output in a step.</summary>
    private int Slots => _stepInputs / _group * _keep;

    /// <summary>Words of a block in a step.</summary>
    private nint StepWords => ((_selectorBits > 0 ? 1 : 0) + (Halves ? Slots / 2 : Slots)) * BlockOutputs;

    /// <summary>The words of a block.</summary>
    public ref uint Block(int block) => ref _words.Pointer[block * BlockStride];

    public override void Fill(Matrix matrix, ReadOnlySpan<float> weight)
    {
        _words.Span.Clear();
        for (var output = 0; output < _outputs; output++)
        {
            var row = weight.Slice(output * _inputs, _inputs);
            var words = _words.Pointer + (output / BlockOutputs * BlockStride) + (output % BlockOutputs);
            for (var first = 0; first < _inputs; first += _stepInputs, words += StepWords)
                FillStep(row, matrix.Mask is { } mask ? mask.Row(output) : [], first, words);
        }
    }

    public override void Dispose() => _words.Dispose();

    private void FillStep(ReadOnlySpan<float> row, ReadOnlySpan<ulong> kept, int first, uint* words)
    {
        var weights = words + (_selectorBits > 0 ? BlockOutputs : 0);
        var end = Math.Min(first + _stepInputs, row.Length);
        for (var (start, slot) = (first, 0); start < end; start += _group, slot += _keep)
        {
            var bits = _selectorBits > 0 ? MaskBits.Read(kept, start, _group) : 1;
            if (BitOperations.PopCount(bits) > _keep)
                throw new InvalidOperationException($"The mask keeps more than {_keep} of {_group} weights.");
            for (var place = slot; bits != 0; bits &= bits - 1, place++)
            {
                var input = start + BitOperations.TrailingZeroCount(bits);
                if (_selectorBits > 0)
                    *words |= (uint)((input - first) & ((1 << _selectorBits) - 1)) << (place * _selectorBits);
                weights[(Halves ? place / 2 : place) * BlockOutputs] |= WordOf(row[input], Halves, place);
            }
        }
    }
}
