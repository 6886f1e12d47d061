using SparseSharp.Models.Tests.Normalisation;
using SparseSharp.Models.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Batches with several augmentations of each sample (Hoffer et al., 2019).</summary>
public sealed class BatchAugmentationTests : IDisposable
{
    private const AugmentationOrder Samples = AugmentationOrder.SampleMajor;
    private const AugmentationOrder Replicas = AugmentationOrder.ReplicaMajor;

    private static readonly Dataset Augmented = Train.Transform(
        new RandomCrop(28) { Padding = 2 }, new RandomRotation(10), ChannelStandardization.Mnist, new Cutout(8));

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-batch-augmentation").FullName;

    private string Checkpoint => Path.Combine(_folder, "training");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Samples, 1)]
    [InlineData(Samples, 2)]
    [InlineData(Replicas, 3)]
    public void Copies_that_are_all_the_same_change_nothing(AugmentationOrder order, int threads)
    {
        using var plain = new PlainNet(seed: 1);
        using var copies = new PlainNet(seed: 1);
        using var averaged = new PlainNet(seed: 1);
        var expected = Fit(plain, Train, new() { Threads = threads });
        var options = new TrainerOptions { Augmentations = 3, AugmentationOrder = order, Threads = threads };
        var reports = Fit(copies, Train, options);
        Near(Weights(plain), Weights(copies));
        Assert.Equal(3 * 300, reports[^1].Training.Samples);
        Assert.Equal(expected[^1].Step, reports[^1].Step);
        Assert.Equal(expected[^1].Loss, reports[^1].Loss, 1e-5);
        reports = Fit(averaged, Train, options with { AverageOutputs = true });
        Near(Weights(plain), Weights(averaged));
        Assert.Equal(expected[^1].Training.Samples, reports[^1].Training.Samples);
        Assert.Equal(expected[^1].Loss, reports[^1].Loss, 1e-5);
    }

    /// <summary>Statistics over copies are those over samples, and batch-wide phases come between the halves of a step.</summary>
    [Fact]
    public void Averaged_outputs_of_normalised_copies_are_those_of_samples()
    {
        var (first, second) = (Step(augmentations: 1, Samples), Step(augmentations: 3, Replicas));
        Near(first.Weights, second.Weights);
        Near(first.Weights, Step(3, Samples).Weights);
        Assert.Equal(first.Loss, second.Loss, 1e-5);
        Assert.Equal(Step(3, Replicas, threads: 1).Weights, Step(3, Replicas, threads: 3).Weights);

        (double Loss, float[] Weights) Step(int augmentations, AugmentationOrder order, int threads = 2)
        {
            using var model = new WholeNet(seed: 3);
            using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new()
            {
                Augmentations = augmentations,
                AugmentationOrder = order,
                AverageOutputs = augmentations > 1,
                Threads = threads,
            });
            using var batch = Batches.Of(37, 108, 4, seed: 5);
            using var copies = Copies(batch, augmentations, order);
            var report = trainer.Step(copies);
            Assert.Equal(37, report.Samples);
            return (report.Loss, Weights(model));
        }
    }

    /// <summary>A linear model: the mean of the outputs is the output of the mean.</summary>
    [Theory]
    [InlineData(Samples)]
    [InlineData(Replicas)]
    public void Averaged_outputs_of_a_linear_model_are_those_of_averaged_inputs(AugmentationOrder order)
    {
        const int Count = 70;
        using var batch = Batches.Of(3 * Count, 6, 3, seed: 2);
        using var means = new Batch(Count, 6, 0) { Count = Count };
        for (var sample = 0; sample < Count; sample++)
        {
            for (var augmentation = 0; augmentation < 3; augmentation++)
            {
                var place = order == Samples ? (3 * sample) + augmentation : (augmentation * Count) + sample;
                batch.Labels[place] = means.Labels[sample] = sample % 3;
                for (var f = 0; f < 6; f++)
                    means.Inputs[(6 * sample) + f] += batch.Inputs[(6 * place) + f] / 3;
            }
        }
        using var model = new LinearNet(seed: 1);
        using var other = new LinearNet(seed: 1);
        using var trainer = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(0.5), new() { Augmentations = 3, AugmentationOrder = order, AverageOutputs = true });
        using var plain = Trainer.For(other, Loss.CrossEntropy, new Sgd(0.5));
        Assert.Equal(plain.Step(means).Loss, trainer.Step(batch).Loss, 1e-5);
        Near(Weights(other), Weights(model));
    }

    [Fact]
    public void One_batch_of_all_augmentations_is_as_many_accumulated_batches()
    {
        using var model = new PlainNet(seed: 1);
        using var other = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.5), new() { Augmentations = 4 });
        using var accumulating = Trainer.For(other, Loss.CrossEntropy, new Sgd(0.5), new() { AccumulationSteps = 4 });
        using var loader = new BatchLoader(Augmented, 60, seed: 3, augmentations: 4, order: Replicas);
        loader.Start(0);
        for (var step = 0; step < 3; step++)
        {
            Assert.True(loader.TryNext(out var batch));
            trainer.Step(batch);
            for (var augmentation = 0; augmentation < 4; augmentation++)
            {
                using var replica = new Batch(60, batch.Features, 0) { Count = 60 };
                batch.Inputs.Slice(augmentation * 60 * batch.Features, 60 * batch.Features).CopyTo(replica.Inputs);
                batch.Labels.Slice(augmentation * 60, 60).CopyTo(replica.Labels);
                accumulating.Step(replica);
            }
        }
        Near(Weights(other), Weights(model));
    }

    /// <summary>The gradients (3, 4) and (0, 5): their mean is (1.5, 4.5).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_norm_is_adapted_to_that_of_one_augmentation(int accumulation)
    {
        using var model = new SlopeNet(seed: 1);
        model.Head.SetWeight(new float[4]);
        var gradients = new List<float[]>();
        using var trainer = Trainer.For(model, Loss.MeanSquaredError, new Sgd(1), new()
        {
            Augmentations = 2,
            AdaptGradientNormEvery = 2,
            AccumulationSteps = accumulation,
            OnGradients = step => gradients.Add(step["Head"].Values.ToArray()),
        });
        // The loss (w·x + 0.5)² has the gradient x at w = 0.
        using var batch = new Batch(2, 4, 1) { Count = 2 };
        ((float[])[3, 4, 0, 0, 0, 5, 0, 0]).CopyTo(batch.Inputs);
        batch.Targets.Fill(-0.5f);
        var report = trainer.Step(batch);
        Assert.Equal(1.054093, report.GradientScale, 1e-6);
        if (accumulation > 1)
            report = trainer.Step(batch);
        Assert.True(report.Updated);
        Assert.All(((float[])[1.5f, 4.5f, 0, 0]).Zip(gradients[0]), pair => Assert.Equal(1.054093 * pair.First, pair.Second, 1e-5));
        Assert.Equal([-1.58114f, -4.74342f, 0, 0], model.Head.Weight.ToArray(), (expected, actual) => Math.Abs(expected - actual) < 1e-4);

        // It stays in the next step, whose gradient is another one, and is measured anew after that.
        model.Head.SetWeight(new float[4]);
        ((float[])[3, 4, 0, 0, 3, 4, 0, 0]).CopyTo(batch.Inputs);
        for (var i = 0; i < accumulation; i++)
            report = trainer.Step(batch);
        Assert.Equal(1.054093, report.GradientScale, 1e-6);
        model.Head.SetWeight(new float[4]);
        for (var i = 0; i < accumulation; i++)
            report = trainer.Step(batch);
        Assert.Equal(1, report.GradientScale, 1e-6);
    }

    [Fact]
    public void Where_there_is_no_gradient_the_factor_stays()
    {
        using var model = new SlopeNet(seed: 1);
        model.Head.SetWeight(new float[4]);
        using var trainer = Trainer.For(
            model, Loss.MeanSquaredError, new Sgd(1), new() { Augmentations = 2, AdaptGradientNormEvery = 1 });
        using var batch = new Batch(2, 4, 1) { Count = 2 };
        batch.Inputs.Fill(1);
        batch.Targets.Clear();
        Assert.Equal(1, trainer.Step(batch).GradientScale);
        Assert.Equal(new float[4], model.Head.Weight.ToArray());
        // Gradients that cancel each other have no norm either.
        ((float[])[1, 1, 1, 1, -1, -1, -1, -1]).CopyTo(batch.Inputs);
        batch.Targets.Fill(-0.5f);
        Assert.Equal(1, trainer.Step(batch).GradientScale);
    }

    /// <summary>Without statistics of the batch the norm of a mean is no larger than the mean of the norms.</summary>
    [Fact]
    public void The_factor_is_at_least_one()
    {
        using var model = new MixedNet(seed: 1);
        var factors = new List<double>();
        Fit(model, Augmented, new()
        {
            Augmentations = 3,
            AdaptGradientNormEvery = 2,
            OnStep = report => factors.Add(report.GradientScale),
        });
        Assert.All(factors, factor => Assert.InRange(factor, 1, 3));
        Assert.Equal(factors[0], factors[1]);
        Assert.NotEqual(factors[1], factors[2]);
    }

    /// <summary>Running statistics and dropout of a step are those of a training that measures nothing.</summary>
    [Fact]
    public void A_measurement_leaves_no_trace()
    {
        var (one, other) = (Step(every: null), Step(every: 1));
        Assert.Equal(one.Statistics, other.Statistics);
        Assert.Equal(one.Loss, other.Loss);
        Assert.NotEqual(1, other.Scale);

        static (float[] Statistics, double Loss, double Scale) Step(int? every)
        {
            using var model = new GhostNet(seed: 3);
            using var trainer = Trainer.For(
                model, Loss.CrossEntropy, new Sgd(0.1), new() { Augmentations = 2, AdaptGradientNormEvery = every });
            using var batch = Batches.Of(32, 108, 4, seed: 5);
            var report = trainer.Step(batch);
            Assert.Equal(4, model.StemNorm.BatchesTracked);
            return (
                [.. model.StemNorm.RunningMean, .. model.StemNorm.RunningVariance, .. model.BodyNorm.RunningMean], report.Loss,
                report.GradientScale);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    [InlineData(7, 2)]
    public void A_training_that_died_goes_on_with_the_same_bits_on_any_number_of_threads(int lastStep, int threads)
    {
        var options = new TrainerOptions
        {
            Seed = 9,
            CheckpointPath = Checkpoint,
            CheckpointEvery = 1,
            ResumeIfPresent = true,
            Augmentations = 3,
            AdaptGradientNormEvery = 3,
            AverageOutputs = threads == 2,
        };
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, Augmented, options with { CheckpointPath = null, CheckpointEvery = null, ResumeIfPresent = false });
        using var dead = new MixedNet(seed: 1);
        Assert.Throws<Death>(() => Fit(dead, Augmented, options with
        {
            OnStep = report =>
            {
                if (report.Step == lastStep)
                    throw new Death();
            },
        }));
        using var model = new MixedNet(seed: File.Exists(Checkpoint) ? 2u : 1u);
        var reports = Fit(model, Augmented, options with { LoadingThreads = threads, Threads = threads });
        Assert.Equal(expected[^reports.Length..], reports);
        Assert.Equal(Bits(undisturbed), Bits(model));
    }

    /// <summary>A ghost batch of a few samples many times would have the statistics of a few samples.</summary>
    [Fact]
    public void Ghost_batches_get_replicas_and_checkpoints_compare_them()
    {
        Assert.Equal("2, ReplicaMajor", Saved<GhostNet>(new() { Augmentations = 2 }));
        Assert.Equal("2, SampleMajor", Saved<WholeNet>(new() { Augmentations = 2 }));
        Assert.Equal("2, SampleMajor", Saved<GhostNet>(new() { Augmentations = 2, AugmentationOrder = Samples }));
        Assert.Equal(
            "4, ReplicaMajor, averaged outputs, norm adapted every 9",
            Saved<GhostNet>(new() { Augmentations = 4, AverageOutputs = true, AdaptGradientNormEvery = 9 }));
        Assert.Null(Saved<GhostNet>(new()));

        string? Saved<TModel>(TrainerOptions options)
            where TModel : class, ISparseModel<TModel>
        {
            using var trainer = Trainer.For(TModel.Create(seed: 1), Loss.CrossEntropy, new Sgd(0.1), options);
            trainer.SaveCheckpoint(Checkpoint);
            using var other = Trainer.For(TModel.Create(seed: 1), Loss.CrossEntropy, new Sgd(0.1), new() { Augmentations = 7 });
            Assert.Contains("its augmentations is", Assert.Throws<SafeTensorsException>(() => other.Resume(Checkpoint)).Message);
            return SafeTensors.Read(Checkpoint).Metadata.GetValueOrDefault("augmentations");
        }
    }

    [Fact]
    public void Batches_without_whole_samples_are_refused()
    {
        using var model = new GhostNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { Augmentations = 3 });
        using var batch = Batches.Of(7, 108, 4, seed: 1);
        Assert.Contains("no whole number of 3 augmentations", Assert.Throws<ArgumentException>(() => trainer.Step(batch)).Message);
        // Two augmentations of one sample can be normalised, but none of them alone.
        using var adapting = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(0.1), new() { Augmentations = 2, AdaptGradientNormEvery = 1 });
        using var pair = Batches.Of(2, 108, 4, seed: 1);
        Assert.Contains("takes 2", Assert.Throws<ArgumentException>(() => adapting.Step(pair)).Message);
        using var plain = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { Augmentations = 2 });
        plain.Step(pair);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.01), new()
        {
            Augmentations = 2,
            AverageOutputs = true,
            AdaptGradientNormEvery = 1,
            GradientSmoothing = 0.9,
            ClipNorm = 1,
            Schedule = Regime.InSteps(1000, new RegimePhase(3, 0.5)),
        });
        using var batch = Batch(Train, 0, 60);
        for (var step = 0; step < 20; step++)
            trainer.Step(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 20; step++)
            trainer.Step(batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static EpochReport[] Fit<TModel>(TModel model, Dataset data, TrainerOptions options)
        where TModel : class, ISparseModel<TModel>
    {
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), options);
        return Timeless(trainer.Fit(data, epochs: 2, batchSize: 64));
    }

    private static Batch Copies(Batch batch, int augmentations, AugmentationOrder order)
    {
        var copies = new Batch(batch.Count * augmentations, batch.Features, 0) { Count = batch.Count * augmentations };
        for (var place = 0; place < copies.Count; place++)
        {
            var sample = order == Samples ? place / augmentations : place % batch.Count;
            batch.Inputs.Slice(sample * batch.Features, batch.Features).CopyTo(copies.Inputs[(place * batch.Features)..]);
            copies.Labels[place] = batch.Labels[sample];
        }
        return copies;
    }

    private static float[] Weights(ISparseModel model) =>
        [.. model.Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.Values.ToArray())];

    private static void Near(float[] expected, float[] actual) =>
        Assert.InRange(Testing.Values.MaxError([.. expected.Select(value => (double)value)], actual), 0, 3e-5);

    private sealed class Death : Exception;
}

/// <summary>One linear layer.</summary>
[SparseModel]
public sealed partial class LinearNet
{
    [Linear(6, 3)]
    public partial Linear Head { get; }

    private Activation Forward([Input(6)] Activation x) => x.Through(Head);
}

/// <summary>A product of two vectors.</summary>
[SparseModel]
public sealed partial class SlopeNet
{
    [Linear(4, 1, Bias = false)]
    public partial Linear Head { get; }

    private Activation Forward([Input(4)] Activation x) => x.Through(Head);
}
