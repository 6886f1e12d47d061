using SparseSharp.Runtime.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Trainings with losses of a user, and with losses that weigh or leave out samples.</summary>
public sealed class LossTrainingTests : IDisposable
{
    private const int Ignored = -1;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-losses").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_loss_of_a_user_gives_the_same_bits_for_any_number_of_threads(int threads)
    {
        Assert.Equal(Run(2), Run(threads));

        static uint[] Run(int threads)
        {
            using var model = new MixedNet(seed: 3);
            using var trainer = new Trainer<MixedNet>(
                model, new Focal(2), new Sgd(0.1f, momentum: 0.9f), new TrainerOptions { Threads = threads });
            trainer.Train(Train, epochs: 2, batchSize: 70);
            return Bits(model);
        }
    }

    [Fact]
    public void A_loss_of_a_user_is_learned_and_evaluated()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, new Focal(2), new AdamW(0.003));
        var reports = trainer.Fit(Train, epochs: 12, batchSize: 32, validation: Validation).ToList();
        Assert.True(reports[^1].Loss < 0.5 * reports[0].Loss, reports[^1].ToString());
        Assert.True(reports[^1].Accuracy > 0.8, reports[^1].ToString());
        var evaluation = Evaluation.Of(model, new Focal(2), Validation);
        Assert.Equal(reports[^1].Validation, evaluation.Report);
        Assert.Equal(Evaluation.Of(model, Loss.CrossEntropy, Validation).Accuracy, evaluation.Accuracy);
    }

    [Fact]
    public void A_step_with_a_loss_of_a_user_allocates_nothing()
    {
        using var model = new PlainNet(seed: 1);
        var options = new TrainerOptions { Threads = 1 };
        using var trainer = new Trainer<PlainNet>(model, new Focal(2), new AdamW(0.001), options);
        using var batch = Batch(Train, 0, 64);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 5; i++)
                trainer.Step(batch);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_loss_throws_takes_the_step_back(int accumulation)
    {
        using var model = new MixedNet(seed: 1);
        var loss = new Failing();
        using var trainer = new Trainer<MixedNet>(
            model, loss, new Sgd(0.05, momentum: 0.9), new TrainerOptions { AccumulationSteps = accumulation });
        using var batch = Batch(Train, 0, 64);
        using var reference = new MixedNet(seed: 1);
        using var undisturbed = new Trainer<MixedNet>(
            reference, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), new TrainerOptions { AccumulationSteps = accumulation });
        for (var i = 0; i < accumulation - 1; i++)
            trainer.Step(batch);

        loss.Fails = true;
        Assert.Equal("No.", Assert.Throws<NotSupportedException>(() => trainer.Step(batch)).Message);
        loss.Fails = false;

        Assert.Equal(Bits(reference), Bits(model));
        for (var i = 0; i < 3 * accumulation; i++)
            Assert.Equal(undisturbed.Step(batch), trainer.Step(batch), (a, b) => Math.Abs(a.Loss - b.Loss) < 1e-5 && a.Step == b.Step);
    }

    [Fact]
    public void Ignored_samples_train_and_count_as_if_they_were_not_there()
    {
        var labels = Train.Labels.ToArray();
        for (var i = 0; i < labels.Length; i++)
            labels[i] = i % 4 == 1 ? Ignored : labels[i];
        var data = new Dataset(Train.Inputs.ToArray(), 784, labels, ignoredLabel: Ignored);
        Assert.Equal(Train.Classes, data.Classes);
        using var kept = Batch(Train, 0, 48);
        for (var (i, to) = (0, 0); to < 48; i++)
        {
            if (labels[i] == Ignored)
                continue;
            Train.Input(i).CopyTo(kept.Inputs[(784 * to)..]);
            kept.Labels[to++] = labels[i];
        }
        using var batch = Batch(data, 0, 64);
        using var model = new PlainNet(seed: 1);
        using var reference = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropyWith(ignore: Ignored), new Sgd(0.5));
        using var other = Trainer.For(reference, Loss.CrossEntropy, new Sgd(0.5));
        for (var step = 0; step < 3; step++)
        {
            var (report, expected) = (trainer.Step(batch), other.Step(kept));
            Assert.Equal((48, 48.0, expected.Correct), (report.Samples, report.Weight, report.Correct));
            Assert.Equal(expected.Loss, report.Loss, 1e-5);
        }
        Assert.Equal(reference.Stem.Weight.ToArray(), model.Stem.Weight.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(225, trainer.Evaluate(data).Samples);
    }

    [Fact]
    public void Evaluations_leave_ignored_samples_out()
    {
        using var model = new PlainNet(seed: 1);
        var labels = Validation.Labels.ToArray();
        var known = labels.ToArray();
        for (var i = 0; i < 40; i++)
            labels[i] = Ignored;
        var all = Evaluation.Of(model, Loss.CrossEntropy, Validation.Slice(40, 60));
        var evaluation = Evaluation.Of(
            model, Loss.CrossEntropyWith(ignore: Ignored), new Dataset(Validation.Inputs.ToArray(), 784, labels, Ignored));
        Assert.Equal((60, all.Accuracy), (evaluation.Samples, evaluation.Accuracy));
        Assert.Equal(all.Loss, evaluation.Loss, 1e-6);
        for (var k = 1; k <= 10; k++)
            Assert.Equal(all.TopK(k), evaluation.TopK(k));
        Assert.Equal(all.Predictions.ToArray(), evaluation.Predictions[40..].ToArray());
        Assert.Equal(100, evaluation.Predictions.Length);
        Assert.Equal(all.Confusion!.ToString(), evaluation.Confusion!.ToString());

        using var single = new CurveNet(seed: 1);
        var points = Curve(90, (x, y) => 0, seed: 1).Inputs.ToArray();
        var sides = Enumerable.Range(0, 90).Select(i => i < 30 ? Ignored : points[2 * i] > 0 ? 1 : 0).ToArray();
        var binary = Evaluation.Of(single, Loss.BinaryCrossEntropyWith(ignore: Ignored), new Dataset(points, 2, sides, Ignored));
        Assert.Equal((60, 1.0, binary.Accuracy), (binary.Samples, binary.TopK(2), binary.TopK(1)));
        Assert.Equal(60, Enumerable.Range(0, 4).Sum(i => binary.Confusion![i / 2, i % 2]));
    }

    [Fact]
    public void Data_of_which_nothing_counts_are_an_error_and_a_batch_changes_nothing()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropyWith(ignore: Ignored), new Sgd(0.5));
        var data = new Dataset(new float[784 * 3], 784, new[] { Ignored, Ignored, Ignored }, Ignored);
        Assert.Contains(
            "None of the 3 samples", Assert.Throws<ArgumentException>(() => trainer.Evaluate(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => trainer.Train(data, epochs: 1, batchSize: 2));
        using var batch = Batch(Train, 0, 8);
        batch.Labels.Fill(Ignored);
        var before = Bits(model);
        var report = trainer.Step(batch);
        Assert.Equal((0.0, 0, 0.0, true), (report.Loss, report.Samples, report.Weight, report.Updated));
        Assert.Equal(before, Bits(model));
        batch.Labels.Fill(-2);
        Assert.Contains("label -2", Assert.Throws<ArgumentException>(() => trainer.Step(batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accumulated_batches_with_weights_are_one_large_batch()
    {
        var loss = Loss.CrossEntropyWith(classWeights: [.. Enumerable.Range(1, 10).Select(i => 0.3 * i)]);
        using var model = new PlainNet(seed: 1);
        using var reference = new PlainNet(seed: 1);
        using var trainer = new Trainer<PlainNet>(model, loss, new Sgd(0.1f), new TrainerOptions { AccumulationSteps = 3 });
        using var large = Trainer.For(reference, loss, new Sgd(0.1f));
        using var whole = Batch(Train, 0, 60);
        large.Step(whole);
        foreach (var (first, count) in new[] { (0, 40), (40, 1), (41, 19) })
        {
            using var batch = Batch(Train, first, count);
            trainer.Step(batch);
        }
        Assert.Equal(reference.Stem.Weight.ToArray(), model.Stem.Weight.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Sums_of_weights_are_saved_and_resumed()
    {
        var loss = Loss.CrossEntropyWith(0.1, [.. Enumerable.Range(1, 10).Select(i => 0.3 * i)], Ignored);
        using var undisturbed = new PlainNet(seed: 1);
        EpochReport expected;
        using (var trainer = Trainer.For(undisturbed, loss, new AdamW(0.001)))
            expected = trainer.Train(Train, epochs: 1, batchSize: 32, validation: Validation);
        var path = Path.Combine(_folder, "training");
        var options = new TrainerOptions { CheckpointPath = path, CheckpointEvery = 4, ResumeIfPresent = true };
        using (var dead = new PlainNet(seed: 1))
        using (var trainer = Trainer.For(dead, loss, new AdamW(0.001), options with { OnStep = Die }))
            Assert.Throws<TimeoutException>(() => trainer.Train(Train, epochs: 1, batchSize: 32, validation: Validation));
        using var model = new PlainNet(seed: 2);
        using var second = Trainer.For(model, loss, new AdamW(0.001), options);
        var report = second.Train(Train, epochs: 1, batchSize: 32, validation: Validation);
        Assert.Equal(Timeless([expected]), Timeless([report]));

        static void Die(StepReport report)
        {
            if (report.Step == 6)
                throw new TimeoutException();
        }
    }

    /// <summary>A loss of a user.</summary>
    private sealed class Focal(double focus) : Loss
    {
        public override bool HasAccuracy => true;

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
        {
            var entropy = CrossEntropy.Sample(output, target, gradient);
            var probability = Math.Exp(-entropy);
            var factor = Math.Pow(1 - probability, focus);
            var slope = factor + (focus * Math.Pow(1 - probability, focus - 1) * probability * entropy);
            foreach (ref var value in gradient)
                value *= (float)slope;
            return factor * entropy;
        }

        public override bool IsCorrect(ReadOnlySpan<float> output, Target target) => CrossEntropy.IsCorrect(output, target);

        public override string ToString() => $"Focal({focus})";
    }

    /// <summary>Cross-entropy that can fail in the middle of a batch.</summary>
    private sealed class Failing : Loss
    {
        public bool Fails { get; set; }

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient) =>
            Fails ? throw new NotSupportedException("No.") : CrossEntropy.Sample(output, target, gradient);
    }
}
