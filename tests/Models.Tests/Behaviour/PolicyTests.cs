using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>What each policy does with gradients, masked weights and masks.</summary>
public sealed class PolicyTests
{
    private static readonly float[] Weight = [3, -1, 2, 0.5f];
    private static readonly float[] Gradient = [0.1f, 0.2f, -0.3f, 0.4f];

    /// <summary>
    /// The golden gradient of the unified rule with α = 1 and λ = 2e-4 is 0.1, 0.1998, -0.3, 0.4001; at rate 1 weights go down by it.
    /// </summary>
    [Fact]
    public void SrSte_adds_the_decay_of_masked_weights_to_their_gradient()
    {
        using var model = new OneGroup();
        model.SrSte.SetWeight(Weight);
        Assert.Equal("1010", Bits(model.SrSte));
        Steps.Update(model.SrSte, Gradient, new Sgd(1));
        AssertClose([2.9f, -1.1998f, 2.3f, 0.0999f], model.SrSte.Weight);
    }

    [Fact]
    public void SrSte_scales_gradients_but_not_the_decay()
    {
        using var model = new OneGroup();
        model.SrSte.SetWeight(Weight);
        Steps.Update(model.SrSte, Gradient, new Sgd(1), scale: 0.5f);
        AssertClose([2.95f, -1.0998f, 2.15f, 0.2999f], model.SrSte.Weight);
    }

    [Fact]
    public void SrSte_carries_the_decay_into_the_momentum()
    {
        using var model = new OneGroup();
        model.SrSte.SetWeight(Weight);
        Steps.Update(model.SrSte, Gradient, new Sgd(1, momentum: 0.5f));
        Steps.Update(model.SrSte, Gradient, new Sgd(1, momentum: 0.5f), step: 2);
        // Second step: velocity 0.5 · 0.1998 + 0.2 + 2e-4 · -1.1998.
        Assert.Equal(-1.1998f - (0.0999f + 0.2f - 0.00023996f), model.SrSte.Weight[1], 1e-6f);
    }

    [Fact]
    public void StraightThrough_updates_all_weights_with_the_dense_gradient()
    {
        using var model = new OneGroup();
        model.StraightThrough.SetWeight(Weight);
        Steps.Update(model.StraightThrough, Gradient, new Sgd(1));
        AssertClose(Gradient, model.StraightThrough.Parameters[0].Gradient);
        AssertClose([2.9f, -1.2f, 2.3f, 0.1f], model.StraightThrough.Weight);
    }

    [Fact]
    public void Static_updates_kept_weights_and_nothing_else()
    {
        using var model = new OneGroup();
        model.Static.SetWeight(Weight);
        Assert.Equal([3, 0, 2, 0], model.Static.Weight.ToArray());
        Steps.Update(model.Static, Gradient, new Sgd(1));
        AssertClose([2.9f, 0, 2.3f, 0], model.Static.Weight);
        Assert.Equal("1010", Bits(model.Static));
    }

    [Fact]
    public void Masked_weights_grow_back_under_a_dynamic_policy_only()
    {
        using var model = new OneGroup();
        foreach (var layer in model.Linears)
        {
            layer.SetWeight(Weight);
            Steps.Update(layer, [0, -10, 0, 0], new Sgd(1));
        }
        Assert.Equal(["1100", "1100", "1010"], model.Linears.Select(Bits));
        Assert.Equal(0.5, model.SrSte.FlipRate);
        Assert.Equal(0, model.Static.FlipRate);
    }

    /// <summary>
    /// The width of the layer ends within a vector and, at 1036, within the buffer that an optimizer from outside gets its gradients in.
    /// </summary>
    [Theory]
    [Trait("Category", "Kernels")]
    [InlineData(false)]
    [InlineData(true)]
    public void An_optimizer_of_the_user_sees_the_decay_of_masked_weights(bool adam)
    {
        Optimizer own = adam ? new AdamW(0.1f, weightDecay: 0.1f) : new Sgd(0.1f, momentum: 0.9f, weightDecay: 0.1f);
        using var model = new WideRows(seed: 3);
        using var other = new WideRows(seed: 3);
        for (var step = 1; step <= 3; step++)
        {
            var gradient = Values.Uniform(model.Only.Weight.Length, seed: step);
            Steps.Update(model.Only, gradient, own, step, scale: 0.5f);
            Steps.Update(other.Only, gradient, new Foreign(own), step, scale: 0.5f);
        }
        Assert.Equal(Values.Bits(model.Only.Weight), Values.Bits(other.Only.Weight));
    }

    public static TheoryData<string> Optimizers => ["sgd", "nesterov", "adamw"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Weights_pruned_by_a_static_mask_stay_exactly_zero(string name)
    {
        Optimizer optimizer = name switch
        {
            "sgd" => new Sgd(0.1f, momentum: 0.9f, weightDecay: 0.1f),
            "nesterov" => new Sgd(0.1f, momentum: 0.9f, nesterov: true, weightDecay: 0.1f),
            _ => new AdamW(0.1f, weightDecay: 0.1f),
        };
        using var model = new MixedPolicies(seed: 3);
        foreach (var layer in (Linear[])[model.Kept, model.KeptRows])
        {
            var (before, mask) = (layer.Weight.ToArray(), layer.Mask!.Copy());
            for (var step = 1; step <= 10; step++)
                Steps.Update(layer, Values.Uniform(before.Length, seed: step), optimizer, step);
            Assert.Equal(0, layer.Mask.Flips(mask));
            var after = layer.Weight;
            for (var i = 0; i < before.Length; i++)
            {
                if (mask[i / layer.Inputs, i % layer.Inputs])
                    Assert.NotEqual(before[i], after[i]);
                else
                    Assert.Equal(0, BitConverter.SingleToInt32Bits(after[i]));
            }
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_stops_the_search_for_a_mask_with_its_place()
    {
        using var model = new OneGroup();
        var error = Assert.Throws<NotFiniteNumberException>(() => Steps.Update(model.SrSte, [0, 0, float.PositiveInfinity, 0], new Sgd(1)));
        Assert.StartsWith("weight[0, 2] is -", error.Message, StringComparison.Ordinal);
    }

    private static string Bits(Linear layer) => string.Concat(Enumerable.Range(0, 4).Select(i => layer.Mask![0, i] ? '1' : '0'));

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    /// <summary>What a user may write: only the public members.</summary>
    private sealed class Foreign(Optimizer rule) : Optimizer
    {
        public override int StateCount => rule.StateCount;

        public override float LearningRate => rule.LearningRate;

        public override void Update(
            Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
            rule.Update(values, gradient, first, second, in step);
    }
}
