using SparseSharp.Runtime.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void Digits_are_learned_with_every_kind_of_layer()
    {
        using var model = new MixedNet(seed: 1);
        var (train, mean, deviation) = SyntheticDigits.Generate(4000, seed: 5).Standardize();
        var test = SyntheticDigits.Generate(500, seed: 6).Normalize(mean, deviation);
        var options = new TrainerOptions { Schedule = LearningRateSchedule.Cosine() };
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.03f, momentum: 0.9f), options);
        var reports = trainer.Fit(train, epochs: 7, batchSize: 64, validation: test).ToList();
        Assert.Equal(7, reports.Count);
        Assert.True(reports[^1].Validation!.Accuracy > 0.78, reports[^1].ToString());
        Assert.True(reports[^1].Loss < 0.5 * reports[0].Loss, reports[^1].ToString());
        Assert.Equal(["Stem", "Kept", "Rows", "Soft", "Twice", "Head"], reports[0].Layers.Select(layer => layer.Path));
        Assert.Equal([0.5, 0.5, 0.25, 0.5, 0.5, 1], reports[0].Layers.Select(layer => layer.Density));
        Assert.Equal(reports[^1].Validation, trainer.Evaluate(test));
    }

    [Fact]
    public void A_curve_is_learned_by_squared_error_with_adam()
    {
        using var model = new CurveNet(seed: 1);
        var options = new TrainerOptions { Schedule = LearningRateSchedule.WarmUp(10, LearningRateSchedule.Cosine()) };
        using var trainer = new Trainer<CurveNet>(model, Loss.MeanSquaredError, new AdamW(0.02f), options);
        var reports = trainer.Fit(Curve(500, (x, y) => MathF.Sin(x) * y, seed: 1), epochs: 40, batchSize: 32).ToList();
        Assert.True(reports[^1].Loss < 0.01, reports[^1].ToString());
        Assert.Null(reports[^1].Accuracy);
    }

    [Fact]
    public void Sides_of_a_curve_are_learned_by_binary_cross_entropy()
    {
        using var model = new CurveNet(seed: 1);
        using var trainer = new Trainer<CurveNet>(model, Loss.BinaryCrossEntropy, new Sgd(0.5f, momentum: 0.9f, nesterov: true));
        var data = Curve(500, (x, y) => (x * x) + (y * y) > 2 ? 1 : 0, seed: 1);
        Assert.True(trainer.Fit(data, epochs: 30, batchSize: 32).Last().Accuracy > 0.95);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_number_of_threads_does_not_change_a_bit(int threads)
    {
        var (bits, reports) = Run(2);
        var (otherBits, otherReports) = Run(threads);
        Assert.Equal(reports, otherReports);
        Assert.Equal(bits, otherBits);

        static (uint[] Bits, EpochReport[] Reports) Run(int threads)
        {
            using var model = new MixedNet(seed: 3);
            var options = new TrainerOptions { Threads = threads, Seed = 4, ClipNorm = 0.5 };
            using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f, momentum: 0.9f), options);
            var reports = Timeless(trainer.Fit(Train, epochs: 2, batchSize: 70, validation: Validation));
            return (Bits(model), reports);
        }
    }

    [Fact]
    public void The_seed_decides_the_order_and_the_dropout()
    {
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));

        static uint[] Run(ulong seed)
        {
            using var model = new MixedNet(seed: 3);
            using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { Seed = seed });
            trainer.Fit(Train, epochs: 1, batchSize: 64).Last();
            return Bits(model);
        }
    }

    [Theory]
    [InlineData(16, 16, 16, 16)]
    [InlineData(40, 20, 3, 1)]
    public void Accumulated_batches_are_one_large_batch(params int[] sizes)
    {
        using var model = new PlainNet(seed: 1);
        using var reference = new PlainNet(seed: 1);
        var options = new TrainerOptions { AccumulationSteps = sizes.Length, ClipNorm = 0.1 };
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), options);
        using var large = new Trainer<PlainNet>(reference, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { ClipNorm = 0.1 });
        using var whole = Batch(Train, 0, sizes.Sum());
        var expected = large.Step(whole);
        var report = default(StepReport);
        for (var (i, first) = (0, 0); i < sizes.Length; first += sizes[i++])
        {
            using var batch = Batch(Train, first, sizes[i]);
            report = trainer.Step(batch);
            Assert.Equal(i == sizes.Length - 1, report.Updated);
            Assert.Equal(i == sizes.Length - 1 ? 1 : 0, report.Step);
        }
        Assert.Equal(expected.GradientNorm, report.GradientNorm, 1e-5);
        foreach (var (layer, other) in model.Linears.Zip(reference.Linears))
            Assert.Equal(other.Weight.ToArray(), layer.Weight.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void The_last_batches_of_an_epoch_are_used_however_few_they_are()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer =
            new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { AccumulationSteps = 4 });
        // 300 samples are 10 batches of 32, so 3 updates: after 4, 4 and 2.
        Assert.Equal([3L, 6L], trainer.Fit(Train, epochs: 2, batchSize: 32).Select(report => report.Step));
    }

    [Fact]
    public void Clipping_scales_the_gradient_to_its_limit()
    {
        const float Rate = 0.5f;
        const double Limit = 0.01;
        using var model = new PlainNet(seed: 1);
        var before = Values(model);
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(Rate), new TrainerOptions { ClipNorm = Limit });
        using var batch = Batch(Train, 0, 50);
        var report = trainer.Step(batch);
        var gradient = model.Linears.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.Gradient.ToArray());
        Assert.Equal(Math.Sqrt(gradient.Sum(g => (double)g * g)), report.GradientNorm, 1e-5);
        Assert.True(report.GradientNorm > 2 * Limit);
        var change = Math.Sqrt(before.Zip(Values(model), (a, b) => ((double)a - b) * ((double)a - b)).Sum());
        Assert.Equal(Rate * Limit, change, 1e-6);

        static float[] Values(PlainNet model) =>
            [.. model.Linears.SelectMany(layer => layer.Weight.ToArray().Concat(layer.Bias.ToArray()))];
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var model = new MixedNet(seed: 1);
        var options = new TrainerOptions { AccumulationSteps = 2, ClipNorm = 1, Threads = 2 };
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new AdamW(0.001f), options);
        using var batch = Batch(Train, 0, 100);
        using var small = Batch(Train, 100, 37);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                trainer.Step(batch);
                trainer.Step(small);
            }
        }));
    }

    [Fact]
    public void A_diverging_training_stops_with_advice_and_keeps_its_weights()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(1e20f));
        using var batch = Batch(Train, 0, 50);
        var error = Assert.Throws<DivergenceException>(() =>
        {
            for (var i = 0; i < 10; i++)
                trainer.Step(batch);
        });
        Assert.Contains($"step {trainer.StepsDone + 1}", error.Message);
        Assert.Contains("learning rate (it was 1E+20)", error.Message);
        Assert.True(trainer.StepsDone > 0);
        Assert.All(model.Stem.Weight.ToArray(), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void The_schedule_sets_the_learning_rate()
    {
        using var model = new PlainNet(seed: 1);
        var rates = new List<float>();
        var options = new TrainerOptions { Schedule = LearningRateSchedule.Cosine(), OnStep = report => rates.Add(report.LearningRate) };
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), options);
        trainer.Fit(Train, epochs: 2, batchSize: 100).Last();
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => 0.05 * (1 + Math.Cos(Math.PI * i / 6))), rates.Select(rate => (double)rate),
            (a, b) => Math.Abs(a - b) < 1e-8);
    }

    [Fact]
    public void A_schedule_that_needs_the_total_says_so_in_a_custom_loop()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = new Trainer<PlainNet>(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { Schedule = LearningRateSchedule.Cosine() });
        using var batch = Batch(Train, 0, 50);
        Assert.Contains("TotalSteps", Assert.Throws<InvalidOperationException>(() => trainer.Step(batch)).Message);
    }

    [Fact]
    public void Early_stopping_ends_the_training_and_restores_the_best_weights()
    {
        using var model = new MixedNet(seed: 1);
        var options = new TrainerOptions { EarlyStopping = new(Patience: 2, MinDelta: 1e9, RestoreBest: true) };
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f), options);
        var after = new List<uint[]>();
        var reports = new List<EpochReport>();
        foreach (var report in trainer.Fit(Train, epochs: 10, batchSize: 64, validation: Validation))
        {
            after.Add(Bits(model));
            reports.Add(report);
        }
        Assert.Equal([false, false, true], reports.Select(report => report.StoppedEarly));
        Assert.NotEqual(after[0], after[1]);
        Assert.Equal(after[0], after[2]);
        Assert.Equal(reports[0].Validation, trainer.Evaluate(Validation));
    }

    [Fact]
    public void Progress_and_callbacks_tell_where_the_training_stands()
    {
        using var model = new PlainNet(seed: 1);
        var progress = new Recorder();
        var (steps, epochs) = (new List<StepReport>(), new List<EpochReport>());
        var options = new TrainerOptions { Progress = progress, OnStep = steps.Add, OnEpoch = epochs.Add };
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), options);
        var reports = trainer.Fit(Train, epochs: 2, batchSize: 128).ToList();
        Assert.Equal(reports, epochs);
        Assert.Equal([1L, 2, 3, 4, 5, 6], steps.Select(step => step.Step));
        Assert.Equal([128, 128, 44, 128, 128, 44], steps.Select(step => step.Samples));
        Assert.Equal(reports[0].Loss, steps.Take(3).Sum(step => step.Loss * step.Samples) / 300, 1e-12);
        var ends = progress.Seen.Where(state => state.Batch == state.Batches).ToList();
        Assert.Equal([(1, 2, 3), (2, 2, 3)], ends.Select(state => (state.Epoch, state.Epochs, state.Batches)));
        Assert.Equal(reports.Select(report => report.Loss), ends.Select(state => state.Loss));
        Assert.Equal(reports.Select(report => report.Accuracy), ends.Select(state => state.Accuracy));
    }

    [Fact]
    public void Data_that_do_not_fit_are_errors_before_anything_is_trained()
    {
        using var model = new PlainNet(seed: 1);
        using var trainer = new Trainer<PlainNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        using var values = new Batch(4, 784, 10) { Count = 4 };
        using var empty = new Batch(4, 784, 0) { Count = 0 };
        Assert.Contains("784", Assert.Throws<ArgumentException>(() => trainer.Fit(Curve(5, (x, y) => x, 1), 1, 2)).Message);
        Assert.Throws<ArgumentException>(() => trainer.Step(values));
        Assert.Throws<ArgumentException>(() => trainer.Step(empty));
        using var wrong = Batch(Train, 0, 4);
        wrong.Labels[2] = 10;
        Assert.Contains("Sample 2", Assert.Throws<ArgumentException>(() => trainer.Step(wrong)).Message);
        Assert.Equal(0, trainer.StepsDone);
        using var stopping = new Trainer<PlainNet>(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { EarlyStopping = new(1) });
        Assert.Throws<ArgumentException>(() => stopping.Fit(Train, 1, 2));
    }

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
