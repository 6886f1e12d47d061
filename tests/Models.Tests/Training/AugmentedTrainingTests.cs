using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Trainings on images that are read and transformed when they are needed.</summary>
public sealed class AugmentedTrainingTests : IDisposable
{
    private static readonly Dataset Augmented = Train.Transform(
        new RandomCrop(28) { Padding = 2 }, new RandomHorizontalFlip(), ChannelStandardization.Mnist, new Cutout(8));

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-augmented").FullName;

    private string Checkpoint => Path.Combine(_folder, "training");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    [InlineData(7, 2)]
    public void A_training_that_died_goes_on_with_the_same_bits_on_any_number_of_threads(int lastStep, int threads)
    {
        var options = new TrainerOptions { Seed = 9, CheckpointPath = Checkpoint, CheckpointEvery = 1, ResumeIfPresent = true };
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, new() { Seed = 9 });

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
        var reports = Fit(model, options with { LoadingThreads = threads });
        Assert.Equal(expected[^reports.Length..], reports);
        Assert.Equal(Bits(undisturbed), Bits(model));
    }

    [Fact]
    public void Every_epoch_draws_anew_and_every_seed()
    {
        using var model = new MixedNet(seed: 1);
        var reports = Fit(model, new() { Seed = 9 });
        using var other = new MixedNet(seed: 1);
        Assert.NotEqual(reports, Fit(other, new() { Seed = 10 }));
    }

    /// <summary>More samples than are evaluated together, in memory and not.</summary>
    [Fact]
    public void An_evaluation_is_the_same_whether_images_are_in_memory_or_read()
    {
        using var model = new PlainNet(seed: 1);
        var read = SyntheticDigits.Generate(1100, seed: 9).Transform(ChannelStandardization.Mnist);
        var memory = read.ToMemory();
        Assert.False(read.IsInMemory);
        var (expected, actual) = (Evaluation.Of(model, Loss.CrossEntropy, memory), Evaluation.Of(model, Loss.CrossEntropy, read));
        Assert.Equal(expected.Report, actual.Report);
        Assert.Equal(expected.Predictions.ToArray(), actual.Predictions.ToArray());
        Assert.Equal(expected.TopK(3), actual.TopK(3));
    }

    [Fact]
    public void Loading_threads_are_at_least_one()
    {
        using var model = new PlainNet(seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new() { LoadingThreads = 0 }));
    }

    private static EpochReport[] Fit(MixedNet model, TrainerOptions options)
    {
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), options);
        return Timeless(trainer.Fit(Augmented, epochs: 2, batchSize: 64, validation: Validation.Transform(ChannelStandardization.Mnist)));
    }

    private sealed class Death : Exception;
}
