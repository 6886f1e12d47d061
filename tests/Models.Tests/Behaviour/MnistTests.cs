using System.Collections.Concurrent;
using Digits.Models;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;
using Xunit.Abstractions;

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
public sealed class MnistTests(ITestOutputHelper output)
{
    private const int BatchSize = 128;

    /// <summary>Set to 1, it asks for the training of three large models per case: minutes.</summary>
    internal const string FullVariable = "SPARSESHARP_FULL_MNIST";

    private static readonly Lazy<double> Dense = new(() => MeanOf<DenseDigits>());

    private static readonly Lazy<double> DenseOfTenEpochs = new(() => MeanOf<DenseDigits>(epochs: 10));

    private static readonly ConcurrentDictionary<string, double> FiveEpochs = new();

    [SkippableFact]
    public void One_epoch_of_a_small_transposable_model_learns_the_digits()
    {
        var (train, test) = Data();
        Assert.InRange(Train<SmallDigits>(train, test, epochs: 1, seed: 1), 0.965, 1);
    }

    [SkippableTheory]
    [InlineData(nameof(SparseDigits), 0.25)]
    [InlineData(nameof(DigitsOf4In8), 0.3)]
    [InlineData(nameof(DigitsRegrown), 0.3)]
    [InlineData(nameof(DigitsWithHalfOfPairs), 0.3)]
    [InlineData(nameof(DigitsWithHalfOfFours), 0.3)]
    [InlineData(nameof(DigitsOf1In4), 0.5)]
    [InlineData(nameof(DigitsOf2In8), 0.5)]
    public void Five_epochs_of_a_sparse_model_come_close_to_the_dense_one(string name, double points)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(FullVariable) == "1", $"{FullVariable}=1 asks for this long test.");
        var dense = Dense.Value;
        var sparse = MeanOf(name);
        output.WriteLine($"{name} {sparse:P2}, dense {dense:P2}");
        Assert.True(dense >= 0.982, $"dense reaches {dense:P2}");
        Assert.True(sparse >= dense - (points / 100), $"{name} reaches {sparse:P2}, dense {dense:P2}");
    }

    [SkippableTheory]
    [InlineData(nameof(Product75DigitNet), 0.2)]
    [InlineData(nameof(Product87DigitNet), 0.35)]
    [InlineData(nameof(Product93DigitNet), 0.7)]
    [InlineData(nameof(Uniform75DigitNet), 0.2)]
    [InlineData(nameof(Uniform87DigitNet), 0.35)]
    [InlineData(nameof(Uniform93DigitNet), 0.7)]
    [InlineData(nameof(Hierarchical75DigitNet), 0.2)]
    [InlineData(nameof(Hierarchical87DigitNet), 0.35)]
    [InlineData(nameof(Hierarchical93DigitNet), 0.7)]
    [InlineData(nameof(Learned75DigitNet), 0.2)]
    [InlineData(nameof(Learned87DigitNet), 0.35)]
    [InlineData(nameof(Learned93DigitNet), 0.7)]
    public void Ten_epochs_of_blocks_come_close_to_the_dense_model(string name, double points)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(FullVariable) == "1", $"{FullVariable}=1 asks for this long test.");
        var dense = DenseOfTenEpochs.Value;
        var sparse = MeanOf(name);
        output.WriteLine($"{name} {sparse:P2}, dense {dense:P2}");
        Assert.True(sparse >= dense - (points / 100), $"{name} reaches {sparse:P2}, dense {dense:P2}");
    }

    /// <summary>The same hyper-parameters: neither bfloat16 nor approximate functions need others.</summary>
    [SkippableTheory]
    [InlineData(nameof(RoundedDenseDigitNet), nameof(DenseDigits))]
    [InlineData(nameof(RoundedDigitNet), nameof(SparseDigits))]
    [InlineData(nameof(RoundedProduct75DigitNet), nameof(Product75DigitNet))]
    [InlineData(nameof(KTanhDigits), nameof(TanhDigits))]
    [InlineData(nameof(RoundedKTanhDigits), nameof(TanhDigits))]
    public void Five_epochs_with_coarser_numbers_lose_a_tenth_of_a_point_at_most(string name, string exactName)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(FullVariable) == "1", $"{FullVariable}=1 asks for this long test.");
        var (coarse, exact) = (FiveEpochs.GetOrAdd(name, MeanOfFiveEpochs), FiveEpochs.GetOrAdd(exactName, MeanOfFiveEpochs));
        output.WriteLine($"{name} {coarse:P3}, {exactName} {exact:P3}");
        Assert.True(coarse >= exact - 0.001, $"{name} reaches {coarse:P3}, {exactName} {exact:P3}");
    }

    private static double MeanOfFiveEpochs(string name) => name switch
    {
        nameof(DenseDigits) => Dense.Value,
        nameof(Product75DigitNet) => MeanOf<Product75DigitNet>(),
        nameof(RoundedDenseDigitNet) => MeanOf<RoundedDenseDigitNet>(),
        nameof(RoundedDigitNet) => MeanOf<RoundedDigitNet>(),
        nameof(RoundedProduct75DigitNet) => MeanOf<RoundedProduct75DigitNet>(),
        nameof(TanhDigits) => MeanOf<TanhDigits>(),
        nameof(KTanhDigits) => MeanOf<KTanhDigits>(),
        nameof(RoundedKTanhDigits) => MeanOf<RoundedKTanhDigits>(),
        _ => MeanOf(name),
    };

    private static double MeanOf(string name) => name switch
    {
        nameof(DenseDigits) => MeanOf<DenseDigits>(),
        nameof(SparseDigits) => MeanOf<SparseDigits>(),
        nameof(DigitsRegrown) => MeanOf<DigitsRegrown>(),
        nameof(DigitsWithHalfOfPairs) => MeanOf<DigitsWithHalfOfPairs>(),
        nameof(DigitsWithHalfOfFours) => MeanOf<DigitsWithHalfOfFours>(),
        nameof(DigitsOf4In8) => MeanOf<DigitsOf4In8>(),
        nameof(DigitsOf1In4) => MeanOf<DigitsOf1In4>(),
        nameof(DigitsOf2In8) => MeanOf<DigitsOf2In8>(),
        nameof(Product75DigitNet) => MeanOf<Product75DigitNet>(epochs: 10),
        nameof(Product87DigitNet) => MeanOf<Product87DigitNet>(epochs: 10),
        nameof(Product93DigitNet) => MeanOf<Product93DigitNet>(epochs: 10),
        nameof(Uniform75DigitNet) => MeanOf<Uniform75DigitNet>(epochs: 10),
        nameof(Uniform87DigitNet) => MeanOf<Uniform87DigitNet>(epochs: 10),
        nameof(Uniform93DigitNet) => MeanOf<Uniform93DigitNet>(epochs: 10),
        nameof(Hierarchical75DigitNet) => MeanOf<Hierarchical75DigitNet>(epochs: 10),
        nameof(Hierarchical87DigitNet) => MeanOf<Hierarchical87DigitNet>(epochs: 10),
        nameof(Hierarchical93DigitNet) => MeanOf<Hierarchical93DigitNet>(epochs: 10),
        nameof(Learned75DigitNet) => MeanOf<Learned75DigitNet>(epochs: 10),
        nameof(Learned87DigitNet) => MeanOf<Learned87DigitNet>(epochs: 10),
        nameof(Learned93DigitNet) => MeanOf<Learned93DigitNet>(epochs: 10),
        _ => throw new ArgumentException($"There is no model {name}.", nameof(name)),
    };

    private static double MeanOf<TModel>(int epochs = 5)
        where TModel : class, ISparseModel<TModel>
    {
        var (train, test) = Data();
        return Enumerable.Range(1, 3).Average(seed => Train<TModel>(train, test, epochs, (ulong)seed));
    }

    internal static (Dataset Train, Dataset Test) Data()
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
                pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: (ulong)step, step + 1);
                var rate = (float)(optimizer.LearningRate * schedule.Factor(step++, total));
                pass.Update(optimizer, new UpdateStep(step, rate, GradientScale: 1, Decay: true));
            }
        }
        var accuracy = Accuracy(model, test);
        foreach (var layer in model.Linears)
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
