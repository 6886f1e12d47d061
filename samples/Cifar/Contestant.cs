using System.Diagnostics;
using Samples.Display;
using SparseSharp;
using SparseSharp.Kernels;

namespace Cifar;

/// <summary>What was measured of a trained model.</summary>
/// <param name="Model">Name of the model for people.</param>
/// <param name="Recipe">How it was trained.</param>
/// <param name="Density">Kept share of the weights.</param>
/// <param name="Accuracy">Share of test images predicted correctly.</param>
/// <param name="EpochSeconds">Median time of an epoch.</param>
/// <param name="ImagesPerSecond">Predictions of a whole batch of test images.</param>
/// <param name="InferenceRatio">Operations of a prediction beside those of the dense network.</param>
/// <param name="Curve">The model after each epoch.</param>
internal sealed record Result(
    string Model, Recipe Recipe, double Density, double Accuracy, double EpochSeconds, double ImagesPerSecond, double InferenceRatio,
    IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>Name of model and training for people.</summary>
    public string Title => Model + Recipe.Name;
}

/// <summary>A training in the comparison, whatever the class of its model.</summary>
/// <param name="title">Name of model and training for people.</param>
internal abstract class Contestant(string title) : IDisposable
{
    /// <summary>Name of model and training for people.</summary>
    public string Title => title;

    /// <summary>Trains the model and measures it.</summary>
    public abstract Result Run(PictureData data, Settings settings, TrainingView view, CancellationToken cancellation);

    /// <summary>Frees the model.</summary>
    public abstract void Dispose();
}

/// <summary>Everything this program does with a model, written once for all classes.</summary>
/// <param name="name">Name of the model for people.</param>
/// <param name="recipe">How it is trained.</param>
/// <param name="seed">Seed of weights.</param>
/// <param name="decay">Weight decay: it brings weights down to the thresholds of an annealed model; others do with less.</param>
internal sealed class Contestant<TModel>(string name, Recipe recipe, ulong seed, double decay = 1e-4) : Contestant(name + recipe.Name)
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    private const double Momentum = 0.9;
    private const int TimedImages = 256;

    private readonly TModel _model = TModel.Create(seed);

    public override Result Run(PictureData data, Settings settings, TrainingView view, CancellationToken cancellation)
    {
        var options = new TrainerOptions { Seed = settings.Seed, Progress = view, OnEpoch = view.EpochDone };
        var optimizer = new Sgd(settings.LearningRate, Momentum, weightDecay: decay);
        using var trainer = Trainer.For(_model, Loss.CrossEntropy, optimizer, recipe.Apply(options, settings));
        EpochReport[] epochs =
            [.. trainer.Fit(recipe.Images(data), settings.Epochs, settings.BatchSize, validation: data.Test, cancellation)];
        var seconds = epochs.Select(epoch => epoch.Elapsed.TotalSeconds).Order().ToArray();
        return new(
            name, recipe, Density(), epochs[^1].Validation!.Accuracy!.Value, seconds[seconds.Length / 2], Rate(data.Test),
            epochs[^1].Flops?.InferenceRatio ?? 1, CurvePoint.Of(epochs));
    }

    public override void Dispose() => _model.Dispose();

    private double Density()
    {
        var weights = _model.Layers.Sum(layer => layer.WeightCount);
        return _model.Layers.Sum(layer => layer.Density * layer.WeightCount) / weights;
    }

    /// <summary>Images a second, the best of a few predictions of a batch.</summary>
    private double Rate(Dataset test)
    {
        using var predictor = new Predictor<TModel>(_model);
        var images = test.Take(TimedImages);
        var outputs = new float[images.Count * TModel.Descriptor.OutputFeatures];
        var least = TimeSpan.MaxValue;
        for (var turn = 0; turn < 5; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            predictor.Predict(images.Inputs, outputs);
            var elapsed = Stopwatch.GetElapsedTime(start);
            least = elapsed < least ? elapsed : least;
        }
        return images.Count / least.TotalSeconds;
    }
}
