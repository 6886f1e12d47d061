using SparseSharp.Blocks;
using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp;

/// <summary>
/// Blocks with a trainable scale each, which counts from 0 to 1, and a penalty that drives the scales of useless blocks to 0 (DBSR, Vooturi et al., 2019).
/// All weights are there while they are trained; <see cref="Linear.FoldBlocks"/> then drops blocks without a positive scale, and files hold the others only.
/// </summary>
/// <remarks>The loss that is reported does not include the penalty.</remarks>
/// <param name="Rows">Rows of a block; divides the output features.</param>
/// <param name="Columns">Columns of a block; divides the input features.</param>
/// <param name="Penalty">Gamma: what is minimised is the loss plus <c>gamma·Σ|scale|</c>.</param>
public sealed record LearnedBlockPattern(int Rows, int Columns, float Penalty) : BlockPattern
{
    /// <summary>1: what is kept is not known before it is learned. A layer tells what it keeps (<see cref="Linear.Density"/>).</summary>
    public override double Density => 1;

    internal override (int Rows, int Columns) Block => (Rows, Columns);

    internal override string Identity => FormattableString.Invariant($"{this}, penalty {Penalty}");

    /// <summary>For example <c>learned blocks 4x4</c>.</summary>
    public override string ToString() => $"learned blocks {Rows}x{Columns}";

    internal override void Check(int inputs, int outputs)
    {
        base.Check(inputs, outputs);
        if (Penalty is not (>= 0 and < float.PositiveInfinity))
            throw new ArgumentException(FormattableString.Invariant($"The penalty {Penalty} must be a finite number of at least 0."));
    }

    /// <summary>All that are not zero: those of a layer that was saved after training.</summary>
    internal override Mask Choose(ReadOnlySpan<float> weight, int outputs, int inputs) => BlockMask.NonZero(weight, outputs, inputs, Rows, Columns);

    internal override WeightStore MakeStore(int inputs, int outputs, LinearOperations operations, bool rounds)
    {
        CheckKernels(operations);
        return new LearnedBlockStore(inputs, outputs, this, operations.Block!.Value.Columns, rounds);
    }
}
