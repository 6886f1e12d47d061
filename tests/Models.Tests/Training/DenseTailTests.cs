using SparseSharp.Models.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>The last steps of a training without masks.</summary>
public sealed class DenseTailTests
{
    private const int BatchSize = 60;

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.3, 7)]
    [InlineData(0.24, 8)]
    [InlineData(0.99, 0)]
    public void The_last_share_of_the_steps_is_dense(double tail, int sparseSteps)
    {
        using var model = new PhasedNet(seed: 1);
        var dense = new List<bool>();
        Fit(model, epochs: 2, new TrainerOptions { DenseTail = tail, OnStep = _ => dense.Add(model.Stem.IsDense && model.Rows.IsDense) });
        Assert.Equal(Enumerable.Range(0, 10).Select(step => step >= sparseSteps), dense);
        Assert.Equal(tail > 0 ? 1 : 0.5, model.Stem.Density);
        Assert.True(model.Head.IsDense);
    }

    [Fact]
    public void Dense_steps_are_those_of_a_model_without_masks()
    {
        using var phased = new PhasedNet(seed: 1);
        using var plain = new UnmaskedNet(seed: 1);
        var options = new TrainerOptions { TotalSteps = 6, DenseTail = 0.5 };
        using var trainer = new Trainer<PhasedNet>(phased, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), options);
        using var plainTrainer = new Trainer<UnmaskedNet>(plain, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        using var batch = Batch(Train, 0, BatchSize);
        for (var step = 0; step < 3; step++)
            trainer.Step(batch);
        for (var i = 0; i < 3; i++)
        {
            plain.Linears[i].SetWeight(phased.Linears[i].Weight);
            plain.Linears[i].SetBias(phased.Linears[i].Bias);
        }
        Assert.NotEqual(Predict(plain), Predict(phased));
        for (var step = 0; step < 3; step++)
            Assert.Equal(plainTrainer.Step(batch).Loss, trainer.Step(batch).Loss);
        for (var i = 0; i < 3; i++)
            Assert.Equal(plain.Linears[i].Weight.ToArray(), phased.Linears[i].Weight.ToArray());
        Assert.Equal(Predict(plain), Predict(phased));
        Assert.Equal(0, phased.Stem.FlipRate);
        var effective = new float[64 * 784];
        phased.Stem.CopyEffectiveWeight(effective);
        Assert.Equal(effective, phased.Stem.Weight.ToArray());
    }

    [Fact]
    public void Layers_with_pruned_gradients_run_dense_too()
    {
        using var model = new PhasedPrunedNet(seed: 1);
        using var trainer = Make(model, new TrainerOptions { TotalSteps = 6, DenseTail = 0.5 });
        using var batch = Batch(Train, 0, BatchSize);
        var losses = Enumerable.Range(0, 6).Select(_ => trainer.Step(batch).Loss).ToList();
        Assert.True(model.Stem.IsDense);
        Assert.True(losses[5] < losses[0]);
    }

    [Fact]
    public void A_model_that_ended_dense_is_saved_and_loaded_dense()
    {
        var directory = Directory.CreateTempSubdirectory("sparsesharp-");
        try
        {
            var path = Path.Combine(directory.FullName, "dense.safetensors");
            using var model = new PhasedNet(seed: 1);
            Fit(model, epochs: 1, new TrainerOptions { DenseTail = 0.4 });
            model.Save(path);
            using var loaded = PhasedNet.Load(path);
            Assert.True(loaded.Stem.IsDense);
            Assert.Equal(Predict(model), Predict(loaded));

            // Another model takes the weights over as it does all others, and so does this one from a file that holds a mask.
            using var plain = UnmaskedNet.Load(path);
            Assert.Equal(Predict(model), Predict(plain));
            using var masked = new PhasedNet(seed: 2);
            masked.Save(path);
            loaded.LoadWeights(path);
            Assert.False(loaded.Stem.IsDense);
            Assert.Equal(Predict(masked), Predict(loaded));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_next_training_begins_under_masks_of_the_new_weights()
    {
        using var model = new PhasedNet(seed: 1);
        Fit(model, epochs: 1, new TrainerOptions { DenseTail = 0.4 });
        using var trainer = new Trainer<PhasedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(1e-30f));
        using var batch = Batch(Train, 0, BatchSize);
        trainer.Step(batch);
        Assert.False(model.Stem.IsDense);
        Assert.Equal(0.5, model.Stem.Density);
        Assert.Equal(0, model.Stem.Mask!.Flips(Mask.Magnitude(model.Stem.Weight, 64, 784, model.Stem.NMPattern())));
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        using var model = new PhasedNet(seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(model, new TrainerOptions { DenseTail = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(model, new TrainerOptions { DenseTail = -0.1 }));
        using var kept = new KeptNet(seed: 1);
        Assert.Contains(
            "no layer of the model can run dense for a while",
            Assert.Throws<ArgumentException>(() => Make(kept, new TrainerOptions { DenseTail = 0.1 })).Message);
        using var trainer = Make(model, new TrainerOptions { DenseTail = 0.1 });
        using var batch = Batch(Train, 0, BatchSize);
        Assert.Contains(
            "set TrainerOptions.TotalSteps or use Fit", Assert.Throws<InvalidOperationException>(() => trainer.Step(batch)).Message);
    }

    private static Trainer<TModel> Make<TModel>(TModel model, TrainerOptions options)
        where TModel : class, ISparseModel<TModel> => new(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), options);

    private static void Fit(PhasedNet model, int epochs, TrainerOptions options)
    {
        using var trainer = Make(model, options);
        foreach (var report in trainer.Fit(Train, epochs, BatchSize))
            Assert.True(report.Training.Loss > 0);
    }

    private static float[] Predict<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        var outputs = new float[Train.Count * 10];
        using var predictor = new SparseSharp.Kernels.Predictor<TModel>(model);
        predictor.Predict(Train.Inputs, outputs);
        return outputs;
    }
}
