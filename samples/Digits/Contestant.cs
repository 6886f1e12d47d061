using System.Runtime.InteropServices;
using Digits.Pictures;
using Samples.Display;
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

    /// <summary>Trains the model, an epoch for each element that is asked for.</summary>
    public abstract IEnumerable<EpochReport> Train(DigitData data, Settings settings, TrainingView view, CancellationToken cancellation);

    /// <summary>Predicts all test images, for <see cref="InferenceTimer"/>.</summary>
    public abstract Action Prediction(DigitData data);

    /// <summary>Measures the trained model: saves it, reads it back and compares predictions.</summary>
    /// <param name="data">The data that it was trained with.</param>
    /// <param name="directory">Where to save it.</param>
    /// <param name="secondsOfInference">Time that predicting all test images takes.</param>
    public abstract Result Measure(DigitData data, string directory, double secondsOfInference);

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
    private readonly List<EpochReport> _epochs = [];
    private readonly List<MaskReport> _masks = [];
    private readonly Predictor<TModel> _predictor = new(model);

    /// <summary>The model.</summary>
    public TModel Model => model;

    public override IReadOnlyList<LayerReport> Layers =>
        [.. TModel.Descriptor.Layers.Zip(model.Layers.OfType<Linear>(), (entry, layer) => new LayerReport(entry.Path, layer.Pattern, layer.Density, layer.FlipRate)
        {
            Bfloat16 = layer.Bfloat16,
            Alpha = layer.AnnealingAlpha,
            Threshold = layer.MeanThreshold,
            UsesDenseKernels = layer.UsesDenseKernels,
        })];

    public override IEnumerable<EpochReport> Train(DigitData data, Settings settings, TrainingView view, CancellationToken cancellation)
    {
        var options = new TrainerOptions
        {
            Seed = Seed,
            Schedule = LearningRateSchedule.Cosine(),
            Progress = view,
            OnEpoch = view.EpochDone,
        };
        var decay = IsAnnealed ? Recipe.AnnealedDecay(data.Train.Count) : 0;
        using var trainer = Trainer.For(
            model, Loss.CrossEntropy, new Sgd(settings.LearningRate, momentum: 0.9, weightDecay: decay), options);
        foreach (var epoch in trainer.Fit(data.Train, settings.Epochs, settings.BatchSize, validation: data.Test, cancellation))
        {
            _epochs.Add(epoch);
            _masks.Add(MaskReport.Of(model));
            yield return epoch;
        }
        foreach (var layer in model.Layers.OfType<Linear>())
            layer.FoldBlocks();
    }

    public override Action Prediction(DigitData data)
    {
        var logits = new float[data.Test.Count * TModel.Descriptor.OutputFeatures];
        return () => _predictor.Predict(data.Test.Inputs, logits);
    }

    public override Result Measure(DigitData data, string directory, double secondsOfInference)
    {
        var path = Path.Combine(directory, $"{Name}.safetensors");
        ModelFile.Save(model, path);
        using var reloaded = TModel.Create(Seed + 1);
        ModelFile.Load(reloaded, path);

        using var reloadedPredictor = new Predictor<TModel>(reloaded);
        var expected = Predict(_predictor, data.Test);
        var actual = Predict(reloadedPredictor, data.Test);
        var layers = TModel.Descriptor.Layers.Zip(
            model.Layers, (entry, layer) => new LayerDensity(entry.Path, layer.Density, entry.Inputs * entry.Outputs));
        return new Result(
            Name,
            Title,
            Seed,
            Evaluation.Of(model, Loss.CrossEntropy, data.Test).Accuracy!.Value,
            _epochs.Count > 0 ? _epochs.Select(epoch => epoch.Elapsed.TotalSeconds).Median() : null,
            data.Test.Count / secondsOfInference,
            [.. layers],
            new FileInfo(path).Length,
            model.Layers.OfType<Linear>().Sum(
                layer => layer.Parameters.Sum(parameter => (long)parameter.Length) - layer.BlockScales.Length),
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
            File.WriteAllText(
                Path.Combine(directory, $"{Name}-curves.svg"),
                AnnealPicture.Draw($"{Title}: density, share of masked weights and accuracy", _epochs));
        foreach (var (entry, layer) in TModel.Descriptor.Layers.Zip(
            model.Layers.OfType<Linear>()).Where(pair => pair.Second.Mask is not null))
        {
            var history = _masks.Select(report => report.Layers.Single(mask => mask.Path == entry.Path))
                .Select(mask => new MaskMoment(mask.FlipRate, mask.RetainedMass ?? 1))
                .ToList();
            var title = $"{Title}, {entry.Path}: {layer.Outputs} x {layer.Inputs}, {entry.Pattern}";
            File.WriteAllText(Path.Combine(directory, $"{Name}-{entry.FileName}.svg"), MaskPicture.Draw(title, layer, history));
        }
    }

    public override void Dispose()
    {
        _predictor.Dispose();
        model.Dispose();
    }

    private static float[] Predict(Predictor<TModel> predictor, Dataset data)
    {
        var logits = new float[data.Count * TModel.Descriptor.OutputFeatures];
        predictor.Predict(data.Inputs, logits);
        return logits;
    }
}
