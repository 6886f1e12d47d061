using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// A loss that goes through the outputs feature by feature, with a vector of samples at a time. A single sample is a block of one column.
/// </summary>
internal abstract unsafe class ColumnLoss : Loss
{
    [ThreadStatic]
    private static NativeBuffer<float>? t_gradient;

    /// <exception cref="ArgumentException">The target does not fit, or there are not as many gradients as outputs.</exception>
    public sealed override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
    {
        if (gradient.Length != output.Length)
            throw new ArgumentException($"There are {output.Length} outputs, but room for {gradient.Length} gradients.", nameof(gradient));
        fixed (float* gradients = gradient)
            return EvaluateSample(output, target, gradients).Sum;
    }

    /// <exception cref="ArgumentException">The target does not fit.</exception>
    public sealed override bool IsCorrect(ReadOnlySpan<float> output, Target target) =>
        EvaluateSample(output, target, Scratch.Reserve(ref t_gradient, output.Length)).Correct > 0;

    private protected abstract override PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale);

    private PanelLoss EvaluateSample(ReadOnlySpan<float> output, Target target, float* gradients)
    {
        CheckOutputs(output.Length);
        if (Fault(target, output.Length) is { } fault)
            throw new ArgumentException($"The sample {fault}.", nameof(target));
        var label = target.IsLabel ? target.Label : 0;
        var rows = new TargetRows(new ReadOnlySpan<int>(in label), target.Values, target.Values.Length, samples: 1);
        fixed (float* outputs = output)
            return EvaluateBlock(new PanelBlock(outputs, gradients, output.Length, width: 1, first: 0, samples: 1), rows, scale: 1);
    }
}
