using System.Globalization;

namespace SparseSharp.Training;

/// <summary>
/// Huber's loss, the mean over the features of a sample: the gradient is the difference, cut off at delta, divided by the features.
/// </summary>
internal sealed class HuberLoss(double delta) : Loss
{
    public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var difference = (double)output[i] - target.Values[i];
            var slope = Math.Clamp(difference, -delta, delta);
            sum += slope * (difference - (slope / 2));
            gradient[i] = (float)(slope / output.Length);
        }
        return sum / output.Length;
    }

    public override string? Fault(Target target, int outputs) => ValuesFault(target, outputs);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Huber({delta})");
}
