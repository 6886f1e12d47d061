using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Models;

namespace SparseSharp.Training;

/// <summary>Which layers with a mask run dense for a while, and when: the tail of a training, and the first phase of STEP.</summary>
internal sealed class TrainingPhases
{
    private readonly LayerWeights[] _layers;
    private readonly LayerWeights[] _switching;
    private readonly double _tail;
    private readonly AutoSwitch? _switch;

    /// <param name="model">The model that is trained.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="tail">Share of the last steps that run dense.</param>
    /// <param name="optimizer">The update rule.</param>
    /// <exception cref="ArgumentException">No layer can run dense in the tail, or a layer follows STEP without Adam or AdamW.</exception>
    public TrainingPhases(ISparseModel model, ModelDescriptor descriptor, double tail, Optimizer optimizer)
    {
        PlacedWeights[] all = [.. PlacedWeights.Of(model, descriptor)];
        _layers =
            [.. all.Select(placed => placed.Weights).Where(weights => weights.Pattern is { KeepsMaskedWeights: true, Annealed: null })];
        _switching = [.. _layers.Where(layer => layer.Pattern is { StartsDense: true })];
        _tail = tail;
        if (tail > 0 && _layers.Length == 0)
        {
            throw new ArgumentException(
                $"{nameof(TrainerOptions)}.{nameof(TrainerOptions.DenseTail)} is {tail}, but no layer of the model can run dense for a "
                    + "while: all are dense or keep no masked weights (Static, Regrow). Leave it at 0.");
        }
        if (_switching.Length == 0)
            return;
        if (optimizer.Moments is not { } moments)
        {
            var path = all.First(placed => placed.Weights == _switching[0]).Path;
            throw new ArgumentException(
                $"Layer {path} has the policy {nameof(MaskPolicy)}.{nameof(MaskPolicy.Step)}, which goes by the second moments of Adam or "
                    + $"AdamW, but the optimizer is {optimizer}. Train with one of them, or choose another policy.",
                nameof(optimizer));
        }
        _switch = new AutoSwitch(moments.Beta2, moments.Epsilon);
    }

    /// <summary>Whether the number of steps must be known.</summary>
    public bool NeedsTotal => _tail > 0 || _switch is not null;

    /// <summary>Whether <see cref="Begin"/> changes how a layer computes.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    public bool Changes(TrainingState state, long totalSteps)
    {
        foreach (var layer in _layers)
        {
            if (!layer.IsFrozen && layer.IsDense != RunsDense(layer, state, totalSteps))
                return true;
        }
        return false;
    }

    /// <summary>Puts every layer into the phase of the next step.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training; any number if <see cref="NeedsTotal"/> is false.</param>
    public void Begin(TrainingState state, long totalSteps)
    {
        foreach (var layer in _layers)
        {
            if (!layer.IsFrozen)
                layer.SetDense(RunsDense(layer, state, totalSteps));
        }
        foreach (var layer in _switching)
            layer.FrozenAt = state.SwitchedAt;
    }

    /// <summary>Takes notice of the step that was done last: it may end the first phase of STEP.</summary>
    /// <param name="state">Where the training stands, the step included.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    public void End(TrainingState state, long totalSteps)
    {
        if (_switch is null || state.SwitchedAt > 0 || state.Steps > LatestSwitch(totalSteps))
            return;
        var (sum, count) = (0.0, 0L);
        foreach (var layer in _switching)
        {
            // Moments that no step moves would lower the mean.
            if (layer.IsFrozen)
                continue;
            sum += layer.VarianceChange;
            count += layer.Matrix.Parameter.Length;
        }
        if (count == 0)
            return;
        if (!_switch.Observe(state.VarianceChanges, state.Steps, sum / count, earliest: (totalSteps + 9) / 10, LatestSwitch(totalSteps)))
            return;
        state.SwitchedAt = state.Steps;
        state.VarianceChanges.Clear();
    }

    /// <summary>Steps after which a layer has the form that it ends with, or null if it has no other.</summary>
    /// <param name="layer">The weights of the layer.</param>
    /// <param name="state">Where the training stands.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    public long? StepsToForm(LayerWeights layer, TrainingState state, long totalSteps)
    {
        if (_tail > 0 && Array.IndexOf(_layers, layer) >= 0)
            return TailStart(totalSteps) + 1;
        if (Array.IndexOf(_switching, layer) < 0)
            return null;
        return (state.SwitchedAt > 0 ? state.SwitchedAt : LatestSwitch(totalSteps)) + 1;
    }

    /// <summary>Whether that form is a dense one.</summary>
    public bool EndsDense(LayerWeights layer) => _tail > 0 && Array.IndexOf(_layers, layer) >= 0;

    private bool RunsDense(LayerWeights layer, TrainingState state, long totalSteps)
    {
        var inTail = _tail > 0 && state.Steps >= TailStart(totalSteps);
        return inTail || (state.SwitchedAt == 0 && state.Steps < LatestSwitch(totalSteps) && Array.IndexOf(_switching, layer) >= 0);
    }

    private long TailStart(long totalSteps) => totalSteps - (long)Math.Round(totalSteps * _tail, MidpointRounding.AwayFromZero);

    /// <summary>The dense phase takes from a tenth to half of the training.</summary>
    private static long LatestSwitch(long totalSteps) => totalSteps / 2;
}
