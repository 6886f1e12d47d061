using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;
using static SparseSharp.Models.Tests.Convolutions.ConvolutionModelTests;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Models with operations on images, and activations with constants, against sums in double precision.</summary>
public sealed class ImageOperationTests
{
    /// <summary>The models whose gradients are checked here.</summary>
    public static IEnumerable<Type> Models =>
        [typeof(PooledImages), typeof(MovedChannels), typeof(UpsampledImages), typeof(ShapedImages), typeof(PooledInput)];

    [Theory]
    [InlineData(1)]
    [InlineData(21)]
    public void Poolings(int samples) => Check<PooledImages>(samples, (2, 11, 10), Kinked, (model, r, image) =>
    {
        var x = r.Convolve(model.Stem, image).Relu().MaxPool(3, 2, 1);
        var y = r.Convolve(model.Body, x);
        y = y.MaxPool(2, 1).Relu() + (y.AveragePool((2, 2), (1, 1), (0, 0), false, true) * y.MaxPool(2, 1));
        y = r.Convolve(model.Last, y).Relu();
        var z = y.AveragePool((2, 3), (2, 2), (1, 1), ceil: true, countsPadding: false).Tanh() + y.AdaptiveAveragePool(3, 3);
        var wide = y.Upsample(1, UpsampleMode.Nearest);
        z += MaxOf(wide, 3, 2).AdaptiveAveragePool(3, 3);
        z = z.AdaptiveAveragePool(2, 3);
        return r.Linear(model.Head, Vector(z).Concat(y.GlobalMaxPool()));
    });

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    public void Channels(int samples) => Check<MovedChannels>(samples, (3, 7, 6), Smooth, (model, r, image) =>
    {
        var x = r.Convolve(model.Stem, image).Tanh();
        var y = r.Convolve(model.Grouped, x.ShuffleChannels(2)).ShuffleChannels(3);
        y = y.Concat(image).Concat(x.Channels(1, 4)).Concat(image.Channels(0, 2).Shortcut(0, 1, 1));
        y = r.Convolve(model.Mixed, y).Tanh();
        y = y.Shortcut(2, 2, 2) + x.Shortcut(2, 4, 2);
        var means = y.Channels(3, 8).Mean();
        return r.Linear(model.Head, means.Channels(2, 6).Concat(means.Channels(0, 2)).Concat(means.Channels(4, 1)));
    });

    [Theory]
    [InlineData(2)]
    [InlineData(19)]
    public void Larger_images(int samples) => Check<UpsampledImages>(samples, (2, 5, 7), Kinked, (model, r, image) =>
    {
        var x = r.Convolve(model.Down, image).Tanh();
        var y = r.Convolve(model.Up, x.Upsample(2, UpsampleMode.Nearest)).Tanh() + x.Upsample(2, UpsampleMode.Bilinear);
        return r.Convolve(model.Last, y.Upsample(3, UpsampleMode.Bilinear).MaxPool(5, 5)).Mean();
    });

    [Theory]
    [InlineData(5)]
    [InlineData(17)]
    public void Activations(int samples) => Check<ShapedImages>(samples, (2, 6, 5), Kinked, (model, r, image) =>
    {
        var x = r.Convolve(model.Stem, image).Map(value => HardSwish(value * 4));
        x = x.Map(value => value > 0 ? value : 0.2f * value) + r.Convolve(model.Body, x).Map(value => Math.Clamp(value * 3, 0, 6));
        x = x.Map(value => Elu(value, 0.5)) + (x.Map(value => Elu(Math.Clamp(value, -0.25, 0.75), 1)) * x.Map(HardSigmoid));
        var y = r.Linear(model.Neck, x.Mean()).Map(HardSwish);
        y += y.Map(value => Math.Clamp(value > 0 ? 2 * value : 0.01f * 2 * value, -1, 0.5));
        return r.Linear(model.Head, y).Map(HardSigmoid);
    });

    [Fact]
    public void An_input_is_pooled() => Check<PooledInput>(20, (3, 4, 4), Kinked, (model, r, image) =>
    {
        var x = image.MaxPool(2, 2).Concat(image.AveragePool((2, 2), (2, 2), (0, 0), false, true));
        return r.Linear(model.Head, Vector(x.Map(value => value > 0 ? value : 0.5 * value)));
    });

    [Fact]
    public void A_sample_has_the_same_result_in_every_batch()
    {
        CheckBatches<PooledImages>();
        CheckBatches<MovedChannels>();
        CheckBatches<UpsampledImages>();
        CheckBatches<ShapedImages>();
        CheckBatches<PooledInput>();

        static void CheckBatches<TModel>()
            where TModel : class, ISparseModel<TModel>
        {
            var model = TModel.Create(seed: 5);
            using var predictor = new Predictor<TModel>(model);
            var (samples, features, outputs) = (37, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures);
            var inputs = Values.Uniform(samples * features, seed: 8);
            var together = new float[samples * outputs];
            predictor.Predict(inputs, together);
            var alone = new float[outputs];
            for (var sample = 0; sample < samples; sample++)
            {
                predictor.Predict(inputs.AsSpan(sample * features, features), alone);
                Assert.Equal(together.AsSpan(sample * outputs, outputs).ToArray(), alone);
            }
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        CheckThreads<PooledImages>();
        CheckThreads<MovedChannels>();
        CheckThreads<UpsampledImages>();
        CheckThreads<ShapedImages>();
    }

    [Fact]
    public void Passes_and_predictions_allocate_nothing()
    {
        CheckAllocations<PooledImages>();
        CheckAllocations<MovedChannels>();
        CheckAllocations<UpsampledImages>();
        CheckAllocations<ShapedImages>();
    }

    [Fact]
    public void Trained_models_are_saved_and_loaded()
    {
        var path = Path.Combine(Path.GetTempPath(), $"images-{Guid.NewGuid():N}.safetensors");
        try
        {
            using var model = new PooledImages(seed: 3);
            var inputs = Values.Uniform(9 * 2 * 11 * 10, seed: 4);
            model.Save(path);
            using var loaded = PooledImages.Load(path);
            Assert.Equal(model.Predict(inputs), loaded.Predict(inputs));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CheckAllocations<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var (model, descriptor) = (TModel.Create(seed: 5), TModel.Descriptor);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<TModel>(model, pool);
        using var predictor = new Predictor<TModel>(model);
        using var batch = Batches.Of(19, descriptor.InputFeatures, descriptor.OutputFeatures, seed: 2);
        var outputs = new float[19 * descriptor.OutputFeatures];
        var allocated = Allocations.LeastOf(() =>
        {
            pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1);
            predictor.Predict(batch.Inputs, outputs);
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>A model learns a batch, and learns it alike with any number of threads.</summary>
    private static void CheckThreads<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var (losses, outputs) = Train<TModel>(threads: 1);
        Assert.True(losses[^1] < losses[0], $"{typeof(TModel).Name}: {losses[0]} to {losses[^1]}");
        Assert.Equal(outputs, Train<TModel>(threads: 2).Outputs);
        Assert.Equal(outputs, Train<TModel>(threads: 3).Outputs);
    }

    private static (List<double> Losses, float[] Outputs) Train<TModel>(int threads)
        where TModel : class, ISparseModel<TModel>
    {
        var (model, descriptor) = (TModel.Create(seed: 5), TModel.Descriptor);
        using var pool = new WorkerPool(threads);
        using var pass = new TrainingPass<TModel>(model, pool);
        using var batch = Batches.Of(19, descriptor.InputFeatures, descriptor.OutputFeatures, seed: 2);
        var optimizer = new Sgd(0.05, momentum: 0.9);
        var losses = new List<double>();
        for (var step = 1; step <= 8; step++)
        {
            losses.Add(pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1, step).Sum);
            pass.Update(optimizer, new UpdateStep(step, 0.05f, 1, Decay: true));
        }
        var outputs = new float[19 * descriptor.OutputFeatures];
        using var predictor = new Predictor<TModel>(model);
        predictor.Predict(batch.Inputs, outputs);
        return (losses, outputs);
    }

    private static Images Vector(Images x) => new(x.Values, x.Samples, x.Channels * x.Rows * x.Columns, 1, 1);

    private static Images MaxOf(Images x, int rows, int columns)
    {
        var (height, width) = (x.Rows - rows + 1, x.Columns - columns + 1);
        var values = new double[x.Samples * x.Channels * height * width];
        for (var i = 0; i < values.Length; i++)
        {
            var (rest, column) = Math.DivRem(i, width);
            (rest, var row) = Math.DivRem(rest, height);
            var (sample, channel) = Math.DivRem(rest, x.Channels);
            values[i] = double.NegativeInfinity;
            for (var place = 0; place < rows * columns; place++)
                values[i] = Math.Max(values[i], x[sample, channel, row + (place / columns), column + (place % columns)]);
        }
        return new(values, x.Samples, x.Channels, height, width);
    }

    private static double HardSigmoid(double x) => Math.Clamp((x / 6) + 0.5, 0, 1);

    private static double HardSwish(double x) => x * HardSigmoid(x);

    private static double Elu(double x, double alpha) => x > 0 ? x : alpha * (Math.Exp(x) - 1);
}
