using SparseSharp.Models.Tests.Kernels;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>When masks are searched again, and that everything derived from them follows.</summary>
public sealed class MaskRefreshTests
{
    public static TheoryData<string> Layers =>
        [nameof(Refreshed.EveryStep), nameof(Refreshed.EveryThird), nameof(Refreshed.AcrossGroups), nameof(Refreshed.ByDefault)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Masks_are_searched_every_so_many_optimizer_steps(string name)
    {
        using var model = new Refreshed(seed: 5);
        var layer = LayerOf(model, name);
        var pattern = layer.NMPattern();
        layer.GradInput(new float[layer.Outputs], new float[layer.Inputs]); // The other orientation has to follow too.
        Assert.Equal(0, layer.FlipRate);
        for (var step = 1; step <= 6; step++)
        {
            var (mask, flipRate) = (layer.Mask!.Copy(), layer.FlipRate);
            ReplaceWeights(layer, seed: step, step);
            if (step % pattern.RefreshEvery == 0)
            {
                Assert.Equal(0, layer.Mask!.Flips(Mask.Magnitude(layer.Weight, layer.Outputs, layer.Inputs, pattern)));
                var flips = layer.Mask.Flips(mask);
                Assert.True(flips > 0);
                Assert.Equal(flips / ((double)layer.Inputs * layer.Outputs * pattern.RefreshEvery), layer.FlipRate, 1e-12);
            }
            else
            {
                Assert.Equal(0, layer.Mask!.Flips(mask));
                Assert.Equal(flipRate, layer.FlipRate);
            }
            AssertProductsFollow(layer);
        }
    }

    [Fact]
    public void Transposable_masks_are_searched_every_forty_steps_unless_said_otherwise()
    {
        using var model = new Refreshed(seed: 5);
        Assert.Equal([1, 3, 2, 40], model.Linears.Select(layer => layer.NMPattern().RefreshEvery));
        var mask = model.ByDefault.Mask!.Copy();
        ReplaceWeights(model.ByDefault, seed: 1, step: 39);
        Assert.Equal(0, model.ByDefault.Mask.Flips(mask));
        ReplaceWeights(model.ByDefault, seed: 2, step: 40);
        Assert.NotEqual(0, model.ByDefault.Mask.Flips(mask));
    }

    [Fact]
    public void Prediction_leaves_masks_alone()
    {
        using var model = new Refreshed(seed: 5);
        ReplaceWeights(model.EveryThird, seed: 1, step: 1);
        var before = Steps.Bits(model);
        model.Predict(new float[16], new float[8]);
        Assert.Equal(before, Steps.Bits(model));
    }

    private static Linear LayerOf(Refreshed model, string name) => name switch
    {
        nameof(Refreshed.EveryStep) => model.EveryStep,
        nameof(Refreshed.EveryThird) => model.EveryThird,
        nameof(Refreshed.AcrossGroups) => model.AcrossGroups,
        _ => model.ByDefault,
    };

    /// <summary>An update whose gradient leads to random weights.</summary>
    private static void ReplaceWeights(Linear layer, int seed, int step)
    {
        var gradient = Values.Uniform(layer.Inputs * layer.Outputs, seed);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] += layer.Weight[i];
        Steps.Update(layer, gradient, new Sgd(1), step);
    }

    private static void AssertProductsFollow(Linear layer)
    {
        var reference = new LayerReference(layer);
        var x = Values.Uniform(3 * layer.Inputs, seed: 1);
        var dy = Values.Uniform(3 * layer.Outputs, seed: 2);
        var (y, dx) = (new float[dy.Length], new float[x.Length]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        Assert.InRange(Values.MaxError(reference.Forward(x), y), 0, 1e-5);
        Assert.InRange(Values.MaxError(reference.GradInput(dy), dx), 0, 1e-5);
    }
}
