using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Learning;
using SparseSharp.Models;
using SparseSharp.Patterns;

namespace SparseSharp.Training;

/// <summary>
/// The form that each layer was asked to end with, and when it has it: the sparsity of pruned blocks, the mask behind a dense phase, the
/// frozen mask of an annealed layer, a dense tail. Layers without a schedule always have it.
/// </summary>
/// <param name="model">The model that is trained.</param>
/// <param name="descriptor">Its layer table.</param>
/// <param name="phases">Dense phases.</param>
internal sealed class SparsityGoals(ISparseModel model, ModelDescriptor descriptor, TrainingPhases phases)
{
    private readonly PlacedWeights[] _matrices = [.. PlacedWeights.Of(model, descriptor)];
    private long _steps;

    /// <summary>Whether a schedule has no length of its own.</summary>
    public bool CanFit => _matrices.Any(placed => placed.Weights.Pattern is { FitsPruning: true });

    /// <summary>Fits schedules that have no length of their own to the length of the training.</summary>
    /// <param name="steps">Optimizer steps; 0 where they are not known.</param>
    public void Fit(long steps) => _steps = steps;

    /// <summary>Gives the layers the schedules of this training: another trainer may have given them its own.</summary>
    public void Apply()
    {
        foreach (var placed in _matrices)
        {
            if (placed.Weights.Rule is IScheduledPruning pruning && ScheduleOf(placed.Weights) is { } schedule)
                pruning.Schedule = schedule;
        }
    }

    /// <summary>Whether a layer has its final form.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    /// <param name="epochSteps">Steps of an epoch.</param>
    public bool IsFinal(LayerParts layer, TrainingState state, long totalSteps, long epochSteps)
    {
        foreach (var weights in layer.Matrices)
        {
            if (!IsFinal(weights, state, totalSteps, epochSteps))
                return false;
        }
        return true;
    }

    /// <summary>Whether all layers have their final form.</summary>
    public bool AreFinal(TrainingState state, long totalSteps, long epochSteps)
    {
        foreach (var placed in _matrices)
        {
            if (!IsFinal(placed.Weights, state, totalSteps, epochSteps))
                return false;
        }
        return true;
    }

    /// <summary>Whether weights that were kept aside, as the best ones, have their final form.</summary>
    public bool AreFinal(ModelSnapshot snapshot)
    {
        foreach (var (weights, layer, _) in _matrices)
        {
            var kept = snapshot.Layers[layer];
            if (weights.IsFrozen)
                continue;
            if (ScheduleOf(weights) is not null ? !HasBlocks(weights, kept.Mask!) : weights.Pattern is not null
                && kept.IsUnmasked != weights.IsDense)
                return false;
        }
        return true;
    }

    /// <summary>Lines about layers that a fit leaves without their final form.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="lastStep">Steps done when the fit ends.</param>
    /// <param name="totalSteps">Steps of the whole training, for phases.</param>
    /// <param name="epochSteps">Steps of an epoch.</param>
    public IEnumerable<string> Unreachable(TrainingState state, long lastStep, long totalSteps, long epochSteps)
    {
        foreach (var (weights, _, path) in _matrices)
        {
            if (StepsToForm(weights, state, totalSteps, epochSteps) is not { } steps
                || steps <= lastStep
                || IsFinal(weights, state, totalSteps, epochSteps))
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {path} has {Form(weights)} only from step {steps} on, but this fit ends after step {lastStep}. {Advice(weights, lastStep)}");
        }
    }

    /// <summary>Lines about layers that have not got their final form.</summary>
    public IEnumerable<string> Unfinished(TrainingState state, long totalSteps, long epochSteps)
    {
        foreach (var (weights, _, path) in _matrices)
        {
            if (IsFinal(weights, state, totalSteps, epochSteps))
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {path} ended without {Form(weights)}, with {100 * weights.Product.Density:0.##} % of its weights: the fit ended "
                    + $"after step {state.Steps}. {Advice(weights, state.Steps)}");
        }
    }

    private bool IsFinal(LayerWeights weights, TrainingState state, long totalSteps, long epochSteps)
    {
        if (weights.IsFrozen || StepsToForm(weights, state, totalSteps, epochSteps) is not { } steps)
            return true;
        if (weights.Annealing is { } annealed)
            return annealed.IsFrozen;
        if (ScheduleOf(weights) is not null)
            return state.Steps >= steps || HasBlocks(weights, weights.Matrix.Mask!);
        return state.Steps >= steps && weights.IsDense == phases.EndsDense(weights);
    }

    private PruneSchedule? ScheduleOf(LayerWeights weights) =>
        weights.Pattern is { FitsPruning: true } pattern ? pattern.Pruning?.Within(_steps) : weights.Pattern?.Pruning;

    private static bool HasBlocks(LayerWeights weights, Mask mask) => mask.Density <= FinalDensity(weights) + 1e-9;

    private static double FinalDensity(LayerWeights weights) => weights.Pattern!.FinalDensity(weights.Matrix.Rows, weights.Matrix.Columns);

    private long? StepsToForm(LayerWeights weights, TrainingState state, long totalSteps, long epochSteps) =>
        ScheduleOf(weights)?.Last
            ?? AnnealingPhases.StepsToForm(weights, totalSteps, epochSteps)
            ?? phases.StepsToForm(weights, state, totalSteps);

    private string Form(LayerWeights weights) => weights switch
    {
        _ when ScheduleOf(weights) is not null =>
            string.Create(CultureInfo.InvariantCulture, $"its sparsity of {100 * (1 - FinalDensity(weights)):0.##} %"),
        { Annealing: not null } => "a mask that stays",
        _ => phases.EndsDense(weights) ? "the dense form of its tail" : $"its {weights.Pattern} mask",
    };

    private string Advice(LayerWeights weights, long lastStep) => ScheduleOf(weights) is null
        ? $"Train for more epochs, or lower {nameof(TrainerOptions)}.{nameof(TrainerOptions.TotalSteps)}."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Train for more epochs, or set PruneFrom and PruneSteps so that their sum is at most {lastStep}; without PruneSteps the "
                + $"schedule fits the training.");
}
