using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Precision;

/// <summary>Models in bfloat16 from a single step to a training that is saved, stopped and resumed, for each kind of weights.</summary>
public sealed class RoundedTrainingTests : IDisposable
{
    /// <summary>
    /// Of what rounding does to the gradients of a layer. A sum that float32 and double precision round to different sides of a tie moves
    /// the gradients of one output as far as the rounding of one operand does, and with them all behind it.
    /// </summary>
    private const double Tolerance = 0.1;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-bfloat16-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Plain() => Check<RoundedPlain>();

    [Fact]
    public void Pairs() => Check<RoundedPairs>();

    [Fact]
    public void Kept() => Check<RoundedKept>();

    [Fact]
    public void Regrown() => Check<RoundedRegrown>();

    [Fact]
    public void Rows() => Check<RoundedRows>();

    [Fact]
    public void Soft() => Check<RoundedSoft>();

    [Fact]
    public void Twice() => Check<RoundedTwice>();

    [Fact]
    public void Graphs() => Check<RoundedGraphs>();

    [Fact]
    public void Uniform() => Check<RoundedUniform>();

    [Fact]
    public void Learned() => Check<RoundedLearned>();

    [Fact]
    public void Thresholds() => Check<RoundedThresholds>();

    [Fact]
    public void Annealed() => Check<RoundedAnnealed>();

    private void Check<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        CheckStep<TModel>();
        CheckThreads<TModel>();
        CheckTraining<TModel>();
    }

    /// <summary>
    /// Loss and gradients of a pass against sums in double precision of operands that are rounded where the definition of the precision
    /// says so.
    /// </summary>
    private static void CheckStep<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 3);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<TModel>(model, pool);
        using var batch = Steps.RandomBatch(21, 784, 10, seed: 5);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 1, step: 1);

        var errors = Errors(model.Linears, RoundedReference.Gradients(model.Linears, batch, rounds: true));
        var roundings = Errors(model.Linears, RoundedReference.Gradients(model.Linears, batch, rounds: false));
        Assert.All(roundings, rounding => Assert.InRange(rounding, 4e-4, 1));
        Assert.All(errors.Zip(roundings), pair => Assert.InRange(pair.First, 0, Tolerance * pair.Second));
    }

    /// <summary>Distance of all gradients of each layer, relative to their length.</summary>
    private static double[] Errors(IReadOnlyList<Linear> layers, double[][] expected) =>
    [
        .. layers.Zip(expected, (layer, gradient) =>
        {
            var actual = new float[gradient.Length];
            layer.Matrix.Export(layer.Parameters[0].Gradient, actual);
            for (var i = 0; layer.Matrix.IsPacked && i < gradient.Length; i++)
                gradient[i] = layer.Mask![i / layer.Inputs, i % layer.Inputs] ? gradient[i] : 0;
            var distance = gradient.Zip(actual, (wanted, value) => (wanted - value) * (wanted - value)).Sum();
            return Math.Sqrt(distance / gradient.Sum(wanted => wanted * wanted));
        }),
    ];

    /// <summary>Some steps with refreshes of masks, by one thread and by several: panels of their own, and one that they share.</summary>
    private static void CheckThreads<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        foreach (var samples in (int[])[150, 20])
        {
            int[][] results = [.. ((int[])[1, 2, 3]).Select(threads => Learn(threads, samples))];
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }

        static int[] Learn(int threads, int samples)
        {
            using var model = TModel.Create(seed: 3);
            using var pool = new WorkerPool(threads);
            using var pass = new TrainingPass<TModel>(model, pool);
            using var batch = Steps.RandomBatch(samples, 784, 10, seed: 4);
            for (var step = 1; step <= 4; step++)
                Steps.Run(pass, batch, new Sgd(0.05f, momentum: 0.9f), step);
            return LearnedBits(model);
        }
    }

    private void CheckTraining<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        var (train, mean, deviation) = SyntheticDigits.Generate(1500, seed: 1).Standardize();
        var test = SyntheticDigits.Generate(300, seed: 2).Normalize(mean, deviation);
        using var model = TModel.Create(seed: 1);
        using var trainer = MakeTrainer(model);
        var reports = trainer.Fit(train, epochs: 3, batchSize: 32, validation: test).ToList();
        Assert.True(reports[^1].Validation!.Accuracy > 0.5, $"{reports[^1]}");
        Assert.Equal(
            model.Linears.Select(layer => $"{layer}"),
            model.Linears.Zip(TModel.Descriptor.Layers, (layer, entry) => $"{entry.Inputs} to {entry.Outputs}, {entry.Pattern}"));

        // Stopped after two epochs, and gone on with by another process: masters come back to the bit, and what products use with them.
        var path = Path.Combine(_folder, "training");
        using var stopped = TModel.Create(seed: 1);
        using var first = MakeTrainer(stopped);
        Assert.Equal(2, first.Fit(train, epochs: 3, batchSize: 32, validation: test).Take(2).Count());
        first.SaveCheckpoint(path);
        using var resumed = TModel.Create(seed: 2);
        using var second = MakeTrainer(resumed);
        second.Resume(path);
        Assert.Equal(LearnedBits(stopped), LearnedBits(resumed));
        Assert.Single(second.Fit(train, epochs: 3, batchSize: 32, validation: test));
        Assert.Equal(LearnedBits(model), LearnedBits(resumed));

        CheckFile(model, trainer, test);
    }

    /// <summary>A file has the weights as products use them, half as long, and gives the same predictions.</summary>
    private void CheckFile<TModel>(TModel model, Trainer<TModel> trainer, Dataset test)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        var path = Path.Combine(_folder, "model.safetensors");
        ModelFile.Save(model, path);
        foreach (var tensor in SafeTensors.Read(path).Tensors.Where(tensor => tensor.Name.Contains(".weight")
            && !tensor.Name.EndsWith("_mask", StringComparison.Ordinal)))
            Assert.Equal(tensor.Name.StartsWith("head", StringComparison.Ordinal) ? TensorType.F32 : TensorType.BF16, tensor.Type);
        using var loaded = TModel.Create(seed: 9);
        Assert.Empty(ModelFile.Load(loaded, path).Rounded);
        using var reader = MakeTrainer(loaded);
        var (before, after) = (trainer.Evaluate(test), reader.Evaluate(test));
        Assert.Equal(before.Accuracy, after.Accuracy);
        Assert.Equal(before.Loss, after.Loss, 2);
    }

    private static Trainer<TModel> MakeTrainer<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> => new(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));

    /// <summary>Masters, biases and weights in use.</summary>
    private static int[] LearnedBits(ISparseModel model) =>
    [
        .. from layer in model.Linears
           from bits in (IEnumerable<int[]>)[Values.Bits(layer.Weight), Values.Bits(layer.Bias), Values.Bits(InUse(layer))]
           from word in bits
           select word,
    ];

    private static float[] InUse(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }
}
