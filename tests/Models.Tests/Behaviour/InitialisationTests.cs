using SparseSharp.Models.Tests.Files;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Fresh weights.</summary>
public sealed class InitialisationTests
{
    [Fact]
    public void Equal_seeds_give_equal_weights_and_others_do_not()
    {
        using var model = new MixedPolicies(seed: 1);
        using var same = new MixedPolicies(seed: 1);
        using var created = Create<MixedPolicies>(seed: 1);
        Assert.Equal(Steps.Bits(model), Steps.Bits(same));
        Assert.Equal(Steps.Bits(model), Steps.Bits(created));
        foreach (var seed in (ulong[])[2, 1UL << 32, ulong.MaxValue])
        {
            using var other = new MixedPolicies(seed);
            foreach (var (layer, otherLayer) in model.Linears.Zip(other.Linears))
                AssertUnrelated(layer.Weight, otherLayer.Weight);
        }
    }

    [Fact]
    public void Layers_of_equal_shape_have_different_weights()
    {
        using var model = new Refreshed();
        AssertUnrelated(model.EveryThird.Weight, model.AcrossGroups.Weight);
        AssertUnrelated(model.EveryThird.Bias, model.AcrossGroups.Bias);
        AssertUnrelated(model.EveryThird.Weight[..264], model.EveryThird.Bias);
    }

    [Fact]
    public void Two_uses_of_a_nested_model_have_different_weights()
    {
        using var model = new SavedNet();
        AssertUnrelated(model.First.Mix.Weight, model.Second.Mix.Weight);
        AssertUnrelated(model.First.Mix.Bias, model.Second.Mix.Bias);
    }

    /// <summary>Kaiming-uniform with fan-in and a = √5: uniform between -1/√in and 1/√in.</summary>
    [Fact]
    public void Weights_and_biases_are_uniform_between_bounds_of_the_fan_in()
    {
        using var model = new Refreshed();
        foreach (var layer in model.Linears)
        {
            var bound = 1 / Math.Sqrt(layer.Inputs);
            AssertUniform(layer.Weight, bound);
            AssertUniform(layer.Bias, bound);
        }
    }

    [Fact]
    public void Fresh_masks_keep_the_largest_weights()
    {
        using var model = new Refreshed();
        foreach (var layer in model.Linears)
        {
            Assert.Equal(0, layer.Mask!.Flips(Mask.Magnitude(layer.Weight, layer.Outputs, layer.Inputs, layer.NMPattern())));
            Assert.Equal(layer.Density, layer.Mask.Density);
        }
    }

    private static TModel Create<TModel>(ulong seed)
        where TModel : class, ISparseModel<TModel> => TModel.Create(seed);

    private static void AssertUniform(ReadOnlySpan<float> values, double bound)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (double value in values)
        {
            Assert.InRange(value, -bound, bound);
            sum += value;
            squares += value * value;
        }
        // Five deviations of mean and mean square of a uniform distribution, whose variance is bound² / 3.
        var root = Math.Sqrt(values.Length);
        Assert.InRange(sum / values.Length, -5 * bound / Math.Sqrt(3) / root, 5 * bound / Math.Sqrt(3) / root);
        var spread = 5 * bound * bound * Math.Sqrt(4.0 / 45) / root;
        Assert.InRange(squares / values.Length, (bound * bound / 3) - spread, (bound * bound / 3) + spread);
    }

    /// <summary>Hardly any equal values. Weights pruned by a static mask are zero everywhere.</summary>
    private static void AssertUnrelated(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var same = 0;
        for (var i = 0; i < first.Length; i++)
            same += first[i] == second[i] && first[i] != 0 ? 1 : 0;
        Assert.InRange(same, 0, first.Length / 100);
    }
}
