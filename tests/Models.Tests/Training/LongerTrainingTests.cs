using SparseSharp.Models.Tests.Annealing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>A training goes on for more epochs than it was planned for, or with another schedule, and says what changes.</summary>
public sealed class LongerTrainingTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("sparsesharp-longer").FullName, "saved");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void More_epochs_in_the_same_trainer_follow_the_schedule_of_the_new_length()
    {
        using var model = new MixedNet(seed: 1);
        var (rates, log) = (new List<double>(), new List<string>());
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), new()
        {
            Schedule = LearningRateSchedule.Cosine(),
            DenseTail = 0.25,
            OnStep = step => rates.Add(step.LearningRate),
            Log = log.Add,
        });
        trainer.Train(Train, epochs: 2, batchSize: 100);
        Assert.True(model.Stem.IsDense);
        Assert.Empty(log);
        trainer.Train(Train, epochs: 4, batchSize: 100);
        Assert.Equal(4, trainer.EpochsDone);
        Assert.Contains("planned for 6 steps, and goes on from step 6 with a plan for 12", Assert.Single(log));
        Assert.Equal(
            Enumerable.Range(6, 6).Select(i => 0.05 * (1 + Math.Cos(Math.PI * i / 12))), rates.Skip(6), (a, b) => Math.Abs(a - b) < 1e-8);
    }

    [Fact]
    public void A_checkpoint_goes_on_for_more_epochs()
    {
        using var model = new MixedNet(seed: 1);
        var options =
            new TrainerOptions { Schedule = LearningRateSchedule.Cosine(), CheckpointPath = _path, ResumeIfPresent = true, TotalSteps = 6 };
        using (var first = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9), options))
            first.Train(Train, epochs: 2, batchSize: 100);
        var log = new List<string>();
        using var resumed =
            Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9), options with { TotalSteps = 12, Log = log.Add });
        var last = resumed.Train(Train, epochs: 4, batchSize: 100);
        Assert.Equal((4, 12), (last.Epoch, last.Step));
        Assert.Equal(0.05 * (1 + Math.Cos(Math.PI * 11 / 12)), last.LearningRate, 1e-8);
        Assert.Contains("another total steps: it was 6, and is 12 now", log[0]);
    }

    /// <summary>
    /// A schedule that is constant by another name, and back: so the weights must be those of a training that nobody touched.
    /// </summary>
    [Fact]
    public void A_checkpoint_goes_on_with_another_schedule_and_learning_rate()
    {
        using var model = new MixedNet(seed: 1);
        using var undisturbed = new MixedNet(seed: 1);
        using (var whole = Trainer.For(undisturbed, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9)))
            whole.Train(Train, epochs: 3, batchSize: 64);
        using (var first = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9), new() { CheckpointPath = _path }))
            first.Train(Train, epochs: 2, batchSize: 64);
        using var other = new MixedNet(seed: 2);
        var log = new List<string>();
        using var resumed = Trainer.For(other, Loss.CrossEntropy, new Sgd(0.2, momentum: 0.9), new()
        {
            Schedule = new HalfSchedule(),
            CheckpointPath = _path,
            ResumeIfPresent = true,
            Log = log.Add,
        });
        resumed.Train(Train, epochs: 3, batchSize: 64);
        Assert.Equal(Bits(undisturbed), Bits(other));
        Assert.Equal(2, log.Count);
        Assert.Contains("another optimizer: it was Sgd(learningRate: 0.1,", log[0]);
        Assert.Contains("another schedule: it was Constant, and is Half now", log[1]);
    }

    [Fact]
    public void An_unchanged_resume_says_nothing()
    {
        using var model = new MixedNet(seed: 1);
        var log = new List<string>();
        var options =
            new TrainerOptions { Schedule = LearningRateSchedule.Cosine(), CheckpointPath = _path, ResumeIfPresent = true, Log = log.Add };
        for (var run = 0; run < 2; run++)
        {
            using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), options);
            trainer.Train(Train, epochs: 2, batchSize: 100);
        }
        Assert.Empty(log);
    }

    [Fact]
    public void Masked_weights_that_stopped_to_learn_do_not_start_again_in_a_longer_training()
    {
        using var model = new AnnealedHalf(seed: 1);
        var random = new Random(1);
        float[] inputs = [.. Enumerable.Range(0, 200 * 40).Select(_ => (float)random.NextDouble())];
        var data = new Dataset(inputs, 40, Enumerable.Range(0, 200).Select(i => i % 8).ToArray());
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), new() { Log = _ => { } });
        trainer.Train(data, epochs: 4, batchSize: 50);
        Assert.True(model.Stem.Weights.Annealing!.IsFrozen);
        var mask = model.Stem.Mask!.Words.ToArray();
        var report = trainer.Train(data, epochs: 40, batchSize: 50);
        Assert.Equal(0, report.Layers[0].Alpha);
        Assert.True(model.Stem.Weights.Annealing!.IsFrozen);
        Assert.Equal(mask, model.Stem.Mask!.Words.ToArray());
    }

    private sealed class HalfSchedule : LearningRateSchedule
    {
        public override bool NeedsTotal => false;

        public override double Factor(long step, long totalSteps) => 0.5;

        public override string ToString() => "Half";
    }
}
