using System.Globalization;
using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Numerics;

/// <summary>What is made of K-TanH: sigmoid, swish and GELU, and the derivatives.</summary>
public sealed class ApproximateActivationTests
{
    [Theory]
    [InlineData(ActivationKind.KSigmoid, 1, "3F3C")]
    [InlineData(ActivationKind.KSigmoid, -1, "3E88")]
    [InlineData(ActivationKind.KSigmoid, 4, "3F7C")]
    [InlineData(ActivationKind.KSwish, 2, "3FE0")]
    [InlineData(ActivationKind.KSwish, -4, "BD90")]
    [InlineData(ActivationKind.KGelu, 1, "3F57")]
    [InlineData(ActivationKind.KGelu, -1, "BE24")]
    [InlineData(ActivationKind.KGelu, 2, "3FFA")]
    [InlineData(ActivationKind.KGelu, -4, "8000")]
    public void Golden_values_rounded_to_bfloat16(ActivationKind kind, float x, string expected) =>
        Assert.Equal(expected, ((BFloat16)Apply(kind, [x])[0]).Bits.ToString("X4", CultureInfo.InvariantCulture));

    /// <summary>Bounds that were measured over a fine grid; what lies outside of it is saturated.</summary>
    [Theory]
    [InlineData(ActivationKind.KTanh, ActivationKind.Tanh, .0104, .0100)]
    [InlineData(ActivationKind.KSigmoid, ActivationKind.Sigmoid, .0053, .0040)]
    [InlineData(ActivationKind.KSwish, ActivationKind.Silu, .0149, .0146)]
    [InlineData(ActivationKind.KGelu, ActivationKind.Gelu, .0074, .0072)]
    public void The_largest_error_is_known(ActivationKind kind, ActivationKind exact, double bound, double reached)
    {
        var x = Enumerable.Range(-120_000, 240_001).Select(i => i / 10_000f).ToArray();
        var largest = Apply(kind, x).Zip(Apply(exact, x), (y, expected) => (double)Math.Abs(y - expected)).Max();
        Assert.InRange(largest, reached, bound);
    }

    /// <summary>The derivative of the exact function, with the approximation in the place of the function.</summary>
    [Fact]
    public void Derivatives_are_those_of_the_exact_functions_at_the_approximate_outputs()
    {
        var x = Enumerable.Range(-500, 1001).Select(i => i / 100f).ToArray();
        var tanh = Apply(ActivationKind.KTanh, x);
        AssertSlopes(ActivationKind.KTanh, tanh, i => 1 - ((double)tanh[i] * tanh[i]));

        var sigmoid = Apply(ActivationKind.KSigmoid, x);
        AssertSlopes(ActivationKind.KSigmoid, sigmoid, i => sigmoid[i] * (1.0 - sigmoid[i]));
        AssertSlopes(ActivationKind.KSwish, x, i => sigmoid[i] + (x[i] * sigmoid[i] * (1.0 - sigmoid[i])));

        var inner = Array.ConvertAll(x, v => 0.7978845608f * (v + (0.044715f * v * v * v)));
        var gate = Apply(ActivationKind.KTanh, inner);
        AssertSlopes(
            ActivationKind.KGelu, x,
            i => (.5 * (1 + gate[i])) + (.5 * x[i] * (1 - (gate[i] * gate[i])) * 0.7978845608 * (1 + (3 * 0.044715 * x[i] * x[i]))),
            tolerance: .02, nearly: .98);
    }

    /// <summary>
    /// Where a factor is rounded before the table is asked, a neighbouring entry may answer: then a few values differ a little.
    /// </summary>
    private static void AssertSlopes(
        ActivationKind kind, float[] saved, Func<int, double> slope, double tolerance = 1e-6, double nearly = 1)
    {
        var dy = Enumerable.Repeat(2f, saved.Length).ToArray();
        var dx = new float[saved.Length];
        ActivationMath.Backward(kind, dy, saved, dx, accumulate: false);
        var errors = Enumerable.Range(0, dx.Length).Select(i => Math.Abs((2 * slope(i)) - dx[i])).ToArray();
        Assert.InRange(errors.Max(), 0, tolerance);
        Assert.True(errors.Count(error => error <= 3e-6) >= nearly * errors.Length);
    }

    private static float[] Apply(ActivationKind kind, float[] x)
    {
        var y = new float[x.Length];
        ActivationMath.Apply(kind, x, y);
        return y;
    }
}
