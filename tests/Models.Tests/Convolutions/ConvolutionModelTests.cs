using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Models with convolutions against an independent forward pass in double precision, and its central differences.</summary>
public sealed class ConvolutionModelTests
{
    /// <summary>The models whose gradients are checked here.</summary>
    public static IEnumerable<Type> Models => [typeof(ResidualImages), typeof(UnusualImages), typeof(SharedImages), typeof(SparseImages)];

    private const double Step = 1e-6;

    /// <summary>Relative to the largest gradient of a tensor.</summary>
    internal const double Smooth = 2e-4;

    /// <summary>The same where ReLU in single precision may fall to the other side of its kink for a pixel.</summary>
    internal const double Kinked = 5e-3;

    [Theory]
    [InlineData(1)]
    [InlineData(21)]
    public void Residual_sums(int samples) => Check<ResidualImages>(samples, (3, 9, 9), Kinked, (model, r, image) =>
    {
        var x = r.Convolve(model.Stem, image).Relu();
        x = (x + r.Convolve(model.Body, x)).Relu();
        return r.Linear(model.Head, r.Convolve(model.Down, x).Relu().Mean());
    });

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    public void Unusual_kernels(int samples) => Check<UnusualImages>(samples, (2, 7, 8), Smooth, (model, r, image) =>
    {
        var x = r.Convolve(model.Wide, image.Map(value => value * 0.5)).Tanh();
        x = r.Convolve(model.Grouped, r.Convolve(model.Depthwise, x).Sigmoid());
        return r.Linear(model.Head, r.Convolve(model.Same, x * x).Silu());
    });

    [Theory]
    [InlineData(5)]
    [InlineData(33)]
    public void Layers_used_twice_and_nested_models(int samples) => Check<SharedImages>(samples, (4, 5, 4), Kinked, (model, r, image) =>
    {
        var x = r.Convolve(model.Twice, r.Convolve(model.Twice, image).Relu());
        x += r.Convolve(model.Block.First, x).Relu();
        return r.Linear(model.Head, x.Mean());
    });

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    public void Patterns(int samples) => Check<SparseImages>(samples, (4, 6, 6), Smooth, (model, r, image) =>
    {
        var x = r.Convolve(model.Transposable, r.Convolve(model.Stem, image).Tanh()).Tanh();
        x = r.Convolve(model.Master, r.Convolve(model.RowWise, x).Tanh()).Tanh();
        x = r.Convolve(model.Graphs, r.Convolve(model.Blocks, x).Tanh()).Tanh();
        return r.Linear(model.Head, x.Mean());
    });

    [Fact]
    public void An_image_may_be_the_output()
    {
        using var model = new ImageBlock(seed: 3);
        var inputs = Values.Uniform(11 * 4 * 5 * 4, seed: 4);
        var image = Images.Of(inputs, 4, 5, 4);
        var expected = image + new ImageReference(model.Layers).Convolve(model.First, image).Relu();
        Assert.InRange(Values.MaxError(expected.Values, model.Predict(inputs)), 0, 1e-5);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var one = Train(1);
        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(3));

        static float[] Train(int threads)
        {
            using var model = new SparseImages(seed: 5);
            using var pool = new WorkerPool(threads);
            using var pass = new TrainingPass<SparseImages>(model, pool);
            var optimizer = new Sgd(0.05, momentum: 0.9);
            for (var step = 1; step <= 3; step++)
            {
                using var batch = Batches.Of(19, SparseFeatures, classes: 4, seed: step);
                pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1, step);
                pass.Update(optimizer, new UpdateStep(step, 0.05f, 1, Decay: true));
            }
            return model.Predict(Values.Uniform(9 * SparseFeatures, seed: 30));
        }
    }

    private const int SparseFeatures = 4 * 6 * 6;

    internal static void Check<TModel>(
        int samples, (int Channels, int Rows, int Columns) input, double tolerance, Func<TModel, ImageReference, Images, Images> forward)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(seed: 11);
        var features = input.Channels * input.Rows * input.Columns;
        var classes = TModel.Descriptor.OutputFeatures;
        using var batch = Batches.Of(samples, features, classes, seed: 21);
        var labels = batch.Labels.ToArray();
        var image = Images.Of(batch.Inputs.ToArray(), input.Channels, input.Rows, input.Columns);
        var reference = new ImageReference(model.Layers);

        var outputs = new float[samples * classes];
        using (var predictor = new SparseSharp.Kernels.Predictor<TModel>(model))
            predictor.Predict(batch.Inputs, outputs);
        Assert.InRange(Values.MaxError(forward(model, reference, image).Values, outputs), 0, 2e-5);

        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<TModel>(model, pool);
        var total = pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1);
        Assert.Equal(Mean(), total.Sum / samples, tolerance: 1e-5);
        var differences = new CentralDifferences(Mean, Step, tolerance, perTensor: 12);
        foreach (var layer in model.Layers)
        {
            var weights = layer.Parts.Matrices[0];
            var gradient = new float[layer.WeightCount];
            weights.Matrix.Export(weights.Parameter.Gradient, gradient);
            var (weight, bias) = reference.Parameters[layer];
            var mask = weights.Matrix.Mask;
            differences.Check(
                layer.ToString()!, weight, gradient,
                i => mask is null || !weights.Matrix.IsPacked || mask[i / mask.Columns, i % mask.Columns]);
            if (bias.Length > 0)
                differences.Check($"bias of {layer}", bias, weights.Bias!.Parameter.Gradient);
        }

        double Mean() => forward(model, reference, image).CrossEntropy(labels);
    }
}
