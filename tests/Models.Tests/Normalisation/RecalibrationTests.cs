using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Running statistics that are computed anew for weights as they are.</summary>
public sealed class RecalibrationTests
{
    private const int Count = 96;

    private static readonly Dataset _data =
        new(Values.Uniform(Count * 108, seed: 4), 108, Enumerable.Range(0, Count).Select(i => i % 4).ToArray());

    /// <summary>Steps that change no weight tell what a batch has; whole numbers of batches have every sample once.</summary>
    [Theory]
    [InlineData(1, 96)]
    [InlineData(4, 24)]
    [InlineData(2, 1000)]
    public void Statistics_are_the_means_over_the_batches(int batches, int batchSize)
    {
        using var model = Trained();
        var (weights, before) = (Weights(model), Statistics(model));
        Recalibration.Apply(model, _data, batches, batchSize, seed: 3);
        Assert.Equal(weights, Weights(model));
        Assert.NotEqual(before, Statistics(model));
        Assert.Equal(batches, model.StemNorm.BatchesTracked);

        using var other = Trained();
        var means = new double[8];
        using var loader = new BatchLoader(_data, Math.Min(batchSize, Count), seed: 3);
        for (var done = 0; done < batches; done++)
        {
            if (done % loader.BatchesPerEpoch == 0)
                loader.Start(done / loader.BatchesPerEpoch);
            Assert.True(loader.TryNext(out var batch));
            other.StemNorm.SetRunningStatistics(new float[8], new float[8]);
            using var trainer = Trainer.For(other, Loss.CrossEntropy, new Sgd(1e-20));
            trainer.Step(batch);
            // From 0 with the momentum 0.1.
            for (var channel = 0; channel < 8; channel++)
                means[channel] += 10 * other.StemNorm.RunningVariance[channel] / batches;
        }
        Assert.InRange(Values.MaxError(means, model.StemNorm.RunningVariance), 0, 1e-5);
    }

    /// <summary>Predictions normalise by them at once, and trainings go on with the momentum of the layer.</summary>
    [Fact]
    public void A_recalibrated_model_predicts_and_learns_on()
    {
        using var model = Trained();
        var inputs = Values.Uniform(5 * 108, seed: 9);
        var before = model.Predict(inputs);
        Recalibration.Apply(model, _data, batches: 1, batchSize: Count);
        Assert.NotEqual(before, model.Predict(inputs));
        // One batch of all samples: a training step normalises by the same statistics.
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(1e-20));
        var evaluation = Evaluation.Of(model, Loss.CrossEntropy, _data).Report;
        var mean = model.StemNorm.RunningMean.ToArray();
        using var batch = new Batch(Count, 108, 0) { Count = Count };
        _data.Inputs.CopyTo(batch.Inputs);
        _data.Labels.CopyTo(batch.Labels);
        Assert.Equal(evaluation.Loss, trainer.Step(batch).Loss, 1e-2);
        Assert.InRange(Values.MaxError([.. mean.Select(value => (double)value)], model.StemNorm.RunningMean), 0, 1e-4);
        Assert.Equal(2, model.StemNorm.BatchesTracked);
        batch.Inputs.Clear();
        trainer.Step(batch);
        Assert.Equal(0.9 * mean[0], model.StemNorm.RunningMean[0], 1e-5);
    }

    [Fact]
    public void Seeds_and_frozen_layers()
    {
        Assert.Equal(Run(seed: 1), Run(seed: 1));
        Assert.NotEqual(Run(seed: 1), Run(seed: 2));
        using var model = Trained();
        model.StemNorm.Freeze();
        var (stem, body) = (model.StemNorm.RunningMean.ToArray(), model.BodyNorm.RunningMean.ToArray());
        Recalibration.Apply(model, _data, batches: 2, batchSize: 16);
        Assert.Equal(stem, model.StemNorm.RunningMean);
        Assert.NotEqual(body, model.BodyNorm.RunningMean.ToArray());

        static float[] Run(ulong seed)
        {
            using var model = Trained();
            Recalibration.Apply(model, _data, batches: 3, batchSize: 16, seed);
            return Statistics(model);
        }
    }

    /// <summary>Ghost batches count each for itself, and a layer of cumulative statistics stays one.</summary>
    [Fact]
    public void Ghost_batches_and_cumulative_layers()
    {
        using var ghosts = new GhostNet(seed: 3);
        Recalibration.Apply(ghosts, _data, batches: 2, batchSize: 24);
        Assert.Equal(6, ghosts.StemNorm.BatchesTracked);
        using var images = new NormedImages(seed: 3);
        var data = new Dataset(Values.Uniform(40 * 126, seed: 4), 126, new int[40]);
        Recalibration.Apply(images, data, batches: 2, batchSize: 20);
        Assert.Equal(2, images.DownNorm.BatchesTracked);
        Assert.True(images.DownNorm.Normalisation.Running.IsCumulative);
        Assert.False(images.StemNorm.Normalisation.Running.IsCumulative);
    }

    [Fact]
    public void What_fails_leaves_the_model_as_it_was()
    {
        using var model = Trained();
        var before = Statistics(model);
        var read = 0;
        var failing = _data.AsImages(3, 6, 6).Transform(ImageTransform.From((_, _, _) =>
        {
            if (Interlocked.Increment(ref read) > 40)
                throw new DataFileException("gone");
        }));
        Assert.Throws<DataFileException>(() => Recalibration.Apply(model, failing, batches: 9, batchSize: 16));
        Assert.Equal(before, Statistics(model));
        var huge = _data.AsImages(3, 6, 6).Transform(ImageTransform.From((_, image, _) => image.Fill(3e38f)));
        Assert.Contains(
            "batch 1 in StemNorm", Assert.Throws<NotFiniteNumberException>(() => Recalibration.Apply(model, huge, 1, 16)).Message);
        Assert.Equal(before, Statistics(model));
        Assert.Contains("takes 108 features", Message(() => Recalibration.Apply(model, new Dataset(new float[4], 2, new int[2]))));
        Assert.Contains("takes 2", Message(() => Recalibration.Apply(model, _data, 1, batchSize: 1)));
        using var linear = new Training.LinearNet(seed: 1);
        Assert.Contains(
            "has no batch normalisation", Message(() => Recalibration.Apply(linear, new Dataset(new float[6], 6, new int[1]))));
        Assert.Throws<ArgumentOutOfRangeException>(() => Recalibration.Apply(model, _data, batches: 0));
        Assert.Equal(before, Statistics(model));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    private static WholeNet Trained()
    {
        var model = new WholeNet(seed: 3);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { Seed = 5 });
        trainer.Train(_data, epochs: 1, batchSize: 24);
        return model;
    }

    private static float[] Weights(ISparseModel model) =>
        [.. model.Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.Values.ToArray())];

    private static float[] Statistics(WholeNet model) =>
    [
        .. model.StemNorm.RunningMean, .. model.StemNorm.RunningVariance, .. model.BodyNorm.RunningMean, .. model.BodyNorm.RunningVariance,
        model.StemNorm.BatchesTracked,
    ];
}
