using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-checkpoints").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, int> Deaths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var optimizer in (string[])["sgd", "adamw"])
            {
                foreach (var step in (int[])[1, 3, 4, 5, 6, 7, 11, 15])
                    data.Add(optimizer, step);
            }
            return data;
        }
    }

    /// <summary>
    /// Five batches an epoch, a checkpoint every two steps; the process "dies" at any step, and another one goes on with what is on the
    /// disk.
    /// </summary>
    [Theory, MemberData(nameof(Deaths))]
    public void A_training_that_died_goes_on_with_the_same_bits(string optimizer, int lastStep)
    {
        var options = new TrainerOptions
        {
            Seed = 9,
            CheckpointPath = PathOf("training"),
            CheckpointEvery = 2,
            ResumeIfPresent = true,
            Schedule = LearningRateSchedule.Cosine(0.1),
            DenseTail = 0.3,
            EarlyStopping = new(Patience: 10, RestoreBest: true),
        };
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, optimizer, options with { CheckpointPath = null, CheckpointEvery = null, ResumeIfPresent = false });

        using var dead = new MixedNet(seed: 1);
        Assert.Throws<Death>(() => Fit(dead, optimizer, options with
        {
            OnStep = report =>
            {
                if (report.Step == lastStep)
                    throw new Death();
            },
        }));
        // Whatever the new model was before, it takes everything from the checkpoint; without one it must be the same model.
        using var model = new MixedNet(seed: File.Exists(options.CheckpointPath) ? 2u : 1u);
        var reports = Fit(model, optimizer, options);
        Assert.Equal(expected[^reports.Length..], reports);
        Assert.Equal(Bits(undisturbed), Bits(model));
    }

    [Fact]
    public void A_cancelled_training_saves_itself_and_goes_on_with_the_same_bits()
    {
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, "sgd", new TrainerOptions { AccumulationSteps = 2 });

        using var model = new MixedNet(seed: 1);
        using var cancellation = new CancellationTokenSource();
        var options = new TrainerOptions { AccumulationSteps = 2, CheckpointPath = PathOf("training") };
        var cancelling = options with
        {
            OnStep = report =>
            {
                // In the middle of step 4, whose gradients are still used.
                if (report is { Step: 3, Updated: false })
                    cancellation.Cancel();
            },
        };
        using (var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, Optimizer("sgd"), cancelling))
        {
            Assert.Throws<OperationCanceledException>(
                () => trainer.Fit(Train, epochs: 3, batchSize: 64, Validation, cancellation.Token).ToList());
            Assert.Equal(4, trainer.StepsDone);
            // The same trainer can go on, and so can another one from the file.
            var rest = Timeless(trainer.Fit(Train, epochs: 3, batchSize: 64, Validation));
            Assert.Equal(expected[^rest.Length..], rest);
            Assert.Equal(Bits(undisturbed), Bits(model));
        }
    }

    [Fact]
    public void A_finished_training_resumes_to_its_end()
    {
        var options = new TrainerOptions
        {
            CheckpointPath = PathOf("training"),
            ResumeIfPresent = true,
            EarlyStopping = new(Patience: 1, MinDelta: 1e9, RestoreBest: true),
        };
        using var model = new MixedNet(seed: 1);
        Assert.Equal(2, Fit(model, "sgd", options).Length);
        using var again = new MixedNet(seed: 2);
        Assert.Empty(Fit(again, "sgd", options));
        Assert.Equal(Bits(model), Bits(again));
    }

    [Fact]
    public void A_custom_loop_resumes_with_the_same_bits()
    {
        using var model = new MixedNet(seed: 1);
        using var other = new MixedNet(seed: 2);
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, Optimizer("adamw"));
        using var resumed = new Trainer<MixedNet>(other, Loss.SoftmaxCrossEntropy, Optimizer("adamw"));
        using var batch = Batch(Train, 0, 60);
        for (var i = 0; i < 7; i++)
            trainer.Step(batch);
        trainer.SaveCheckpoint(PathOf("loop"));
        resumed.Resume(PathOf("loop"));
        Assert.Equal(trainer.StepsDone, resumed.StepsDone);
        Assert.Equal(model.Linears.Select(layer => layer.FlipRate), other.Linears.Select(layer => layer.FlipRate));
        for (var i = 0; i < 7; i++)
            Assert.Equal(trainer.Step(batch), resumed.Step(batch));
        Assert.Equal(Bits(model), Bits(other));
        Assert.Equal(model.Linears.Select(layer => layer.FlipRate), other.Linears.Select(layer => layer.FlipRate));
    }

    [Fact]
    public void Another_training_is_refused_by_name_and_nothing_changes()
    {
        using var model = new MixedNet(seed: 1);
        using (var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 3 }))
            trainer.SaveCheckpoint(PathOf("saved"));
        using var other = new MixedNet(seed: 2);
        var before = Bits(other);
        Refused("optimizer", Loss.SoftmaxCrossEntropy, new AdamW(0.05f), new TrainerOptions { Seed = 3 });
        Refused("optimizer", Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f), new TrainerOptions { Seed = 3 });
        Refused("loss", Loss.SoftmaxCrossEntropyWith(0.1f), new Sgd(0.05f), new TrainerOptions { Seed = 3 });
        Refused("seed", Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 4 });
        Refused("accumulation", Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 3, AccumulationSteps = 2 });
        Refused("dense tail", Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 3, DenseTail = 0.5 });
        Refused("clip norm", Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 3, ClipNorm = 1 });
        Assert.Equal(before, Bits(other));
        using var plain = new PlainNet(seed: 1);
        using var plainTrainer = new Trainer<PlainNet>(plain, Loss.SoftmaxCrossEntropy, new Sgd(0.05f), new TrainerOptions { Seed = 3 });
        Assert.Contains("its model is MixedNet", Assert.Throws<SafeTensorsException>(() => plainTrainer.Resume(PathOf("saved"))).Message);

        void Refused(string what, Loss loss, Optimizer optimizer, TrainerOptions options)
        {
            using var trainer = new Trainer<MixedNet>(other, loss, optimizer, options);
            var error = Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("saved")));
            Assert.Contains($"its {what} is", error.Message);
        }
    }

    [Fact]
    public void Another_batch_size_or_dataset_is_refused()
    {
        var options = new TrainerOptions { CheckpointPath = PathOf("training"), ResumeIfPresent = true };
        using var model = new MixedNet(seed: 1);
        Fit(model, "sgd", options);
        using var other = new MixedNet(seed: 2);
        var before = Bits(other);
        Assert.Contains("batch size 64, not 32", Refused(Train, 32));
        Assert.Contains("300 training samples, not 100", Refused(Validation, 64));
        Assert.Equal(before, Bits(other));

        string Refused(Dataset data, int batchSize)
        {
            using var trainer = new Trainer<MixedNet>(other, Loss.SoftmaxCrossEntropy, Optimizer("sgd"), options);
            return Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, epochs: 4, batchSize).ToList()).Message;
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_an_error_and_nothing_changes()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, Optimizer("sgd"));
        using var batch = Batch(Train, 0, 60);
        trainer.Step(batch);
        trainer.SaveCheckpoint(PathOf("whole"));
        var bytes = File.ReadAllBytes(PathOf("whole"));
        trainer.Step(batch);
        var before = Bits(model);
        File.WriteAllBytes(PathOf("short"), bytes[..^100]);
        Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("short")));
        Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("absent")));
        var file = SafeTensors.Read(PathOf("whole"));
        foreach (var tensor in file.Tensors)
        {
            new SafeTensors(file.Tensors.Where(other => other != tensor), file.Metadata).Write(PathOf("lacking"));
            Assert.Contains(tensor.Name, Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("lacking"))).Message);
        }
        foreach (var key in file.Metadata.Keys)
        {
            new SafeTensors(file.Tensors, file.Metadata.Where(pair => pair.Key != key).ToDictionary()).Write(PathOf("lacking"));
            Assert.Contains($"'{key}'", Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("lacking"))).Message);
        }
        Assert.Equal(before, Bits(model));
        Assert.Equal(2, trainer.StepsDone);
    }

    [Fact]
    public void Waiting_gradients_cannot_be_saved()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer =
            new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, Optimizer("sgd"), new TrainerOptions { AccumulationSteps = 2 });
        using var batch = Batch(Train, 0, 60);
        trainer.Step(batch);
        Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(PathOf("early")));
        Assert.Throws<InvalidOperationException>(() => trainer.Fit(Train, 1, 64).ToList());
        trainer.Step(batch);
        trainer.SaveCheckpoint(PathOf("early"));
    }

    private static EpochReport[] Fit(MixedNet model, string optimizer, TrainerOptions options)
    {
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, Optimizer(optimizer), options);
        return Timeless(trainer.Fit(Train, epochs: 3, batchSize: 64, validation: Validation));
    }

    private static Optimizer Optimizer(string name) => name == "sgd" ? new Sgd(0.1f, momentum: 0.9f) : new AdamW(0.003f);

    private sealed class Death : Exception;
}
