namespace SparseSharp.Models.Tests.Testing;

/// <summary>Gradients against central differences of a loss in double precision.</summary>
/// <param name="loss">The loss for the values as they are.</param>
/// <param name="step">How far values are moved.</param>
/// <param name="tolerance">Relative to the largest gradient of a tensor.</param>
/// <param name="perTensor">Values of a tensor that are moved, about.</param>
internal sealed class CentralDifferences(Func<double> loss, double step, double tolerance, int perTensor)
{
    /// <summary>
    /// What counts as the largest gradient at least; 0 where a tensor without a gradient is a fault.
    /// </summary>
    public double LeastScale { get; init; }

    /// <summary>Compares the gradient of a tensor.</summary>
    /// <param name="name">Of the tensor, for messages.</param>
    /// <param name="values">Its values, which the loss is computed from.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="isFree">Whether a value has a gradient, else 0; null where all have one.</param>
    public void Check(string name, double[] values, ReadOnlySpan<float> gradient, Func<int, bool>? isFree = null)
    {
        Assert.Equal(values.Length, gradient.Length);
        var scale = LeastScale;
        foreach (var slope in gradient)
            scale = Math.Max(scale, Math.Abs((double)slope));
        Assert.True(scale > 0, $"{name}: the gradient is zero everywhere");
        var stride = Math.Max(1, values.Length / perTensor) | 1; // Odd, so that it walks over all columns.
        for (var i = 0; i < values.Length; i += stride)
        {
            if (isFree?.Invoke(i) == false)
            {
                Assert.Equal(0, gradient[i]);
                continue;
            }
            var value = values[i];
            values[i] = value + step;
            var above = loss();
            values[i] = value - step;
            var below = loss();
            values[i] = value;
            var expected = (above - below) / (2 * step);
            Assert.True(
                Math.Abs(expected - gradient[i]) <= tolerance * scale,
                $"{name}[{i}]: {gradient[i]:G7} instead of {expected:G7}, the largest is {scale:G3}");
        }
    }
}
