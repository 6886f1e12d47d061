namespace SparseSharp.Training;

/// <summary>Which layers with a mask run dense for a while, and when: the tail of a training.</summary>
internal sealed class TrainingPhases
{
    private readonly Linear[] _layers;
    private readonly double _tail;

    /// <param name="model">The model that is trained.</param>
    /// <param name="tail">Share of the last steps that run dense.</param>
    /// <exception cref="ArgumentException">No layer can run dense in the tail.</exception>
    public TrainingPhases(ISparseModel model, double tail)
    {
        _layers = [.. model.Layers.Where(layer => layer.Pattern is { Policy: not MaskPolicy.Static })];
        _tail = tail;
        if (tail > 0 && _layers.Length == 0)
        {
            throw new ArgumentException(
                $"{nameof(TrainerOptions)}.{nameof(TrainerOptions.DenseTail)} is {tail}, but no layer of the model can run dense for a while: all are dense or have a static mask. Leave it at 0.");
        }
    }

    /// <summary>Whether <see cref="Begin"/> must know the number of steps.</summary>
    public bool NeedsTotal => _tail > 0;

    /// <summary>Steps that run dense at the end of a training.</summary>
    public long TailSteps(long totalSteps) => (long)Math.Round(totalSteps * _tail, MidpointRounding.AwayFromZero);

    /// <summary>Puts every layer into the phase of a step, before it begins.</summary>
    /// <param name="stepsDone">Steps before it.</param>
    /// <param name="totalSteps">Steps of the whole training; any number if <see cref="NeedsTotal"/> is false.</param>
    public void Begin(long stepsDone, long totalSteps)
    {
        var dense = NeedsTotal && stepsDone >= totalSteps - TailSteps(totalSteps);
        foreach (var layer in _layers)
            layer.SetDense(dense);
    }
}
