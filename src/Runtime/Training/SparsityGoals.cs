using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Patterns;

namespace SparseSharp.Training;

/// <summary>
/// The form that each layer was asked to end with, and when it has it: the sparsity of pruned blocks, the mask behind a dense phase, the frozen mask of an annealed layer, a dense
/// tail. Layers without a schedule always have it.
/// </summary>
/// <param name="model">The model that is trained.</param>
/// <param name="descriptor">Its layer table.</param>
/// <param name="phases">Dense phases.</param>
internal sealed class SparsityGoals(ISparseModel model, ModelDescriptor descriptor, TrainingPhases phases)
{
    private readonly Linear[] _layers = [.. model.Layers];
    private long _steps;

    /// <summary>Whether a schedule has no length of its own.</summary>
    public bool CanFit => _layers.Any(layer => layer.Pattern is { FitsPruning: true });

    /// <summary>Fits schedules that have no length of their own to the length of the training.</summary>
    /// <param name="steps">Optimizer steps; 0 where they are not known.</param>
    public void Fit(long steps) => _steps = steps;

    /// <summary>Gives the layers the schedules of this training: another trainer may have given them its own.</summary>
    public void Apply()
    {
        foreach (var layer in _layers)
        {
            if (layer.Weights.Rule is IScheduledPruning pruning && ScheduleOf(layer) is { } schedule)
                pruning.Schedule = schedule;
        }
    }

    /// <summary>Whether a layer has its final form.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    /// <param name="epochSteps">Steps of an epoch.</param>
    public bool IsFinal(Linear layer, TrainingState state, long totalSteps, long epochSteps)
    {
        if (layer.IsFrozen || StepsToForm(layer, state, totalSteps, epochSteps) is not { } steps)
            return true;
        if (layer.Weights.Annealing is { } annealed)
            return annealed.IsFrozen;
        if (ScheduleOf(layer) is not null)
            return state.Steps >= steps || HasBlocks(layer, layer.Mask!);
        return state.Steps >= steps && layer.IsDense == phases.EndsDense(layer);
    }

    /// <summary>Whether all layers have their final form.</summary>
    public bool AreFinal(TrainingState state, long totalSteps, long epochSteps)
    {
        foreach (var layer in _layers)
        {
            if (!IsFinal(layer, state, totalSteps, epochSteps))
                return false;
        }
        return true;
    }

    /// <summary>Whether weights that were kept aside, as the best ones, have their final form.</summary>
    public bool AreFinal(ModelSnapshot weights)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var (layer, kept) = (_layers[i], weights.Layers[i]);
            if (layer.IsFrozen)
                continue;
            if (ScheduleOf(layer) is not null ? !HasBlocks(layer, kept.Mask!) : layer.Pattern is not null && kept.IsUnmasked != layer.IsDense)
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
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            if (StepsToForm(layer, state, totalSteps, epochSteps) is not { } steps || steps <= lastStep || IsFinal(layer, state, totalSteps, epochSteps))
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {descriptor.Layers[i].Path} has {Form(layer)} only from step {steps} on, but this fit ends after step {lastStep}. {Advice(layer, lastStep)}");
        }
    }

    /// <summary>Lines about layers that have not got their final form.</summary>
    public IEnumerable<string> Unfinished(TrainingState state, long totalSteps, long epochSteps)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            if (IsFinal(layer, state, totalSteps, epochSteps))
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {descriptor.Layers[i].Path} ended without {Form(layer)}, with {100 * layer.Density:0.##} % of its weights: the fit ended after step {state.Steps}. {Advice(layer, state.Steps)}");
        }
    }

    private PruneSchedule? ScheduleOf(Linear layer) =>
        layer.Pattern is { FitsPruning: true } pattern ? pattern.Pruning?.Within(_steps) : layer.Pattern?.Pruning;

    private static bool HasBlocks(Linear layer, Mask mask) => mask.Density <= layer.Pattern!.FinalDensity(layer.Outputs, layer.Inputs) + 1e-9;

    private long? StepsToForm(Linear layer, TrainingState state, long totalSteps, long epochSteps) =>
        ScheduleOf(layer)?.Last ?? AnnealingPhases.StepsToForm(layer, totalSteps, epochSteps) ?? phases.StepsToForm(layer, state, totalSteps);

    private string Form(Linear layer) => layer switch
    {
        _ when ScheduleOf(layer) is not null => string.Create(
            CultureInfo.InvariantCulture, $"its sparsity of {100 * (1 - layer.Pattern!.FinalDensity(layer.Outputs, layer.Inputs)):0.##} %"),
        { Weights.Annealing: not null } => "a mask that stays",
        _ => phases.EndsDense(layer) ? "the dense form of its tail" : $"its {layer.Pattern} mask",
    };

    private string Advice(Linear layer, long lastStep) => ScheduleOf(layer) is null
        ? $"Train for more epochs, or lower {nameof(TrainerOptions)}.{nameof(TrainerOptions.TotalSteps)}."
        : string.Create(
            CultureInfo.InvariantCulture, $"Train for more epochs, or set PruneFrom and PruneSteps so that their sum is at most {lastStep}; without PruneSteps the schedule fits the training.");
}
