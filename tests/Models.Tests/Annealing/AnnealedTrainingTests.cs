using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Annealing;

/// <summary>Whole trainings of annealed layers: the schedule, what freezes, what a checkpoint and a file hold.</summary>
public sealed class AnnealedTrainingTests : IDisposable
{
    private const int Epochs = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-annealing").FullName;

    private static Dataset Data { get; } =
        new(Values.Uniform(150 * 40, seed: 3), 40, Enumerable.Range(0, 150).Select(i => i * i % 4).ToArray());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_share_falls_by_epochs_and_masked_weights_stay_as_they_are_from_the_hard_zero_on()
    {
        double[] alphas = [.5, .495919, .486702, .458414, .384262, .25, .172746, .103054, .047746, 0];
        using var model = new AnnealedByChannel(seed: 1);
        var (layer, frozen) = (model.Stem, Array.Empty<float>());
        using var trainer = new Trainer<AnnealedByChannel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f, momentum: 0.9f, weightDecay: 1e-3f), new()
        {
            OnStep = _ =>
            {
                // The first step of the last epoch has frozen the mask; the weights that it drops had a momentum until then.
                if (layer.Weights.Annealing!.IsFrozen)
                    frozen = frozen.Length == 0 ? Masked(layer) : frozen;
            },
        });
        foreach (var report in trainer.Fit(Data, Epochs, batchSize: 32))
        {
            var stem = report.Layers[0];
            Assert.Equal(alphas[report.Epoch - 1], stem.Alpha!.Value, 5.1e-7);
            Assert.InRange(stem.Density, 1e-6, 1);
            Assert.InRange(stem.Threshold!.Value, 0.001, 1);
            Assert.Null(report.Layers[1].Alpha);
        }
        Assert.NotEmpty(frozen);
        Assert.InRange(layer.Density, 0.01, 0.99);
        Assert.Equal(frozen, Masked(layer));
        Assert.Equal(layer.Mask!.Density, layer.Density, 1e-12);
    }

    [Fact]
    public void The_accounting_follows_densities_and_the_hard_zero()
    {
        const int Steps = 10;
        using var model = new AnnealedByChannel(seed: 1);
        using var trainer = new Trainer<AnnealedByChannel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new() { TotalSteps = Steps });
        using var batch = Batch(Data, 0, 150);
        var sum = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            var density = model.Stem.Density;
            trainer.Step(batch);
            // The last step finds the mask a last time, and computes the gradient of what it keeps.
            density = step == 9 ? model.Stem.Density : density;
            sum += ((2 * density) + (step == 9 ? density : 1)) / 3;
        }
        Assert.Equal(sum / Steps, trainer.Flops.Layers[0].TrainingRatio, 1e-12);
        Assert.Equal(model.Stem.Density, trainer.Flops.Layers[0].InferenceRatio, 1e-12);
        Assert.Equal(1, trainer.Flops.Layers[1].TrainingRatio, 1e-12);
    }

    [Theory]
    [InlineData(typeof(AnnealedByChannel))]
    [InlineData(typeof(AnnealedByLayer))]
    [InlineData(typeof(AnnealedByWeight))]
    [InlineData(typeof(AnnealedReached))]
    [InlineData(typeof(AnnealedBudget))]
    [InlineData(typeof(AnnealedPattern))]
    [InlineData(typeof(AnnealedWithPrunedGradients))]
    public void A_training_goes_on_from_any_checkpoint_with_the_same_bits_on_any_number_of_threads(Type model) =>
        typeof(AnnealedTrainingTests).GetMethod(
            nameof(GoesOn), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
            .MakeGenericMethod(model).Invoke(this, []);

    private void GoesOn<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var path = Path.Combine(_folder, "training");
        var undisturbed = TModel.Create(1);
        var expected = Fit(undisturbed, new() { Threads = 1 });
        foreach (var died in (int[])[1, 4, 7, 22, 38, 45, 46, 47, 48])
        {
            var dead = TModel.Create(1);
            Assert.Throws<InvalidOperationException>(() => Fit(dead, new()
            {
                Threads = 2,
                CheckpointPath = path,
                CheckpointEvery = 3,
                OnStep = report =>
                {
                    if (report.Step == died)
                        throw new InvalidOperationException();
                },
            }));
            var resumes = File.Exists(path);
            var model = TModel.Create(resumes ? 2u : 1u);
            var reports = Fit(model, new() { Threads = 3, CheckpointPath = path, ResumeIfPresent = true });
            Assert.Equal(expected[^reports.Length..], reports);
            Assert.Equal(Bits(undisturbed), Bits(model));
            Assert.Equal(InUse(undisturbed), InUse(model));
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(typeof(AnnealedByChannel))]
    [InlineData(typeof(AnnealedByWeight))]
    [InlineData(typeof(AnnealedBudget))]
    [InlineData(typeof(AnnealedPattern))]
    public void A_saved_model_predicts_the_same_bits(Type model) =>
        typeof(AnnealedTrainingTests).GetMethod(
            nameof(Saved), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
            .MakeGenericMethod(model).Invoke(this, []);

    private void Saved<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var path = Path.Combine(_folder, "model");
        var trained = TModel.Create(1);
        Fit(trained, new(), epochs: 4);
        ModelFile.Save(trained, path);
        var loaded = TModel.Create(2);
        ModelFile.Load(loaded, path);
        Assert.Equal(InUse(trained), InUse(loaded));
        var (first, second) = (Predict(trained), Predict(loaded));
        Assert.Equal(first, second);

        // It goes on learning from there.
        Fit(loaded, new(), epochs: 2);
        Assert.NotEqual(InUse(trained), InUse(loaded));
    }

    [Fact]
    public void A_new_training_of_a_frozen_model_begins_anew()
    {
        using var model = new AnnealedByChannel(seed: 1);
        Fit(model, new());
        Assert.True(model.Stem.Weights.Annealing!.IsFrozen);
        var masked = Masked(model.Stem);
        Fit(model, new(), epochs: 2);
        Assert.NotEqual(masked, Masked(model.Stem));
    }

    /// <summary>Losses of a dense training that no sparse one reaches: the share grows for ten epochs, then falls from there.</summary>
    [Fact]
    public void The_share_is_tuned_by_the_losses_of_a_dense_training()
    {
        using var model = new AnnealedTuned(seed: 1);
        using var trainer = new Trainer<AnnealedTuned>(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.01f), new() { DenseLosses = [.. Enumerable.Repeat(1e-6, 10)] });
        var alphas = trainer.Fit(Data, epochs: 20, batchSize: 50).Select(report => report.Layers[0].Alpha!.Value).ToList();
        for (var epoch = 0; epoch <= 10; epoch++)
            Assert.Equal(Math.Min(1, .5 * Math.Pow(1.05, epoch)), alphas[epoch], 1e-9);
        Assert.Equal(alphas[10] * .5, alphas[15], 1e-9);
        Assert.All(alphas[18..], alpha => Assert.Equal(0, alpha));
    }

    [Fact]
    public void Tuning_without_the_losses_of_a_dense_training_is_left_out_and_said()
    {
        var said = new List<string>();
        using var model = new AnnealedTuned(seed: 1);
        using var trainer = new Trainer<AnnealedTuned>(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.01f), new() { DenseLosses = [1, 1, 1], Log = said.Add });
        Assert.Contains(
            said, line => line.StartsWith("AutoTune needs the mean training losses of the first 10 epochs", StringComparison.Ordinal));
        Assert.Equal(.4998766401, trainer.Fit(Data, epochs: 100, batchSize: 150).ElementAt(1).Layers[0].Alpha!.Value, 1e-9);
    }

    [Fact]
    public void A_training_with_a_custom_loop_needs_its_number_of_steps()
    {
        using var model = new AnnealedByChannel(seed: 1);
        using var trainer = new Trainer<AnnealedByChannel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        using var batch = Batch(Data, 0, 32);
        Assert.Contains("TotalSteps", Assert.Throws<InvalidOperationException>(() => trainer.Step(batch)).Message);
    }

    [Fact]
    public void A_step_allocates_nothing_also_where_layers_are_packed_anew()
    {
        using var model = new AnnealedByChannel(seed: 1);
        using var trainer =
            new Trainer<AnnealedByChannel>(model, Loss.SoftmaxCrossEntropy, new AdamW(1e-3f), new() { TotalSteps = 1000, Threads = 1 });
        using var batch = Batch(Data, 0, 32);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var step = 0; step < 20; step++)
                trainer.Step(batch);
        }));
    }

    private static EpochReport[] Fit<TModel>(TModel model, TrainerOptions options, int epochs = Epochs)
        where TModel : class, ISparseModel<TModel>
    {
        using var trainer =
            new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.2f, momentum: 0.9f, weightDecay: 1e-3f), options);
        return Timeless(trainer.Fit(Data, epochs, batchSize: 32));
    }

    private static float[] Masked(Linear layer)
    {
        var weight = layer.Weight;
        var mask = layer.Mask!;
        var masked = new List<float>();
        for (var i = 0; i < weight.Length; i++)
        {
            if (!mask[i / layer.Inputs, i % layer.Inputs])
                masked.Add(weight[i]);
        }
        return [.. masked];
    }

    private static uint[] InUse<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> =>
        [.. model.Linears.SelectMany(layer =>
        {
            var weight = new float[layer.Inputs * layer.Outputs];
            layer.CopyEffectiveWeight(weight);
            return weight;
        }).Select(BitConverter.SingleToUInt32Bits)];

    private static float[] Predict<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        var outputs = new float[20 * 4];
        using var predictor = new SparseSharp.Kernels.Predictor<TModel>(model);
        predictor.Predict(Values.Uniform(20 * 40, seed: 9), outputs);
        return outputs;
    }
}
