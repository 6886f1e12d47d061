using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Runtime.Tests.Layers;

/// <summary>A kind of layer that has no weight matrix works wherever layers do.</summary>
public sealed class LayerKindTests : IDisposable
{
    private const int Samples = 150;

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Optimizers => ["sgd", "adam", "adamw"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Gradients_are_those_of_central_differences()
    {
        using var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<FactorNet>(model, pool);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0);
        foreach (var layer in (Factors[])[model.First, model.Second])
        {
            var gradient = layer.Parameter.Gradient.ToArray();
            for (var i = 0; i < FactorNet.Features; i++)
            {
                var value = layer.Parameter.Values[i];
                var (above, below) = (At(value + 1e-2f), At(value - 1e-2f));
                Assert.Equal((above - below) / 2e-2, gradient[i], 2e-4);

                double At(float factor)
                {
                    layer.Parameter.Values[i] = factor;
                    var loss = MeanLoss(model, batch);
                    layer.Parameter.Values[i] = value;
                    return loss;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_trains_it_alike_with_any_number_of_threads(string optimizer)
    {
        using var one = Trained(optimizer, new TrainerOptions { Threads = 1, ClipNorm = 1 }, steps: 40);
        using var three = Trained(optimizer, new TrainerOptions { Threads = 3, ClipNorm = 1 }, steps: 40);
        Assert.Equal(one.Everything(), three.Everything());
        using var fresh = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        Assert.InRange(MeanLoss(one, batch), 0, 0.5 * MeanLoss(fresh, batch));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var model = FactorNet.Create(3);
        using var trainer = new Trainer<FactorNet>(
            model, Loss.MeanSquaredError, new AdamW(0.01), new TrainerOptions { Threads = 1, ClipNorm = 1, Average = Average.Ema(0.9) });
        using var batch = Make(Samples, seed: 1);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var step = 0; step < 50; step++)
                trainer.Step(batch);
        }));
    }

    [Fact]
    public void Few_samples_are_predicted_as_many_are()
    {
        using var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        var all = model.Predict(batch.Inputs.ToArray());
        Assert.Equal(all[..(2 * FactorNet.Features)], model.Predict(batch.Inputs[..(2 * FactorNet.Features)].ToArray()));
    }

    [Fact]
    public void Vectors_and_buffers_are_saved_and_loaded_under_their_names()
    {
        using var saved = FactorNet.Create(1);
        using var loaded = FactorNet.Create(2);
        saved.First.Count.Values[1] = 7;
        var path = _directory.File("model.safetensors");
        ModelFile.Save(saved, path);
        var file = SafeTensors.Read(path);
        Assert.Equal(
            ["first.count F32 [2]", "first.weight F32 [6]", "second.count F32 [2]", "second.weight F32 [6]"],
            file.Tensors.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("sparsesharp.pattern.first", file.Metadata.Keys);

        ModelFile.Load(loaded, path);
        Assert.Equal(saved.Everything(), loaded.Everything());
    }

    [Fact]
    public void A_file_without_a_vector_is_refused_or_reported()
    {
        using var model = FactorNet.Create(1);
        var before = model.Everything();
        var path = _directory.File("part.safetensors");
        new SafeTensors(
            [NamedTensor.Of("first.weight", new float[6]), NamedTensor.Of("first.count", new float[2])], new Dictionary<string,
            string>()).Write(path);

        var error = Assert.Throws<SafeTensorsException>(() => ModelFile.Load(model, path));
        Assert.Contains("tensor 'second.weight' of layer Second is missing", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.Everything());

        var report = ModelFile.Load(model, path, strict: false);
        Assert.Equal(["second"], report.Missing);
        Assert.Equal(new float[8], model.Everything()[..8]);
        Assert.Equal(before[8..], model.Everything()[8..]);

        ModelFile.Load(
            model, path, new Dictionary<string, string> { ["second.weight"] = "first.weight", ["second.count"] = "first.count" },
            strict: false);
        Assert.Equal(new float[16], model.Everything());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_that_is_resumed_goes_on_with_the_same_bits(string optimizer)
    {
        var path = _directory.File("training.safetensors");
        using var batch = Make(Samples, seed: 1);
        using var model = FactorNet.Create(3);
        var options = new TrainerOptions
        {
            Threads = 2,
            AccumulationSteps = 2,
            Average = Average.Ema(0.9),
            Groups = [new ParameterGroup(model.First) { RateFactor = 0.1, Decays = false }]
        };
        using var trainer = new Trainer<FactorNet>(model, Loss.MeanSquaredError, Make(optimizer), options);
        Run(trainer, batch, batches: 10);
        model.Second.Count.Values[0] = 5;
        trainer.SaveCheckpoint(path);
        Run(trainer, batch, batches: 10);

        using var other = FactorNet.Create(4);
        using var resumed = new Trainer<FactorNet>(
            other, Loss.MeanSquaredError, Make(optimizer),
            options with { Groups = [new ParameterGroup(other.First) { RateFactor = 0.1, Decays = false }] });
        resumed.Resume(path);
        Run(resumed, batch, batches: 10);
        Assert.Equal(model.Everything(), other.Everything());
        using var average = trainer.CopyAverage();
        using var otherAverage = resumed.CopyAverage();
        Assert.Equal(average.Everything(), otherAverage.Everything());
        Assert.NotEqual(average.Everything(), model.Everything());
    }

    [Fact]
    public void A_frozen_one_stays_and_others_learn()
    {
        using var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        var (first, second) = (model.First.Parameter.Values.ToArray(), model.Second.Parameter.Values.ToArray());
        model.First.Freeze();
        using var trainer = new Trainer<FactorNet>(model, Loss.MeanSquaredError, new Adam(0.05));
        Run(trainer, batch, batches: 5);
        Assert.Equal(first, model.First.Parameter.Values.ToArray());
        Assert.NotEqual(second, model.Second.Parameter.Values.ToArray());
        model.First.Unfreeze();
        Run(trainer, batch, batches: 5);
        Assert.NotEqual(first, model.First.Parameter.Values.ToArray());
    }

    [Fact]
    public void A_step_that_diverges_is_taken_back()
    {
        using var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        model.Second.Count.Values[0] = 3;
        var before = model.Everything();
        using var trainer = new Trainer<FactorNet>(model, Loss.MeanSquaredError, new Sgd(1e38));
        var error = Assert.Throws<DivergenceException>(() => Run(trainer, batch, batches: 3));
        Assert.Contains("First", error.Message, StringComparison.Ordinal);
        Assert.All(model.Everything(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(before[6..8], model.Everything()[6..8]);
    }

    [Fact]
    public void Tables_and_reports_have_it()
    {
        using var model = FactorNet.Create(3);
        using var data = Make(Samples, seed: 1);
        using var trainer = new Trainer<FactorNet>(model, Loss.MeanSquaredError, new Adam(0.05));
        Run(trainer, data, batches: 2);

        Assert.Equal((0, 1, 0), (model.First.WeightCount, model.First.Density, model.First.FlipRate));
        Assert.Null(model.First.Pattern);
        Assert.All(ModelTable.Layers(model), layer => Assert.Equal((0, 0, 0), (layer.Weights, layer.KeptWeights, layer.Flops)));
        Assert.Contains("First", ModelTable.Of(model), StringComparison.Ordinal);
        Assert.Empty(MaskReport.Of(model).Layers);
        Assert.Equal((1, 1), (trainer.Flops.InferenceRatio, trainer.Flops.TrainingRatio));
        var report = trainer.Train(
            new Dataset(data.Inputs.ToArray(), FactorNet.Features, data.Targets.ToArray(), FactorNet.Features), epochs: 1, batchSize: 50);
        Assert.All(report.Layers, layer => Assert.True(layer.IsFinal));
    }

    [Fact]
    public void Pruning_copies_it()
    {
        using var dense = FactorNet.Create(3);
        using var sparse = FactorNet.Create(4);
        dense.First.Count.Values[0] = 2;
        MagnitudePruning.Apply(dense, sparse);
        Assert.Equal(dense.Everything(), sparse.Everything());

        using var other = FactorNet.Create(5);
        Assert.Empty(AdaPrune.Apply(dense, other, new float[10 * FactorNet.Features]).Layers);
        Assert.Equal(dense.Everything(), other.Everything());
        Assert.Empty(AdaPrune.Suggest(dense, group: 4));
    }

    [Fact]
    public void Other_frameworks_get_its_gradient_and_its_memory()
    {
        using var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        using var pass = new AutogradPass<FactorNet>(model, seed: 1);
        Assert.Equal(["first.weight", "second.weight"], pass.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([[6], [6]], pass.Parameters.Select(parameter => parameter.Shape));

        var outputs = new float[batch.Inputs.Length];
        var outputGradient = new float[outputs.Length];
        float[][] gradients = [GC.AllocateArray<float>(6, pinned: true), GC.AllocateArray<float>(6, pinned: true)];
        var tape = pass.Forward(batch.Inputs, outputs, training: true);
        for (var i = 0; i < outputs.Length; i++)
            outputGradient[i] = 2 * (outputs[i] - batch.Targets[i]) / outputs.Length;
        Assert.True(pass.Backward(
            tape, outputGradient, [], [.. pass.Parameters.Zip(gradients, (parameter, gradient) => parameter.GradientAddress(gradient))]));

        using var pool = new WorkerPool(1);
        using var training = new TrainingPass<FactorNet>(model, pool);
        training.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0);
        for (var i = 0; i < 6; i++)
            Assert.Equal(model.First.Parameter.Gradient[i], gradients[0][i], 1e-5);

        var memory = GC.AllocateArray<float>(6 + SharedParameter.Room, pinned: true);
        pass.Parameters[0].Share(memory);
        Assert.Equal(model.First.Parameter.Values.ToArray(), memory[..6]);
        pass.Parameters[0].Import([1, 2, 3, 4, 5, 6]);
        Assert.Equal([1, 2, 3, 4, 5, 6], memory[..6]);
        pass.AfterStep();
        pass.Parameters[0].Return();
        Assert.Equal([1, 2, 3, 4, 5, 6], model.First.Parameter.Values.ToArray());
    }

    [Fact]
    public void A_wrong_vector_is_refused_in_words()
    {
        using var model = FactorNet.Create(3);
        Assert.Contains(
            "The weight has 2 values; this layer needs 6.",
            Assert.Throws<ArgumentException>(() => model.First.Parts.Learned[0].Set([1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "The weight holds NaN",
            Assert.Throws<ArgumentException>(() => model.First.Parts.Learned[0].Set([1, float.NaN, 1, 1, 1, 1])).Message,
            StringComparison.Ordinal);
    }

    private static FactorNet Trained(string optimizer, TrainerOptions options, int steps)
    {
        var model = FactorNet.Create(3);
        using var batch = Make(Samples, seed: 1);
        using var trainer = new Trainer<FactorNet>(model, Loss.MeanSquaredError, Make(optimizer), options);
        Run(trainer, batch, steps);
        return model;
    }

    private static void Run(Trainer<FactorNet> trainer, Batch batch, int batches)
    {
        for (var i = 0; i < batches; i++)
            trainer.Step(batch);
    }

    private static Optimizer Make(string optimizer) => optimizer switch
    {
        "sgd" => new Sgd(1, momentum: 0.8, weightDecay: 1e-3),
        "adam" => new Adam(0.05),
        _ => new AdamW(0.05, weightDecay: 0.01),
    };

    private static double MeanLoss(FactorNet model, Batch batch)
    {
        var outputs = model.Predict(batch.Inputs.ToArray());
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
            sum += Math.Pow(outputs[i] - batch.Targets[i], 2);
        return sum / outputs.Length;
    }

    /// <summary>Targets are outputs of a model with other factors.</summary>
    private static Batch Make(int samples, int seed)
    {
        var random = new Random(seed);
        var batch = new Batch(samples, FactorNet.Features, FactorNet.Features) { Count = samples };
        foreach (ref var value in batch.Inputs)
            value = (4 * random.NextSingle()) - 2;
        using var teacher = FactorNet.Create(30);
        teacher.Predict(batch.Inputs.ToArray()).CopyTo(batch.Targets);
        return batch;
    }
}
