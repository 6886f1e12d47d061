using SparseSharp.Learning;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>The one gradient rule behind all policies with dense weights: <c>G·(m + α(1-m)) + λ(1-m)·W</c>.</summary>
[Trait("Category", "Kernels")]
public sealed class GradientRuleTests
{
    /// <summary>The group is repeated, so that whole vectors and what is left behind them see it.</summary>
    [Theory]
    [InlineData(0f, 0f, new[] { 0.1, 0, -0.3, 0 })]
    [InlineData(1f, 0f, new[] { 0.1, 0.2, -0.3, 0.4 })]
    [InlineData(1f, 2e-4f, new[] { 0.1, 0.1998, -0.3, 0.4001 })]
    [InlineData(0.25f, 0f, new[] { 0.1, 0.05, -0.3, 0.1 })]
    [InlineData(0.25f, 2e-4f, new[] { 0.1, 0.0498, -0.3, 0.1001 })]
    public void Golden_gradients(float alpha, float decay, double[] expected)
    {
        const int Length = 84;
        float[] weight = [3, -1, 2, 0.5f];
        float[] gradient = [0.1f, 0.2f, -0.3f, 0.4f];
        var mask = new Mask(1, Length);
        var (weights, gradients, result) = (new float[Length], new float[Length], new float[Length]);
        for (var i = 0; i < Length; i++)
        {
            mask[0, i] = i % 2 == 0;
            (weights[i], gradients[i]) = (weight[i % 4], gradient[i % 4]);
        }
        new MaskedDecay(mask.Row(0), new GradientRule(alpha, decay), scale: 1).Compute(0, weights, gradients, result);
        for (var i = 0; i < Length; i++)
            Assert.Equal(expected[i % 4], result[i], 1e-7);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.3f, 1e-3f)]
    [InlineData(1f, 0.1f)]
    public void Parts_of_rows_of_any_length_follow_the_rule(float alpha, float decay)
    {
        const float Scale = 0.75f;
        for (var length = 1; length < 70; length++)
        {
            const int First = 64;
            var mask = new Mask(1, First + length);
            var (weights, gradients) = (Values.Uniform(length, seed: length), Values.Uniform(length, seed: length + 100));
            for (var i = 0; i < length; i++)
                mask[0, First + i] = ((i * 7) + length) % 3 == 0;
            var result = new float[length];
            new MaskedDecay(mask.Row(0), new GradientRule(alpha, decay), Scale).Compute(First, weights, gradients, result);
            for (var i = 0; i < length; i++)
            {
                var masked = mask[0, First + i] ? 0.0 : 1;
                var expected = (Scale * gradients[i] * (1 - masked + (alpha * masked))) + (decay * masked * weights[i]);
                Assert.Equal(expected, result[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Straight_through_without_decay_is_the_gradient_itself()
    {
        Assert.True(GradientRule.Of(new NMPattern(2, 4, Transposable: false, MaskPolicy.StraightThrough)).IsPlain);
        Assert.True(GradientRule.Of(new NMPattern(2, 4, Transposable: false, Decay: 0)).IsPlain);
        Assert.False(GradientRule.Of(new NMPattern(2, 4, Transposable: false)).IsPlain);
        Assert.False(new GradientRule(Alpha: 0, Decay: 0).IsPlain);
    }
}
