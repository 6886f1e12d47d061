using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>What is set on a layer can be read from it, and what does not fit is refused.</summary>
public sealed class LayerStateTests
{
    [Fact]
    public void Weights_come_back_as_they_were_set()
    {
        using var model = new MixedPolicies();
        foreach (var layer in model.Linears)
        {
            var weight = Values.Uniform(layer.Inputs * layer.Outputs, seed: 1);
            layer.SetWeight(weight);
            Assert.Equal(Values.Bits(Expected(layer, weight)), Values.Bits(layer.Weight));
            if (layer.Pattern is NMPattern pattern)
                Assert.Equal(0, layer.Mask!.Flips(Mask.Magnitude(weight, layer.Outputs, layer.Inputs, pattern)));
        }
    }

    [Fact]
    public void Weights_come_back_under_a_given_mask()
    {
        using var model = new MixedPolicies();
        foreach (var layer in model.Linears.Where(layer => layer.Pattern is not null))
        {
            var weight = Values.Uniform(layer.Inputs * layer.Outputs, seed: 1);
            var mask = RandomMask(layer, seed: 2);
            layer.SetWeight(weight, mask);
            Assert.Equal(0, layer.Mask!.Flips(mask));
            Assert.NotSame(mask, layer.Mask);
            Assert.Equal(Values.Bits(Expected(layer, weight)), Values.Bits(layer.Weight));
        }
    }

    [Fact]
    public void A_new_mask_keeps_master_weights_and_starts_new_weights_of_a_static_one_at_zero()
    {
        using var model = new MixedPolicies();
        foreach (var layer in model.Linears.Where(layer => layer.Pattern is not null))
        {
            var weight = layer.Weight.ToArray();
            layer.SetMask(RandomMask(layer, seed: 3));
            Assert.Equal(Expected(layer, weight), layer.Weight.ToArray());
        }
    }

    [Fact]
    public void A_new_static_mask_takes_the_optimizer_state_along()
    {
        using var model = new MixedPolicies();
        foreach (var layer in (Linear[])[model.Kept, model.KeptRows])
        {
            var (weight, count) = (layer.Parameters[0], layer.Inputs * layer.Outputs);
            Steps.Update(layer, Values.Uniform(count, seed: 1), new AdamW(0.1f));
            var before = (float[][])[Dense(layer, weight.State(0)), Dense(layer, weight.State(1))];
            layer.SetMask(RandomMask(layer, seed: 4));
            Assert.Equal(Expected(layer, before[0]), Dense(layer, weight.State(0)));
            Assert.Equal(Expected(layer, before[1]), Dense(layer, weight.State(1)));
            Assert.Contains(before[1], value => value > 0);
        }
    }

    [Fact]
    public void Biases_come_back_and_are_added()
    {
        using var model = new MixedPolicies();
        foreach (var layer in model.Linears.Where(layer => !layer.Bias.IsEmpty))
        {
            var bias = Values.Uniform(layer.Outputs, seed: 5);
            layer.SetBias(bias);
            Assert.Equal(bias, layer.Bias.ToArray());
            var y = new float[layer.Outputs];
            layer.Forward(new float[layer.Inputs], y);
            Assert.Equal(bias, y);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_what_would()
    {
        using var model = new MixedPolicies();
        Assert.Contains(
            "The weight has 5 values; this layer needs 48 x 37.", Refused<ArgumentException>(() => model.Stem.SetWeight(new float[5])),
            StringComparison.Ordinal);
        var broken = new float[48 * 37];
        broken[(3 * 37) + 5] = float.NaN;
        Assert.Contains("NaN at row 3, column 5", Refused<ArgumentException>(() => model.Stem.SetWeight(broken)), StringComparison.Ordinal);
        Assert.Contains(
            "The bias has 47 values; this layer needs 48.", Refused<ArgumentException>(() => model.Stem.SetBias(new float[47])),
            StringComparison.Ordinal);
        Assert.Contains(
            "Bias = true", Refused<InvalidOperationException>(() => model.Rows.SetBias(new float[30])), StringComparison.Ordinal);
        Assert.Contains(
            "[NMSparse]", Refused<InvalidOperationException>(() => model.Stem.SetMask(new Mask(48, 37))), StringComparison.Ordinal);
        Assert.Contains(
            "row 0 keeps 0 of columns 0 to 3", Refused<ArgumentException>(() => model.Tiles.SetMask(new Mask(48, 48))),
            StringComparison.Ordinal);
        Assert.Contains(
            "The mask is [48, 47]", Refused<ArgumentException>(() => model.Tiles.SetMask(new Mask(48, 47))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_weight_changes_nothing()
    {
        using var model = new MixedPolicies();
        var before = Steps.Bits(model);
        var broken = Values.Uniform(48 * 48, seed: 6);
        broken[^1] = float.PositiveInfinity;
        Assert.Throws<ArgumentException>(() => model.Tiles.SetWeight(broken));
        Assert.Throws<ArgumentException>(() => model.Kept.SetWeight(Values.Uniform(48 * 48, seed: 6), new Mask(48, 48)));
        Assert.Equal(before, Steps.Bits(model));
    }

    /// <summary>
    /// Weights in use, masks and biases of a trained model; masked and soft-thresholded master weights are no part of the file.
    /// </summary>
    [Fact]
    public void A_trained_model_is_loaded_with_the_same_bits()
    {
        var directory = Directory.CreateTempSubdirectory("sparsesharp-");
        try
        {
            var path = Path.Combine(directory.FullName, "mixed.safetensors");
            using var model = new MixedPolicies(seed: 8);
            using var batch = Steps.RandomBatch(32, 37, 6, seed: 9);
            using var pool = new SparseSharp.Workers.WorkerPool(1);
            using var pass = new TrainingPass<MixedPolicies>(model, pool);
            for (var step = 1; step <= 3; step++)
                Steps.Run(pass, batch, new Sgd(0.1f), step);
            model.Save(path);
            using var loaded = MixedPolicies.Load(path);
            foreach (var (layer, other) in model.Linears.Zip(loaded.Linears))
            {
                Assert.Equal(layer.Bias.ToArray(), other.Bias.ToArray());
                if (layer.Mask is { } mask)
                    Assert.Equal(0, mask.Flips(other.Mask!));
                Assert.Equal(Effective(layer), Effective(other));
            }
            var (expected, actual) = (new float[32 * 6], new float[32 * 6]);
            model.Predict(batch.Inputs, expected);
            loaded.Predict(batch.Inputs, actual);
            Assert.Equal(Values.Bits(expected), Values.Bits(actual));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Refused<TException>(Action action)
        where TException : Exception => Assert.Throws<TException>(action).Message;

    /// <summary>Weights as the layer shows them: masked ones are zero under a static mask.</summary>
    private static float[] Expected(Linear layer, float[] weight) =>
        layer.Pattern is NMPattern { Policy: MaskPolicy.Static or MaskPolicy.Regrow } ? Masked(layer, weight) : weight;

    private static float[] Effective(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }

    private static float[] Masked(Linear layer, float[] weight) =>
        [.. weight.Select((value, i) => layer.Mask is { } mask && !mask[i / layer.Inputs, i % layer.Inputs] ? 0 : value)];

    private static Mask RandomMask(Linear layer, int seed) =>
        Mask.Magnitude(Values.Uniform(layer.Inputs * layer.Outputs, seed), layer.Outputs, layer.Inputs, layer.NMPattern());

    private static float[] Dense(Linear layer, ReadOnlySpan<float> own)
    {
        var dense = new float[layer.Inputs * layer.Outputs];
        layer.Matrix.Export(own, dense);
        return dense;
    }
}
