using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>
/// Predictions of a few images, each of which has a part in every lane of a vector, against those of whole panels, where each lane has an
/// image.
/// </summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Kernels")]
public sealed class PartTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Kernels_poolings_and_shortcuts() => Check<CutImages>(isCut: true);

    [Fact]
    public void Images_that_become_smaller_than_parts() => Check<ShrinkingImages>(isCut: true);

    [Fact]
    public void Moved_channels() => Check<MovingParts>(isCut: true);

    [Fact]
    public void Residual_sums() => Check<ResidualImages>(isCut: true);

    [Fact]
    public void Unusual_kernels() => Check<UnusualImages>(isCut: null);

    [Fact]
    public void Layers_used_twice() => Check<SharedImages>(isCut: null);

    [Fact]
    public void Patterns() => Check<SparseImages>(isCut: null);

    [Fact]
    public void Poolings() => Check<PooledImages>(isCut: null);

    [Fact]
    public void Channels() => Check<MovedChannels>(isCut: null);

    [Fact]
    public void Activations_with_constants() => Check<ShapedImages>(isCut: null);

    [Fact]
    public void Larger_images_stay_whole() => Check<UpsampledImages>(isCut: false);

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        using var model = new CutImages(seed: 3);
        for (var samples = 1; samples < PanelGeometry.Lanes; samples++)
        {
            var inputs = Values.Uniform(samples * CutFeatures, seed: samples);
            var expected = Predict(model, inputs, threads: 1);
            foreach (var threads in (int[])[2, 3])
                Assert.Equal(Values.Bits(expected), Values.Bits(Predict(model, inputs, threads)));
        }
    }

    [Fact]
    public void A_sample_has_the_same_bits_beside_others()
    {
        using var model = new CutImages(seed: 3);
        var inputs = Values.Uniform(2 * CutFeatures, seed: 1);
        Assert.Equal(Values.Bits(model.Predict(inputs)[5..]), Values.Bits(model.Predict(inputs.AsSpan(CutFeatures))));
    }

    [Fact]
    public void Predictions_follow_new_weights_and_a_step()
    {
        using var model = new CutImages(seed: 3);
        var inputs = Values.Uniform(CutFeatures, seed: 1);
        var before = model.Predict(inputs);
        model.Stem.SetWeight(Values.Uniform(8 * 3 * 49, seed: 2));
        var after = model.Predict(inputs);
        Assert.NotEqual(Values.Bits(before), Values.Bits(after));
        AssertSame(model, inputs, after);

        using var batch = Batches.Of(12, CutFeatures, classes: 5, seed: 4);
        using (var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1)))
            trainer.Step(batch);
        var trained = model.Predict(inputs);
        Assert.NotEqual(Values.Bits(after), Values.Bits(trained));
        AssertSame(model, inputs, trained);
    }

    [Fact]
    public void Predictions_allocate_nothing()
    {
        using var model = new CutImages(seed: 3);
        foreach (var samples in (int[])[1, 2, PanelGeometry.Lanes + 1])
        {
            var (inputs, outputs) = (Values.Uniform(samples * CutFeatures, seed: 1), new float[samples * 5]);
            Assert.Equal(0, AllocationTests.Allocated(WorkerPool.Shared, () => model.Predict(inputs, outputs)));
        }
    }

    private const int CutFeatures = 3 * 45 * 39;

    private static void Check<TModel>(bool? isCut)
        where TModel : class, ISparseModel<TModel>
    {
        var descriptor = TModel.Descriptor;
        if (isCut is { } expected)
            Assert.Equal(expected, descriptor.CutsImages);
        var model = TModel.Create(seed: 7);
        foreach (var samples in (int[])[.. Enumerable.Range(1, PanelGeometry.Lanes + 3)])
        {
            var inputs = Values.Uniform(samples * descriptor.InputFeatures, seed: samples);
            var outputs = new float[samples * descriptor.OutputFeatures];
            using (var predictor = new Predictor<TModel>(model))
                predictor.Predict(inputs, outputs);
            for (var sample = 0; sample < samples; sample++)
            {
                AssertSame(
                    model, inputs.AsSpan(sample * descriptor.InputFeatures, descriptor.InputFeatures),
                    outputs.AsSpan(sample * descriptor.OutputFeatures, descriptor.OutputFeatures));
            }
        }
    }

    /// <summary>Checks the outputs for a sample against those of a panel full of it.</summary>
    private static void AssertSame<TModel>(TModel model, ReadOnlySpan<float> sample, ReadOnlySpan<float> outputs)
        where TModel : class, ISparseModel<TModel>
    {
        var inputs = new float[PanelGeometry.Lanes * sample.Length];
        for (var lane = 0; lane < PanelGeometry.Lanes; lane++)
            sample.CopyTo(inputs.AsSpan(lane * sample.Length));
        var whole = new float[PanelGeometry.Lanes * outputs.Length];
        using (var predictor = new Predictor<TModel>(model))
            predictor.Predict(inputs, whole);
        double[] expected = [.. whole.Take(outputs.Length).Select(value => (double)value)];
        Assert.InRange(Values.MaxError(expected, outputs), 0, Tolerance);
    }

    private static float[] Predict(CutImages model, float[] inputs, int threads)
    {
        using var count = new ThreadCount(threads);
        return model.Predict(inputs);
    }
}
