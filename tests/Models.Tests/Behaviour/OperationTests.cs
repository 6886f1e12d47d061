using SparseSharp.Models.Tests.Gradients;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Operations of a user; their numbers are checked with those of all others.</summary>
[Collection(AloneCollection.Name)]
public sealed class OperationTests
{
    /// <summary>Samples that fill a panel, that do not, and that are fewer than a vector.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(64)]
    [InlineData(107)]
    public void Bits_are_the_same_for_any_number_of_threads(int samples)
    {
        var (inputs, targets) = (Values.Uniform(samples * 12, seed: 1), Values.Uniform(samples * 5, seed: 2));
        var expected = Train(threads: 1);
        Assert.Equal(expected, Train(threads: 2));
        Assert.Equal(expected, Train(threads: 3));

        int[] Train(int threads)
        {
            using var count = new ThreadCount(threads);
            using var model = new AppliedNested(seed: 3);
            using var pool = new WorkerPool(threads);
            using var pass = new TrainingPass<AppliedNested>(model, pool);
            using var batch = new Batch(samples, 12, 5) { Count = samples };
            inputs.CopyTo(batch.Inputs);
            targets.CopyTo(batch.Targets);
            for (var step = 1; step <= 3; step++)
                Steps.Run(pass, batch, new Sgd(0.01f, 0.9f), step);
            return [.. Steps.Bits(model), .. Values.Bits(model.Predict(inputs))];
        }
    }

    [Fact]
    public void Steps_and_predictions_allocate_nothing()
    {
        using var model = new AppliedNested(seed: 2);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<AppliedNested>(model, pool);
        using var batch = Steps.RandomBatch(107, 12, 5, seed: 3);
        var (optimizer, outputs, step) = (new Sgd(0.01f, 0.9f), new float[107 * 5], 0);
        using var count = new ThreadCount(1);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var run = 0; run < 4; run++)
                Steps.Run(pass, batch, optimizer, ++step);
        }));
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            model.Predict(batch.Inputs, outputs);
            model.Predict(batch.Inputs[..(2 * 12)], outputs.AsSpan(0, 2 * 5));
        }));
    }

    [Fact]
    public void A_model_learns_through_its_operations()
    {
        using var model = new AppliedRows(seed: 4);
        var trainer = new Trainer<AppliedRows>(model, Loss.SoftmaxCrossEntropy, new Adam(3e-3f));
        var inputs = Values.Uniform(300 * 14, seed: 5);
        var data = new Dataset(inputs, 14, (int[])[.. Enumerable.Range(0, 300).Select(i => Largest(inputs.AsSpan(i * 14, 5)))]);

        var before = trainer.Evaluate(data);
        trainer.Train(data, epochs: 60, batchSize: 50);
        var after = trainer.Evaluate(data);

        Assert.True(after.Accuracy > before.Accuracy + 0.3, $"{before.Accuracy} to {after.Accuracy}");

        static int Largest(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(values);
    }

    /// <summary>Whoever reads behind a value gets an exception; the model can be used afterwards.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void An_index_out_of_range_reaches_the_caller(int samples)
    {
        using var model = new Picker(seed: 2);
        var inputs = Values.Uniform(samples * 6, seed: 1);
        foreach (var (feature, sample) in (ReadOnlySpan<(int, int)>)[(6, 0), (-1, 0), (0, 64), (0, -1), (int.MaxValue, 0)])
        {
            (Picker.Feature, Picker.Sample) = (feature, sample);
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => model.Predict(inputs));
        }
        (Picker.Feature, Picker.Sample) = (5, 0);
        Assert.Equal(samples, model.Predict(inputs).Length);
    }

    [Fact]
    public void Rows_that_nobody_made_have_no_features()
    {
        Assert.Equal(0, default(PanelRows).Features);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(PanelRows)[0].Length);
    }
}

/// <summary>Reads where a test says.</summary>
[SparseModel]
internal sealed partial class Picker
{
    [Linear(6, 6)]
    public partial Linear Stem { get; }

    internal static int Feature { get; set; }

    internal static int Sample { get; set; }

    private Activation Forward([Input(6)] Activation x) => x.Through(Stem).Apply(Pick);

    [Operation(Gradient = nameof(PickGradient), Outputs = 1)]
    private static void Pick(PanelRows x, PanelRows y)
    {
        y[0].Fill(x[Feature, Sample]);
        y[0, 0] = x[Feature][0];
    }

    private static void PickGradient(PanelRows x, PanelRows y, PanelRows dy, PanelRows dx) => dx[Feature, Sample] += dy[0, 0];
}
