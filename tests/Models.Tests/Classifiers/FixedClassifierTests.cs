using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Classifiers;

/// <summary>Classifiers whose projection does not learn.</summary>
[Trait("Category", "Kernels")]
public sealed class FixedClassifierTests : IDisposable
{
    private static readonly float[] Sample = [0.5f, -1, 2, 0.25f, -0.75f, 1.5f];

    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void The_example_of_the_specification(int samples)
    {
        using var model = Golden();
        var outputs = model.Predict([.. Enumerable.Repeat(Sample, samples).SelectMany(values => values)]);
        Near(Enumerable.Repeat((double[])[2.731174, 0.852470, -2.104939, -2.581174, 0.952470], samples).SelectMany(row => row), outputs);

        using var batch = new Batch(samples, 6, 0) { Count = samples };
        for (var sample = 0; sample < samples; sample++)
        {
            Sample.CopyTo(batch.Inputs[(sample * 6)..]);
            batch.Labels[sample] = 2;
        }
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<FixedGolden>(model, pool);
        var loss = pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1);
        Assert.Equal(5.124680, loss.Sum / samples, 1e-5);
        var slope = model.Stem.Parameters[1].Gradient.ToArray();
        Near([-0.265108, 0.281445, 1.024211, 1.718871, 0.131322, -1.310433], slope);
        Near([1.436], model.Head.Parameters[0].Gradient.ToArray());
        Assert.Equal(0, slope.Zip(Sample, (gradient, value) => gradient * (double)value).Sum(), 1e-5);
        Assert.Equal(0, model.Head.Parameters[1].Gradient.ToArray().Sum(), 1e-5);
    }

    [Fact]
    public void A_sample_without_a_norm_gives_the_terms_and_has_no_gradient()
    {
        using var model = Golden();
        using var batch = new Batch(1, 6, 0) { Count = 1 };
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<FixedGolden>(model, pool);
        pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1);
        Assert.All(model.Stem.Parameters[1].Gradient.ToArray(), gradient => Assert.Equal(0, gradient));
        Assert.Equal(model.Head.Bias, model.Predict(new float[6]));
        Assert.Equal(model.Head.Bias, model.Predict(new float[6 * 50]).AsSpan(5 * 49));
    }

    [Fact]
    public void Initial_values_are_those_of_the_authors()
    {
        using var model = new FixedVectors(seed: 3);
        Assert.Equal((float)(1 / Math.Sqrt(6)), model.Head.Scale);
        Assert.Equal(10, model.Other.Scale);
        Assert.All(model.Other.Bias.ToArray(), term => Assert.Equal(0, term));
        Assert.All(model.Head.Bias.ToArray(), term => Assert.InRange(Math.Abs(term), 1e-6, model.Head.Scale));
        using var same = new FixedVectors(seed: 3);
        using var other = new FixedVectors(seed: 4);
        Assert.Equal(model.Head.Bias, same.Head.Bias);
        Assert.NotEqual(model.Head.Bias.ToArray(), other.Head.Bias.ToArray());
        Assert.NotEqual(model.Head.Bias.ToArray(), model.Twice.Bias[..6].ToArray());
        Assert.Equal("fixed classifier of 24 features and 6 classes, Hadamard rows", model.Head.ToString());
        Assert.Equal("fixed classifier of 24 features and 6 classes, random orthonormal rows", model.Other.ToString());
        Assert.Throws<ArgumentException>(() => model.Head.SetScale(float.NaN));
        Assert.Throws<ArgumentException>(() => model.Head.SetBias([1, 2]));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var expected = Trained(threads: 1);
        Assert.Equal(expected, Trained(threads: 2));
        Assert.Equal(expected, Trained(threads: 3));

        static int[] Trained(int threads)
        {
            using var model = new FixedVectors(seed: 3);
            using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1, 0.9), new() { Threads = threads });
            using var batch = Batches.Of(37, 16, 6, seed: 5);
            for (var step = 0; step < 20; step++)
                trainer.Step(batch);
            return Bits(model);
        }
    }

    [Fact]
    public void It_learns_where_nothing_but_factor_and_terms_of_the_head_learn()
    {
        using var model = new FixedImages(seed: 3);
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new AdamW(0.02));
        using var batch = Batches.Of(30, 60, 3, seed: 5);
        var first = trainer.Step(batch).Loss;
        for (var step = 0; step < 300; step++)
            trainer.Step(batch);
        Assert.InRange(trainer.Step(batch).Loss, 0, 0.7 * first);
    }

    [Fact]
    public void A_frozen_one_stays_while_what_is_before_it_learns()
    {
        using var model = new FixedImages(seed: 3);
        var (scale, bias, stem) = (model.Head.Scale, model.Head.Bias.ToArray(), model.Stem.Weight.ToArray());
        model.Head.Freeze();
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1));
        using var batch = Batches.Of(30, 60, 7, seed: 5);
        trainer.Step(batch);
        Assert.Equal(scale, model.Head.Scale);
        Assert.Equal(bias, model.Head.Bias);
        Assert.NotEqual(stem, model.Stem.Weight.ToArray());
    }

    [Fact]
    public void Files_hold_no_weights_of_it()
    {
        var path = Path.Combine(_directory, "fixed.safetensors");
        using var model = new FixedVectors(seed: 3);
        model.Head.SetScale(-2);
        model.Save(path);
        Assert.Equal(
            [
                "head.bias [6]", "head.scale [1]", "orthonormal.bias [24]", "orthonormal.scale [1]", "other.bias [6]", "other.scale [1]",
                "stem.bias [24]", "stem.weight_mask [24, 2]", "stem.weight_values [24, 8]", "twice.bias [24]", "twice.scale [1]",
            ],
            Tensors(path));
        using var loaded = FixedVectors.Load(path);
        Assert.Equal(-2, loaded.Head.Scale);
        Assert.Equal(model.Head.Bias, loaded.Head.Bias);
        var inputs = Values.Uniform(20 * 16, seed: 1);
        Assert.Equal(Values.Bits(model.Predict(inputs)), Values.Bits(loaded.Predict(inputs)));
    }

    [Fact]
    public void A_training_goes_on_from_a_checkpoint_bit_for_bit()
    {
        var path = Path.Combine(_directory, "fixed.ckpt");
        using var batch = Batches.Of(37, 16, 6, seed: 5);
        using var model = new FixedVectors(seed: 3);
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new AdamW(0.01));
        for (var step = 0; step < 5; step++)
            trainer.Step(batch);
        trainer.SaveCheckpoint(path);
        using var later = new FixedVectors(seed: 9);
        using var resumed = Trainer.For(later, Loss.SoftmaxCrossEntropy, new AdamW(0.01));
        resumed.Resume(path);
        for (var step = 0; step < 5; step++)
        {
            trainer.Step(batch);
            resumed.Step(batch);
        }
        Assert.Equal(Bits(model), Bits(later));
    }

    [Fact]
    public void Reports_count_no_weights()
    {
        using var model = new FixedVectors(seed: 3);
        Assert.Equal((0, 1.0), (model.Head.WeightCount, model.Head.Density));
        Assert.Null(model.Head.Pattern);
        Assert.Equal("Stem", Assert.Single(MaskReport.Of(model).Layers).Path);
        var rows = ModelTable.Layers(model);
        // 24 features become 8 sums, which take 8·3 additions; random rows are products.
        Assert.Equal((0, 0, 48), (rows[3].Weights, rows[3].KeptWeights, rows[3].Flops));
        Assert.Equal((0, 0, 2 * 24 * 6), (rows[4].Weights, rows[4].KeptWeights, rows[4].Flops));
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1));
        Assert.Equal((48, 1.0), (trainer.Flops.Layers[3].DenseInference, trainer.Flops.Layers[3].InferenceRatio));
    }

    private static FixedGolden Golden()
    {
        var model = new FixedGolden(seed: 1);
        model.Stem.SetWeight([.. Enumerable.Range(0, 36).Select(i => i % 7 == 0 ? 1f : 0)]);
        model.Stem.SetBias(new float[6]);
        model.Head.SetScale(3);
        model.Head.SetBias([0.1f, -0.2f, 0, 0.05f, -0.1f]);
        return model;
    }

    private static int[] Bits(FixedVectors model) =>
    [
        .. model.Layers.SelectMany(layer => layer.Parameters)
            .SelectMany(parameter => parameter.Values.ToArray())
            .Select(BitConverter.SingleToInt32Bits),
    ];

    private static IEnumerable<string> Tensors(string path) => SafeTensors.Read(path).Tensors
        .Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape.ToArray())}]")
        .Order(StringComparer.Ordinal);

    private static void Near(IEnumerable<double> expected, float[] actual)
    {
        double[] values = [.. expected];
        Assert.Equal(values.Length, actual.Length);
        Assert.All(values.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }
}
