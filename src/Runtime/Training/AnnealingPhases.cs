using SparseSharp.Layers;
using SparseSharp.Patterns;

namespace SparseSharp.Training;

/// <summary>Which share of their gradient masked weights get at each step of a training, in layers whose gradient is annealed.</summary>
internal sealed class AnnealingPhases
{
    private readonly (LayerWeights Weights, GradientAnnealing Annealing)[] _layers;
    private readonly IReadOnlyList<double>? _denseLosses;

    /// <param name="model">The model that is trained.</param>
    /// <param name="options">The losses of a dense training, for layers that tune their share by them.</param>
    /// <param name="log">Takes a warning where they are missing.</param>
    public AnnealingPhases(ISparseModel model, TrainerOptions options, Action<string> log)
    {
        _layers = [.. from layer in model.Layers from weights in layer.Parts.Matrices
            where weights.Annealing is not null select (weights, weights.Pattern!.Annealed!)];
        if (!_layers.Any(entry => entry.Annealing.AutoTune))
            return;
        if (options.DenseLosses is { } losses && losses.Count >= AlphaTuner.Epochs)
        {
            _denseLosses = losses;
            return;
        }
        log($"AutoTune needs the mean training losses of the first {AlphaTuner.Epochs} epochs of a dense training in TrainerOptions.{nameof(TrainerOptions.DenseLosses)}; without them the share of masked weights is not tuned.");
    }

    /// <summary>Whether the number of steps must be known.</summary>
    public bool NeedsTotal => _layers.Length > 0;

    /// <summary>Lets masked weights learn again, whatever a training before has made of them.</summary>
    public void Thaw()
    {
        foreach (var (weights, _) in _layers)
        {
            if (!weights.IsFrozen)
                weights.Annealing!.Thaw();
        }
    }

    /// <summary>Whether <see cref="Begin"/> ends the learning of masked weights somewhere.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    /// <param name="epochSteps">Steps of an epoch; 0 in a training that knows no epochs.</param>
    public bool Changes(TrainingState state, long totalSteps, long epochSteps)
    {
        foreach (var (weights, annealing) in _layers)
        {
            var (index, count) = Place(annealing, state, totalSteps, epochSteps);
            if (!weights.IsFrozen && !weights.Annealing!.IsFrozen && annealing.IsZero(index, count))
                return true;
        }
        return false;
    }

    /// <summary>Steps after which masked weights no longer learn, or null where they always do, or never did.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    /// <param name="epochSteps">Steps of an epoch; 0 in a training that knows no epochs.</param>
    public static long? StepsToForm(LayerWeights weights, long totalSteps, long epochSteps)
    {
        if (weights.Pattern?.Annealed is not { HardZero: < 1 } annealing || totalSteps == 0)
            return null;
        return IsPerStep(annealing, epochSteps)
            ? AnnealCurve.ZeroFrom(annealing.HardZero, totalSteps) + 1
            : (AnnealCurve.ZeroFrom(annealing.HardZero, (totalSteps + epochSteps - 1) / epochSteps) * epochSteps) + 1;
    }

    /// <summary>Prepares the layers for the step after those that are done.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training; any number if <see cref="NeedsTotal"/> is false.</param>
    /// <param name="epochSteps">Steps of an epoch; 0 in a training that knows no epochs, whose shares fall with every step.</param>
    public void Begin(TrainingState state, long totalSteps, long epochSteps)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var (weights, annealing) = _layers[i];
            if (weights.IsFrozen)
                continue;
            var (index, count) = Place(annealing, state, totalSteps, epochSteps);
            var masked = weights.Annealing!;
            if (annealing.IsZero(index, count))
                masked.Freeze();
            // Frozen stays frozen, also where a training goes on for longer than it was planned.
            masked.Anneal(masked.IsFrozen ? 0 : annealing.AlphaAt(Start(state, i), index, count, Tuned(annealing, epochSteps)));
        }
    }

    /// <summary>Takes notice of an epoch that is done: it may tune the shares.</summary>
    /// <param name="state">Where the training stands, the epoch included.</param>
    /// <param name="loss">Mean training loss of the epoch.</param>
    public void EndEpoch(TrainingState state, double loss)
    {
        if (_denseLosses is null || state.Epochs > AlphaTuner.Epochs)
            return;
        for (var i = 0; i < _layers.Length; i++)
        {
            var start = Start(state, i);
            if (state.TunedAlphas.Count == i)
                state.TunedAlphas.Add(start);
            if (_layers[i].Annealing.AutoTune)
                state.TunedAlphas[i] = AlphaTuner.Next(start, loss, _denseLosses[state.Epochs - 1]);
        }
    }

    private double Start(TrainingState state, int layer) =>
        layer < state.TunedAlphas.Count ? state.TunedAlphas[layer] : _layers[layer].Annealing.Alpha;

    /// <summary>The step, or the epoch, of so many.</summary>
    private static (long Index, long Count) Place(GradientAnnealing annealing, TrainingState state, long totalSteps, long epochSteps) =>
        IsPerStep(annealing, epochSteps) ? (state.Steps, totalSteps) : (state.Epochs, (totalSteps + epochSteps - 1) / epochSteps);

    private static bool IsPerStep(GradientAnnealing annealing, long epochSteps) => annealing.PerStep || epochSteps == 0;

    private long Tuned(GradientAnnealing annealing, long epochSteps) =>
        _denseLosses is null
            || !annealing.AutoTune ? 0 : IsPerStep(annealing, epochSteps) ? AlphaTuner.Epochs * epochSteps : AlphaTuner.Epochs;
}
