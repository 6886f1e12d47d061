using SparseSharp.Models.Tests.Blocks;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>What trainers do for large batches: regimes, smoothed and clipped gradients, the distance from the start.</summary>
public sealed class LargeBatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-regimes").FullName;

    private string Checkpoint => Path.Combine(_folder, "training");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Epochs_of_a_regime_change_the_rate()
    {
        var rates = new List<float>();
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new()
        {
            Schedule = Regime.InEpochs(3, new(1, 0.5), new(2, 0.25)).ForBatch(256, reference: 64),
            AccumulationSteps = 2,
            OnStep = report => rates.Add(report.LearningRate),
        });
        var last = trainer.Train(Train, epochs: 3, batchSize: 64);
        // Five batches an epoch, and three steps.
        Assert.Equal([.. Rates(0.2f), .. Rates(0.1f), .. Rates(0.05f)], rates);
        Assert.Equal(0.05f, last.LearningRate);

        static IEnumerable<float> Rates(float rate) => Enumerable.Repeat(rate, 5);
    }

    [Fact]
    public void A_loop_of_single_steps_has_no_epochs()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { Schedule = Regime.InEpochs(3) });
        using var batch = Batch(Train, 0, 30);
        Assert.Contains("counts epochs", Assert.Throws<InvalidOperationException>(() => trainer.Step(batch)).Message);
        Assert.Equal(0, trainer.StepsDone);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(3, 4)]
    public void A_training_ends_at_its_last_step(int accumulation, int steps)
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(0.1), new() { MaxSteps = steps, AccumulationSteps = accumulation });
        var reports = trainer.Fit(Train, epochs: 9, batchSize: 64).ToArray();
        Assert.Equal(steps, trainer.StepsDone);
        Assert.Equal(accumulation == 1 ? 3 : 2, reports.Length);
        Assert.Equal(accumulation == 1 ? 128 : 300, reports[^1].Training.Samples);
        Assert.Empty(trainer.Fit(Train, epochs: 9, batchSize: 64));
        Assert.Equal(reports[^1], trainer.Train(Train, epochs: 9, batchSize: 64));
    }

    [Fact]
    public void Small_batches_at_the_end_of_an_epoch_can_be_left_out()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { DropLast = true, AccumulationSteps = 3 });
        var report = trainer.Train(Train, epochs: 2, batchSize: 64);
        Assert.Equal(256, report.Training.Samples);
        Assert.Equal(4, report.Step);
    }

    /// <summary>
    /// The sequence of the specification: without momentum and decay each step moves the weights by the smoothed gradient.
    /// </summary>
    [Fact]
    public void Gradients_are_smoothed()
    {
        double[] norms = [10, 20, 5, 5, 40];
        double[] factors = [1, 0.55, 2.08, 1.972, 0.32185];
        double[] averages = [10, 11, 10.4, 9.86, 12.874];
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.01), new()
        {
            GradientSmoothing = 0.9,
            OnGradients = gradients =>
            {
                var scale = norms[gradients.Step - 1] / gradients.Norm;
                foreach (var gradient in gradients)
                {
                    foreach (ref var value in gradient.Values)
                        value = (float)(value * scale);
                }
            },
        });
        using var batch = Batch(Train, 0, 30);
        for (var step = 0; step < norms.Length; step++)
        {
            var before = Weights(model);
            Assert.Equal(norms[step], trainer.Step(batch).GradientNorm, 1e-3);
            var moved = Norm(Weights(model), before);
            Assert.Equal(0.01 * averages[step], moved, 1e-4);
            Assert.Equal(0.01 * norms[step] * factors[step], moved, 1e-4);
        }
    }

    /// <summary>Clipping comes first: what it leaves is what is averaged.</summary>
    [Fact]
    public void Clipped_gradients_are_smoothed()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(0.01), new() { ClipNorm = 1e-3, GradientSmoothing = 0.9 });
        using var batch = Batch(Train, 0, 30);
        for (var step = 0; step < 3; step++)
        {
            var before = Weights(model);
            Assert.True(trainer.Step(batch).GradientNorm > 1e-3);
            Assert.Equal(1e-5, Norm(Weights(model), before), 1e-7);
        }
    }

    /// <summary>g·min(1, 5/(‖g‖ + 1e-6)) over all parameters, as the authors clip.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(5.5)]
    [InlineData(5)]
    [InlineData(0.25)]
    public void Gradients_are_clipped_by_their_norm_in_all(double norm)
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.01), new()
        {
            ClipNorm = 5,
            OnGradients = gradients =>
            {
                var scale = norm / gradients.Norm;
                foreach (var gradient in gradients)
                {
                    foreach (ref var value in gradient.Values)
                        value = (float)(value * scale);
                }
            },
        });
        using var batch = Batch(Train, 0, 30);
        var before = Weights(model);
        trainer.Step(batch);
        Assert.Equal(0.01 * norm * Math.Min(1, 5 / (norm + 1e-6)), Norm(Weights(model), before), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_training_that_died_goes_on_with_the_same_bits(int lastStep)
    {
        var options = new TrainerOptions
        {
            Seed = 9,
            CheckpointPath = Checkpoint,
            CheckpointEvery = 2,
            ResumeIfPresent = true,
            ClipNorm = 5,
            GradientSmoothing = 0.9,
            TrackDistance = true,
            DropLast = true,
            MaxSteps = 10,
            Schedule = Regime.InEpochs(3, new RegimePhase(1, 0.1)).ForBatch(256),
        };
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, options with { CheckpointPath = null, CheckpointEvery = null, ResumeIfPresent = false });
        Assert.All(expected, report => Assert.True(report.Distance > 0));
        using var dead = new MixedNet(seed: 1);
        Assert.Throws<Death>(() => Fit(dead, options with
        {
            OnStep = report =>
            {
                if (report.Step == lastStep)
                    throw new Death();
            },
        }));
        using var model = new MixedNet(seed: File.Exists(Checkpoint) ? 2u : 1u);
        var reports = Fit(model, options);
        Assert.Equal(expected[^reports.Length..], reports);
        Assert.Equal(Bits(undisturbed), Bits(model));
    }

    [Fact]
    public void Another_smoothing_is_refused_and_a_lost_start_is_told()
    {
        using var model = new PlainNet(seed: 1);
        using var batch = Batch(Train, 0, 30);
        using (var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { GradientSmoothing = 0.9 }))
        {
            trainer.Step(batch);
            Assert.Null(trainer.Distance);
            trainer.SaveCheckpoint(Checkpoint);
        }
        using var other = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1));
        Assert.Contains("its gradient smoothing is 0.9", Assert.Throws<SafeTensorsException>(() => other.Resume(Checkpoint)).Message);
        var lines = new List<string>();
        using var tracking = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(0.1), new() { GradientSmoothing = 0.9, TrackDistance = true, Log = lines.Add });
        tracking.Resume(Checkpoint);
        Assert.Contains("no distances", Assert.Single(lines, line => line.Contains("began with", StringComparison.Ordinal)));
        tracking.Step(batch);
        Assert.Null(tracking.Distance);
    }

    [Fact]
    public void A_step_that_is_taken_back_does_not_count_in_the_average()
    {
        var options = new TrainerOptions { GradientSmoothing = 0.5 };
        using var model = new PlainNet(seed: 1);
        using var other = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), options);
        using var undisturbed = Trainer.For(other, Loss.CrossEntropy, new Sgd(0.1), options);
        using var batch = Batch(Train, 0, 30);
        using var wrong = Batch(Train, 0, 30);
        wrong.Inputs.Fill(float.MaxValue);
        trainer.Step(batch);
        Assert.Throws<DivergenceException>(() => trainer.Step(wrong));
        trainer.Step(batch);
        undisturbed.Step(batch);
        undisturbed.Step(batch);
        Assert.Equal(Bits(other), Bits(model));
    }

    /// <summary>Dense weights, masked ones, and packed ones that exist alone.</summary>
    [Fact]
    public void The_distance_is_that_of_all_weights()
    {
        Measure<MixedNet>();
        Measure<PlainNet>();
        Measure<BlockNet>();

        static void Measure<TModel>()
            where TModel : class, ISparseModel<TModel>
        {
            var model = TModel.Create(seed: 1);
            using var trainer = Trainer.For(model, Loss.MeanSquaredError, new Sgd(0.01), new() { TrackDistance = true });
            Assert.Null(trainer.Distance);
            var start = Weights(model);
            for (var step = 0; step < 3; step++)
            {
                using var batch = Behaviour.Steps.RandomBatch(8, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, step);
                trainer.Step(batch);
            }
            var expected = Norm(Weights(model), start);
            Assert.True(expected > 0);
            Assert.Equal(expected, trainer.Distance!.Value, 1e-5 * expected);
        }
    }

    [Fact]
    public void The_share_of_waiting_for_data_is_in_the_report()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { TrackDistance = true });
        var slow = Train.Transform(ImageTransform.From((_, _, _) => Thread.Sleep(1)));
        var report = trainer.Train(slow, epochs: 1, batchSize: 64);
        Assert.InRange(report.WaitShare, 0.5, 1);
        Assert.Contains("% of it waiting for data, weights", report.Details());
    }

    private static EpochReport[] Fit(MixedNet model, TrainerOptions options)
    {
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), options);
        return Timeless(trainer.Fit(Train, epochs: 3, batchSize: 64, validation: Validation));
    }

    private static float[] Weights<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> =>
        [.. model.Linears.SelectMany(layer => (float[])[.. layer.Weights.Values, .. layer.Bias])];

    private static double Norm(float[] now, float[] before) =>
        Math.Sqrt(now.Zip(before, (a, b) => ((double)a - b) * ((double)a - b)).Sum());

    private sealed class Death : Exception;
}
