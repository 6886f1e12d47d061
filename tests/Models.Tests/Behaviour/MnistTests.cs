using SparseSharp.Models.Tests.Testing;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

[SparseModel, NMSparse(2, 4, Transposable = true)]
internal sealed partial class SmallDigits
{
    [Linear(784, 256)]
    public partial Linear Stem { get; }

    [Linear(256, 256)]
    public partial Linear Mixer { get; }

    [Linear(256, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Training on real digits, where the data is present.</summary>
[Collection(AloneCollection.Name)]
public sealed class MnistTests
{
    private const int BatchSize = 128;

    /// <summary>Set to 1, it asks for the training of six large models: minutes.</summary>
    private const string FullVariable = "SPARSESHARP_FULL_MNIST";

    [SkippableFact]
    public void One_epoch_of_a_small_transposable_model_learns_the_digits()
    {
        var (train, test) = Data();
        Assert.InRange(Train<SmallDigits>(train, test, epochs: 1, seed: 1), 0.965, 1);
    }

    [SkippableFact]
    public void Five_epochs_of_a_transposable_model_come_close_to_the_dense_one()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(FullVariable) == "1", $"{FullVariable}=1 asks for this long test.");
        var (train, test) = Data();
        var dense = Mean(seed => Train<DenseDigits>(train, test, epochs: 5, seed));
        var sparse = Mean(seed => Train<SparseDigits>(train, test, epochs: 5, seed));
        Assert.True(sparse >= 0.982, $"2:4 reaches {sparse:P2}, dense {dense:P2}");
        Assert.True(sparse >= dense - 0.0025, $"2:4 reaches {sparse:P2}, dense {dense:P2}");

        static double Mean(Func<ulong, double> accuracy) => Enumerable.Range(1, 3).Average(seed => accuracy((ulong)seed));
    }

    private static (Dataset Train, Dataset Test) Data()
    {
        var directory = FindData();
        Skip.If(directory is null, "There is no shared/data/mnist here or above.");
        var (train, test) = Mnist.Load(directory!);
        var (standard, mean, deviation) = train.Standardize();
        return (standard, test.Normalize(mean, deviation));
    }

    private static string? FindData()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "data", "mnist");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }

    private static double Train<TModel>(Dataset train, Dataset test, int epochs, ulong seed)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(seed);
        using var pass = new TrainingPass<TModel>(model, WorkerPool.Shared);
        using var loader = new BatchLoader(train, BatchSize, seed);
        var optimizer = new Sgd(0.1f, momentum: 0.9f);
        var schedule = LearningRateSchedule.Cosine();
        var total = (long)epochs * loader.BatchesPerEpoch;
        var step = 0L;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            loader.Start(epoch);
            while (loader.TryNext(out var batch))
            {
                pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, dropoutKey: (ulong)step);
                var rate = (float)(optimizer.LearningRate * schedule.Factor(step++, total));
                pass.Update(optimizer, new UpdateStep(step, rate, GradientScale: 1, Decay: true));
            }
        }
        var accuracy = Accuracy(model, test);
        foreach (var layer in model.Layers)
            layer.Dispose();
        return accuracy;
    }

    private static double Accuracy<TModel>(TModel model, Dataset test)
        where TModel : class, ISparseModel<TModel>
    {
        var outputs = new float[test.Count * 10];
        using (var predictor = new SparseSharp.Kernels.Predictor<TModel>(model))
            predictor.Predict(test.Inputs, outputs);
        var correct = 0;
        for (var s = 0; s < test.Count; s++)
        {
            var row = outputs.AsSpan(s * 10, 10);
            var best = 0;
            for (var c = 1; c < row.Length; c++)
                best = row[c] > row[best] ? c : best;
            correct += best == test.Labels[s] ? 1 : 0;
        }
        return correct / (double)test.Count;
    }
}
