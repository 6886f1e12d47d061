using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

public sealed class TrainTests
{
    [Fact]
    public void Train_does_what_a_loop_over_fit_does_and_returns_the_last_report()
    {
        using var looped = new MixedNet(seed: 1);
        using var trained = new MixedNet(seed: 1);
        var seen = new List<EpochReport>();
        using var loop = Trainer.For(looped, Loss.CrossEntropy, new AdamW(0.003));
        using var trainer = Trainer.For(trained, Loss.CrossEntropy, new AdamW(0.003), new() { OnEpoch = seen.Add });
        var expected = Timeless(loop.Fit(Train, epochs: 3, batchSize: 64, Validation));
        var last = trainer.Train(Train, epochs: 3, batchSize: 64, Validation);
        Assert.Equal(expected, Timeless(seen));
        Assert.Same(seen[^1], last);
        Assert.Equal(Bits(looped), Bits(trained));
        Assert.Same(last, trainer.Train(Train, epochs: 3, batchSize: 64, Validation));
        Assert.Equal(Bits(looped), Bits(trained));
    }

    [Fact]
    public void A_training_that_is_over_already_reports_the_model_as_it_is()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var model = new PlainNet(seed: 1);
            var options = new TrainerOptions { Schedule = LearningRateSchedule.Cosine() };
            using var first = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), options);
            first.Train(Train, epochs: 2, batchSize: 64, Validation);
            first.SaveCheckpoint(path);
            using var again = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1), options);
            again.Resume(path);
            var report = again.Train(Train, epochs: 2, batchSize: 64, Validation);
            Assert.Equal((2, 2, first.StepsDone), (report.Epoch, report.Epochs, report.Step));
            Assert.Equal(first.Evaluate(Train), report.Training);
            Assert.Equal(first.Evaluate(Validation), report.Validation);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Labels_are_checked_before_the_first_step_and_named_by_their_place_in_the_data()
    {
        using var model = new PlainNet(seed: 1);
        var before = Bits(model);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1));
        var late = Relabeled(Train, sample: 277, label: 10);
        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(late, epochs: 1, batchSize: 64));
        Assert.Equal(
            "Sample 277 of the training data has the label 10, but the model has 10 outputs: labels go from 0 to 9.", error.Message);
        Assert.Throws<ArgumentException>(() => trainer.Train(late, epochs: 1, batchSize: 64));
        var validation = Relabeled(Validation, sample: 99, label: 11);
        Assert.Contains(
            "Sample 99 of the validation data", Assert.Throws<ArgumentException>(() => trainer.Train(Train, 1, 64, validation)).Message);
        // Further than the samples that are evaluated together.
        var test = Relabeled(SyntheticDigits.Generate(700, seed: 3), sample: 650, label: 12);
        Assert.Contains("Sample 650 of the data", Assert.Throws<ArgumentException>(() => trainer.Evaluate(test)).Message);
        Assert.Equal(0, trainer.StepsDone);
        Assert.Equal(before, Bits(model));
    }

    [Fact]
    public void Targets_are_checked_before_the_first_step_too()
    {
        using var model = new CurveNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.BinaryCrossEntropy, new Sgd(0.1));
        var data = Curve(100, (x, y) => x > 1.9f ? 1.5f : 0.5f, seed: 1);
        var first = data.Targets.IndexOf(1.5f);
        Assert.True(first > 0);
        var error = Assert.Throws<ArgumentException>(() => trainer.Train(data, epochs: 1, batchSize: 10));
        Assert.Contains($"Sample {first} of the training data has the target 1.5 at output 0", error.Message);
        Assert.Equal(0, trainer.StepsDone);
    }

    private static Dataset Relabeled(Dataset data, int sample, int label)
    {
        var labels = data.Labels.ToArray();
        labels[sample] = label;
        return new Dataset(data.Inputs.ToArray(), data.Features, labels);
    }
}
