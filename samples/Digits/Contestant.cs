using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Digits.Display;
using Digits.Pictures;
using SparseSharp;
using SparseSharp.Kernels;

namespace Digits;

/// <summary>A model in the comparison, whatever its class.</summary>
internal abstract class Contestant(string name, string title, ulong seed) : IDisposable
{
    /// <summary>Name in the JSON report.</summary>
    public string Name { get; } = name;

    /// <summary>Name for people.</summary>
    public string Title { get; } = title;

    /// <summary>Seed of weights and shuffling.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Whether masked weights of the model learn less and less, so that its density is a result.</summary>
    public bool IsAnnealed => Layers.Any(layer => layer.Alpha is not null);

    /// <summary>The layers as they are now.</summary>
    public abstract IReadOnlyList<LayerReport> Layers { get; }

    /// <summary>Trains the model.</summary>
    public abstract void Train(DigitData data, Settings settings, ITrainingView view, CancellationToken cancellation);

    /// <summary>Measures the trained model: saves it, reads it back, compares and times predictions.</summary>
    /// <param name="data">The data that it was trained with.</param>
    /// <param name="directory">Where to save it.</param>
    public abstract Result Measure(DigitData data, string directory);

    /// <summary>Prints what the masks of the model keep, if it has any.</summary>
    public abstract void ReportMasks();

    /// <summary>Writes an SVG per layer with a mask, and one of how an annealed training went.</summary>
    /// <param name="directory">Where to.</param>
    public abstract void DrawMasks(string directory);

    /// <summary>Frees the model.</summary>
    public abstract void Dispose();
}

/// <summary>Everything this program does with a model, written once for all classes.</summary>
/// <param name="name">Name in the JSON report.</param>
/// <param name="title">Name for people.</param>
/// <param name="seed">Seed of weights and shuffling.</param>
/// <param name="model">The model, which belongs to the contestant from now on.</param>
internal sealed class Contestant<TModel>(string name, string title, ulong seed, TModel model) : Contestant(name, title, seed)
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    /// <summary>Brings weights down to the thresholds of an annealed model; other models do without.</summary>
    private const float AnnealedDecay = 5e-4f;

    private readonly List<EpochReport> _epochs = [];
    private readonly List<MaskReport> _masks = [];

    /// <summary>The model.</summary>
    public TModel Model => model;

    public override IReadOnlyList<LayerReport> Layers =>
        [.. TModel.Descriptor.Layers.Zip(model.Layers, (entry, layer) => new LayerReport(entry.Path, entry.Pattern, layer.Density, layer.FlipRate)
        {
            Alpha = layer.AnnealingAlpha,
            Threshold = layer.MeanThreshold,
            UsesDenseKernels = layer.UsesDenseKernels,
        })];

    public override void Train(DigitData data, Settings settings, ITrainingView view, CancellationToken cancellation)
    {
        var options = new TrainerOptions
        {
            Seed = Seed,
            Schedule = LearningRateSchedule.Cosine(),
            Progress = view,
        };
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(settings.LearningRate, momentum: 0.9f, weightDecay: IsAnnealed ? AnnealedDecay : 0), options);
        foreach (var epoch in trainer.Fit(data.Train, settings.Epochs, settings.BatchSize, validation: data.Test, cancellation))
        {
            _epochs.Add(epoch);
            _masks.Add(MaskReport.Of(model));
            view.EpochDone(epoch);
        }
        foreach (var layer in model.Layers)
            layer.FoldBlocks();
    }

    public override Result Measure(DigitData data, string directory)
    {
        var path = Path.Combine(directory, $"{Name}.safetensors");
        ModelFile.Save(model, path);
        using var reloaded = TModel.Create(Seed + 1);
        ModelFile.Load(reloaded, path);

        using var predictor = new Predictor<TModel>(model);
        using var reloadedPredictor = new Predictor<TModel>(reloaded);
        var expected = Predict(predictor, data.Test);
        var actual = Predict(reloadedPredictor, data.Test);
        var layers = TModel.Descriptor.Layers.Zip(model.Layers, (entry, layer) => new LayerDensity(entry.Path, layer.Density, entry.Inputs * entry.Outputs));
        return new Result(
            Name,
            Title,
            Seed,
            Accuracy(expected, data.Test.Labels),
            _epochs.Count > 0 ? _epochs.Select(epoch => epoch.Elapsed.TotalSeconds).Median() : null,
            data.Test.Count / InferenceTimer.Seconds(() => predictor.Predict(data.Test.Inputs, expected)),
            [.. layers],
            new FileInfo(path).Length,
            model.Layers.Sum(layer => layer.Parameters.Sum(parameter => (long)parameter.Length) - layer.BlockScales.Length),
            [.. MaskReport.Of(model).Layers.Select(layer => layer.Index).OfType<BlockIndex>()],
            IsAnnealed ? _epochs[^1].Flops : null,
            MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())));
    }

    public override void ReportMasks()
    {
        var report = MaskReport.Of(model);
        if (report.Layers.Count > 0)
            Console.WriteLine($"{Title}:\n{report}\n");
    }

    public override void DrawMasks(string directory)
    {
        if (IsAnnealed)
            File.WriteAllText(Path.Combine(directory, $"{Name}-curves.svg"), AnnealPicture.Draw($"{Title}: density, share of masked weights and accuracy", _epochs));
        foreach (var (entry, layer) in TModel.Descriptor.Layers.Zip(model.Layers).Where(pair => pair.Second.Mask is not null))
        {
            var history = _masks.Select(report => report.Layers.Single(mask => mask.Path == entry.Path))
                .Select(mask => new MaskMoment(mask.FlipRate, mask.RetainedMass ?? 1))
                .ToList();
            var title = $"{Title}, {entry.Path}: {layer.Outputs} x {layer.Inputs}, {entry.Pattern}";
            File.WriteAllText(Path.Combine(directory, $"{Name}-{entry.FileName}.svg"), MaskPicture.Draw(title, layer, history));
        }
    }

    public override void Dispose() => model.Dispose();

    private static float[] Predict(Predictor<TModel> predictor, Dataset data)
    {
        var logits = new float[data.Count * TModel.Descriptor.OutputFeatures];
        predictor.Predict(data.Inputs, logits);
        return logits;
    }

    private static double Accuracy(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        var classes = logits.Length / labels.Length;
        var correct = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (TensorPrimitives.IndexOfMax(logits.Slice(i * classes, classes)) == labels[i])
                correct++;
        }
        return (double)correct / labels.Length;
    }
}
