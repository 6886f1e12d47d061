using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Convolutions with <c>[NMActivations]</c> and <c>[NMGradients]</c>.</summary>
public sealed class PrunedImageTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    public void Inputs_pruned_along_the_channels(int samples) =>
        ConvolutionModelTests.Check<PrunedChannels>(samples, (3, 6, 7), ConvolutionModelTests.Smooth, (model, r, image) =>
        {
            var x = r.Convolve(model.Stem, image.KeepLargest(1, 3)).Tanh();
            var y = x.Subsample(2) + r.Convolve(model.Body, x.KeepLargest(2, 4));
            return r.Linear(model.Head, y.Tanh().Mean());
        });

    /// <summary>The gradient that is drawn is right on average, and no other gradient sees that it is.</summary>
    [Fact]
    public void Gradients_are_right_on_average()
    {
        const int Draws = 600;
        using var batch = Batches.Of(21, 3 * 6 * 5, classes: 4, seed: 6);
        var whole = Gradients<UndrawnImages>(batch, threads: 1, key: 1);
        var sums = whole.Select(gradient => new double[gradient.Length]).ToArray();
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = Gradients<DrawnImages>(batch, threads: 1, (ulong)draw);
            for (var i = 0; i < sums.Length; i++)
            {
                for (var j = 0; j < sums[i].Length; j++)
                    sums[i][j] += drawn[i][j] / Draws;
            }
            if (draw == 0)
                Assert.True(Distance(drawn[2], whole[2]) > 0.02);
        }
        for (var i = 0; i < sums.Length; i++)
            Assert.InRange(Distance([.. sums[i].Select(value => (float)value)], whole[i]), 0, i == 2 ? 0.05 : 1e-5);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        using var batch = Batches.Of(21, 3 * 6 * 5, classes: 4, seed: 6);
        var one = Gradients<DrawnImages>(batch, threads: 1, key: 5);
        Assert.Equal(one, Gradients<DrawnImages>(batch, threads: 2, key: 5));
        Assert.Equal(one, Gradients<DrawnImages>(batch, threads: 3, key: 5));
        Assert.NotEqual(one, Gradients<DrawnImages>(batch, threads: 1, key: 6));
    }

    /// <summary>A linear model: the gradient for a given one of its output does not depend on what it computes.</summary>
    [Fact]
    public void Inputs_pruned_along_the_pixels()
    {
        const int Samples = 13;
        var inputs = Values.Uniform(Samples * 2 * 5 * 3, seed: 7);
        var outputGradient = Values.Uniform(Samples * 3 * 5 * 3, seed: 8);
        var pruned = (float[])inputs.Clone();
        for (var i = 0; i < pruned.Length; i++)
        {
            // The last pixel of a channel has no partner.
            var place = i % 15;
            var partner = place % 2 == 0 ? i + 1 : i - 1;
            if (place < 14 && (Math.Abs(inputs[partner]), place % 2).CompareTo((Math.Abs(inputs[i]), 0)) > 0)
                pruned[i] = 0;
        }
        var (outputs, gradients) = Run<PrunedPixels>(inputs, outputGradient);
        var (_, expected) = Run<UnprunedPixels>(pruned, outputGradient);
        Assert.Equal(Run<UnprunedPixels>(inputs, outputGradient).Outputs, outputs);
        Assert.Equal(expected, gradients);
    }

    private static unsafe (float[] Outputs, float[][] Gradients) Run<TModel>(float[] inputs, float[] outputGradient)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 4);
        using var passes = new AutogradPass<TModel>(model, seed: 1);
        var outputs = new float[outputGradient.Length];
        var tape = passes.Forward(inputs, outputs, training: true);
        var gradients = passes.Parameters.Select(parameter => new float[parameter.Shape.Aggregate(1L, (a, b) => a * b)]).ToArray();
        fixed (float* weight = gradients[0], bias = gradients[1])
            passes.Backward(tape, outputGradient, [], [(nint)weight, (nint)bias]);
        return (outputs, gradients);
    }

    private static float[][] Gradients<TModel>(Batch batch, int threads, ulong key)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 3);
        using var pool = new WorkerPool(threads);
        using var pass = new TrainingPass<TModel>(model, pool);
        pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, key);
        return
        [
            .. from layer in model.Layers
               let matrix = layer.Parts.Matrices[0]
               from gradient in (float[][])[matrix.Parameter.Gradient.ToArray(), matrix.Bias!.Parameter.Gradient.ToArray()]
               select gradient,
        ];
    }

    /// <summary>Relative to the length of the second one.</summary>
    private static double Distance(float[] first, float[] second) =>
        Math.Sqrt(first.Zip(second, (a, b) => (double)(a - b) * (a - b)).Sum() / second.Sum(b => (double)b * b));
}
