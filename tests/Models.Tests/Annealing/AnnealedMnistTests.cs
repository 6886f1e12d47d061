using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using Xunit.Abstractions;

namespace SparseSharp.Models.Tests.Annealing;

[SparseModel]
internal sealed partial class DigitsDense
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>
/// The recipe of docs/training.md: thresholds that start a little higher, and a weight decay that brings weights down to them.
/// </summary>
[SparseModel, GradientAnneal(InitialThreshold = -4)]
internal sealed partial class DigitsAnnealed
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>AutoSparse on real digits: the sparsity it finds, at which accuracy and for how many operations.</summary>
[Collection(AloneCollection.Name)]
public sealed class AnnealedMnistTests(ITestOutputHelper output)
{
    private const float Decay = 5e-4f;

    [SkippableFact]
    public void Ten_epochs_keep_less_than_a_fifth_of_the_weights_and_the_accuracy_of_a_dense_model()
    {
        Skip.IfNot(
            Environment.GetEnvironmentVariable(MnistTests.FullVariable) == "1", $"{MnistTests.FullVariable}=1 asks for this long test.");
        var dense = Enumerable.Range(1, 3).Select(seed => Train<DigitsDense>((ulong)seed, weightDecay: 0)).ToList();
        var sparse = Enumerable.Range(1, 3).Select(seed => Train<DigitsAnnealed>((ulong)seed, Decay)).ToList();

        var (expected, accuracy) = (dense.Average(run => run.Accuracy), sparse.Average(run => run.Accuracy));
        Assert.True(accuracy >= expected - 0.002, $"annealed {accuracy:P2}, dense {expected:P2}");
        Assert.InRange(sparse.Average(run => run.Density), 0.01, 0.2);
        Assert.InRange(sparse.Average(run => run.Flops.InferenceRatio), 0.01, 0.2);
        Assert.InRange(sparse.Average(run => run.Flops.TrainingRatio), 0.33, 0.5);
    }

    private (double Accuracy, double Density, FlopsReport Flops) Train<TModel>(ulong seed, float weightDecay)
        where TModel : class, ISparseModel<TModel>
    {
        var (train, test) = MnistTests.Data();
        var model = TModel.Create(seed);
        using var trainer = new Trainer<TModel>(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f, momentum: 0.9f, weightDecay: weightDecay),
            new() { Seed = seed, Schedule = LearningRateSchedule.Cosine() });
        var last = trainer.Fit(train, epochs: 10, batchSize: 128, test).Last();
        output.WriteLine($"{typeof(TModel).Name}, seed {seed}: {last}");
        var density = model.Linears.Sum(
            layer => layer.Density * layer.Inputs * layer.Outputs) / model.Linears.Sum(layer => (double)layer.Inputs * layer.Outputs);
        foreach (var layer in model.Linears)
            layer.Dispose();
        return (last.Validation!.Accuracy!.Value, density, last.Flops!);
    }
}
