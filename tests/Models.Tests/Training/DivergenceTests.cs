using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Models.Tests.Precision;
using SparseSharp.Models.Tests.Pruning;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Training;

/// <summary>However a step diverges, in whatever kind of layer: it says so, and everything is as it was before it.</summary>
public sealed class DivergenceTests : IDisposable
{
    private const int Steps = 12;

    /// <summary>A model per kind of layer, and per way in which it may learn.</summary>
    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["plain"] = Of<PlainNet>(),
        ["mixed"] = Of<MixedNet>(),
        ["dense tail"] = Of<PhasedNet>(options => options with { DenseTail = 0.5 }),
        ["step"] = Of<SwitchingNet>(),
        ["pruned gradients"] = Of<PhasedPrunedNet>(),
        ["shared layers"] = Of<Pupil>(),
        ["thresholds of channels"] = Of<AnnealedByChannel>(),
        ["threshold of a layer"] = Of<AnnealedByLayer>(),
        ["thresholds of weights"] = Of<AnnealedByWeight>(),
        ["limited gradients"] = Of<AnnealedReached>(),
        ["budget"] = Of<AnnealedBudget>(),
        ["annealed patterns"] = Of<AnnealedPattern>(),
        ["annealed, pruned gradients"] = Of<AnnealedWithPrunedGradients>(),
        ["blocks"] = Of<BlockNet>(),
        ["aimed blocks"] = Of<Aimed>(),
        ["rounded"] = Of<RoundedPlain>(),
        ["rounded pairs"] = Of<RoundedPairs>(),
        ["rounded static"] = Of<RoundedKept>(),
        ["rounded regrown"] = Of<RoundedRegrown>(),
        ["rounded rows"] = Of<RoundedRows>(),
        ["rounded soft"] = Of<RoundedSoft>(),
        ["rounded twice"] = Of<RoundedTwice>(),
        ["rounded graphs"] = Of<RoundedGraphs>(),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-divergence").FullName;

    private interface Case
    {
        Trained Train(Optimizer optimizer, Func<TrainerOptions, TrainerOptions>? change = null);
    }

    /// <summary>A trainer and what the tests do with it, whatever its model is.</summary>
    private abstract class Trained : IDisposable
    {
        public abstract IReadOnlyList<Linear> Linears { get; }

        public abstract Batch Batch(int seed);

        public abstract StepReport Step(Batch batch);

        public abstract void Save(string path);

        public abstract void SaveCheckpoint(string path);

        public abstract void Resume(string path);

        public abstract void Dispose();
    }

    public static TheoryData<string, string> Trainings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Cases.Keys)
            {
                foreach (var optimizer in (string[])["sgd", "nesterov", "adamw"])
                {
                    if (name != "step" || optimizer == "adamw")
                        data.Add(name, optimizer);
                }
            }
            return data;
        }
    }

    public static TheoryData<string, string, string> Divergences
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var row in Trainings)
            {
                foreach (var way in (string[])["huge rate", "huge weights", "huge bias", "infinite input", "infinite target", "huge target"])
                {
                    // Behind a layer that saturates, a huge bias changes nothing.
                    if (way != "huge bias" || (string)row[0] != "shared layers")
                        data.Add((string)row[0], (string)row[1], way);
                }
            }
            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// A training that meets a batch that makes it diverge before each of its steps, changes of phase and searches for masks among them,
    /// learns what it does without.
    /// </summary>
    [Theory, MemberData(nameof(Trainings))]
    public void A_step_that_diverges_changes_nothing(string name, string optimizer)
    {
        using var expected = Cases[name].Train(OptimizerOf(optimizer, 0.01f));
        using var disturbed = Cases[name].Train(OptimizerOf(optimizer, 0.01f));
        using var poison = disturbed.Batch(seed: 99);
        poison.Inputs[3] = float.NaN;
        using var overflow = disturbed.Batch(seed: 98);
        overflow.Targets.Fill(1e25f);
        for (var step = 1; step <= Steps; step++)
        {
            using var batch = expected.Batch(step);
            expected.Step(batch);
            AssertDiverges(disturbed, poison);
            // The loss and the gradient of this one are finite, but not its second moments.
            if (optimizer == "adamw")
                AssertDiverges(disturbed, overflow);
            disturbed.Step(batch);
            AssertSame(CheckpointOf(expected), CheckpointOf(disturbed));
        }
        AssertSame(FileOf(expected), FileOf(disturbed));
    }

    [Theory, MemberData(nameof(Divergences))]
    public void However_a_training_diverges_it_says_so_and_the_model_stays(string name, string optimizer, string way)
    {
        using var training = Cases[name].Train(OptimizerOf(optimizer, way == "huge rate" ? 3e38f : 0.01f));
        for (var step = 0; step < 3 && way != "huge rate"; step++)
        {
            using var good = training.Batch(step);
            training.Step(good);
        }
        using var batch = training.Batch(seed: 7);
        Spoil(training, batch, way);
        var checkpoint = AssertDivergesWithin(training, batch, steps: way == "huge target" ? 60 : 12);

        using var resumed = Cases[name].Train(OptimizerOf(optimizer, way == "huge rate" ? 3e38f : 0.01f));
        File.WriteAllBytes(PathOf("saved"), checkpoint);
        resumed.Resume(PathOf("saved"));
        AssertSame(checkpoint, CheckpointOf(resumed));
        Assert.Throws<DivergenceException>(() => resumed.Step(batch));
        if (!way.StartsWith("infinite", StringComparison.Ordinal))
            return;
        using var better = training.Batch(seed: 5);
        training.Step(better);
        resumed.Step(better);
        Assert.NotEqual(checkpoint, CheckpointOf(training));
        AssertSame(CheckpointOf(resumed), CheckpointOf(training));
    }

    [Fact]
    public void Accumulated_batches_of_a_step_that_diverges_are_learned_from_again()
    {
        static TrainerOptions Accumulate(TrainerOptions options) => options with { AccumulationSteps = 2, ClipNorm = 1 };
        using var expected = Cases["mixed"].Train(OptimizerOf("sgd", 0.01f), Accumulate);
        using var disturbed = Cases["mixed"].Train(OptimizerOf("sgd", 0.01f), Accumulate);
        using var first = expected.Batch(seed: 1);
        using var second = expected.Batch(seed: 2);
        using var poison = expected.Batch(seed: 3);
        poison.Inputs[9] = float.PositiveInfinity;
        for (var step = 0; step < 6; step++)
        {
            disturbed.Step(first);
            Assert.Throws<DivergenceException>(() => disturbed.Step(poison));
            foreach (var training in (Trained[])[expected, disturbed])
            {
                training.Step(first);
                Assert.True(training.Step(second).Updated);
            }
            AssertSame(CheckpointOf(expected), CheckpointOf(disturbed));
        }
    }

    /// <summary>Nothing comes after the last step that could find what it left.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_last_step_of_a_fit_is_checked_as_the_others_are(int epochs)
    {
        using var model = new CurveNet(seed: 1);
        var before = TrainingBench.Bits(model);
        var path = PathOf("training");
        var data = new Dataset(new float[] { 1, 2, 3, 4 }, 2, new float[] { 1e30f, -1e30f }, 1);
        using var trainer =
            new Trainer<CurveNet>(model, Loss.MeanSquaredError, new Sgd(1e10f), new TrainerOptions { CheckpointPath = path });
        var error = Assert.Throws<DivergenceException>(() => trainer.Fit(data, epochs, batchSize: 2).Count());
        Assert.Contains("step 1 ", error.Message);
        Assert.Contains("(weight of Hidden)", error.Message);
        Assert.Equal(before, TrainingBench.Bits(model));
        Assert.Equal(0, trainer.StepsDone);
        Assert.False(File.Exists(path));

        using var slower =
            new Trainer<CurveNet>(model, Loss.MeanSquaredError, new Sgd(1e-33f), new TrainerOptions { CheckpointPath = path });
        Assert.Single(slower.Fit(data, 1, batchSize: 2));
        Assert.NotEqual(before, TrainingBench.Bits(model));
    }

    /// <summary>Of a rule from elsewhere nothing is known before it has run.</summary>
    [Fact]
    public void A_rule_of_the_user_is_taken_back_as_well()
    {
        using var training = Cases["mixed"].Train(new Exploding(explodesAt: 3));
        using var batch = training.Batch(seed: 1);
        training.Step(batch);
        training.Step(batch);
        Assert.Contains("optimizer state for the weight of Stem", AssertDiverges(training, batch));
    }

    private static Case Of<TModel>(Func<TrainerOptions, TrainerOptions>? change = null)
        where TModel : class, ISparseModel<TModel> => new ModelCase<TModel>(change ?? (options => options));

    private static Optimizer OptimizerOf(string name, float rate) => name switch
    {
        "sgd" => new Sgd(rate),
        "nesterov" => new Sgd(rate, momentum: 0.9f, nesterov: true, weightDecay: 1e-4f),
        _ => new AdamW(rate),
    };

    private static void Spoil(Trained training, Batch batch, string way)
    {
        var layer = training.Linears[0];
        if (way == "huge weights")
            layer.SetWeight(layer.Weight.ToArray().Select(weight => weight < 0 ? -1e38f : weight > 0 ? 1e38f : 0).ToArray());
        else if (way == "huge bias")
            SetBias(training.Linears.Last(layer => layer.Bias.Length > 0));
        else if (way == "infinite input")
            batch.Inputs[11] = float.NegativeInfinity;
        else if (way == "infinite target")
            batch.Targets[1] = float.PositiveInfinity;
        else if (way == "huge target")
            batch.Targets.Fill(-3e38f);
        else
            batch.Targets.Fill(1e4f);

        static void SetBias(Linear layer) => layer.SetBias(Enumerable.Repeat(3.3e38f, layer.Outputs).ToArray());
    }

    private string AssertDiverges(Trained training, Batch batch)
    {
        var (file, checkpoint) = (FileOf(training), CheckpointOf(training));
        var error = Assert.Throws<DivergenceException>(() => training.Step(batch));
        AssertSame(file, FileOf(training));
        AssertSame(checkpoint, CheckpointOf(training));
        return error.Message;
    }

    /// <summary>Returns the checkpoint from before the step.</summary>
    private byte[] AssertDivergesWithin(Trained training, Batch batch, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var (file, checkpoint) = (FileOf(training), CheckpointOf(training));
            try
            {
                training.Step(batch);
            }
            catch (DivergenceException)
            {
                AssertSame(file, FileOf(training));
                AssertSame(checkpoint, CheckpointOf(training));
                return checkpoint;
            }
        }
        Assert.Fail($"The training did not diverge in {steps} steps.");
        return [];
    }

    /// <summary>Names what differs.</summary>
    private void AssertSame(byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual))
            return;
        var (before, after) = (Read(expected), Read(actual));
        var metadata = before.Metadata.Where(
            pair => after.Metadata.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => $"{pair.Key} {pair.Value}");
        var tensors = before.Tensors.Where(tensor => after.Tensors.FirstOrDefault(other => other.Name == tensor.Name) is not { } other
            || !other.Bytes.Span.SequenceEqual(tensor.Bytes.Span));
        Assert.Fail($"Changed: {string.Join(", ", metadata.Concat(tensors.Select(tensor => tensor.Name)))}.");

        SafeTensors Read(byte[] bytes)
        {
            File.WriteAllBytes(PathOf("compared"), bytes);
            return SafeTensors.Read(PathOf("compared"));
        }
    }

    private byte[] FileOf(Trained training)
    {
        training.Save(PathOf("model"));
        return File.ReadAllBytes(PathOf("model"));
    }

    private byte[] CheckpointOf(Trained training)
    {
        training.SaveCheckpoint(PathOf("checkpoint"));
        return File.ReadAllBytes(PathOf("checkpoint"));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private sealed class ModelCase<TModel>(Func<TrainerOptions, TrainerOptions> change) : Case
        where TModel : class, ISparseModel<TModel>
    {
        public Trained Train(Optimizer optimizer, Func<TrainerOptions, TrainerOptions>? further)
        {
            var options = change(new TrainerOptions { Seed = 3, Threads = 2, TotalSteps = Steps, Log = _ => { } });
            return new Training<TModel>(
                new Trainer<TModel>(TModel.Create(1), Loss.MeanSquaredError, optimizer, further is null ? options : further(options)));
        }
    }

    private sealed class Training<TModel>(Trainer<TModel> trainer) : Trained
        where TModel : class, ISparseModel<TModel>
    {
        public override IReadOnlyList<Linear> Linears => trainer.Model.Linears;

        public override Batch Batch(int seed)
        {
            var descriptor = TModel.Descriptor;
            var batch = new Batch(24, descriptor.InputFeatures, descriptor.OutputFeatures) { Count = 24 };
            Values.Uniform(batch.Inputs.Length, seed).CopyTo(batch.Inputs);
            Values.Uniform(batch.Targets.Length, seed + 1000).CopyTo(batch.Targets);
            return batch;
        }

        public override StepReport Step(Batch batch) => trainer.Step(batch);

        public override void Save(string path) => ModelFile.Save(trainer.Model, path);

        public override void SaveCheckpoint(string path) => trainer.SaveCheckpoint(path);

        public override void Resume(string path) => trainer.Resume(path);

        public override void Dispose()
        {
            trainer.Dispose();
            foreach (var layer in Linears)
                layer.Dispose();
        }
    }

    private sealed class Exploding(int explodesAt) : Optimizer
    {
        public override int StateCount => 1;

        public override float LearningRate => 0.01f;

        public override void Update(
            Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] -= LearningRate * gradient[i];
            if (step.Step == explodesAt)
                first[0] = float.NaN;
        }
    }
}
