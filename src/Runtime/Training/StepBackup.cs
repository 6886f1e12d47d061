using System.Numerics.Tensors;
using SparseSharp.Layers;

namespace SparseSharp.Training;

/// <summary>
/// All that a step may change of a model and its optimizer state, to take the step back: what a checkpoint holds of them, in memory.
/// </summary>
internal sealed class StepBackup
{
    private readonly ISparseModel _model;
    private readonly ModelSnapshot _weights;
    private readonly float[][] _states;
    private readonly int _slots;

    /// <param name="model">The model.</param>
    /// <param name="slots">State arrays per parameter.</param>
    public StepBackup(ISparseModel model, int slots)
    {
        (_model, _slots) = (model, slots);
        _weights = ModelSnapshot.Of(model);
        _states = [.. from state in States() select Export(state.Part, state.Parameter, state.Slot)];
    }

    /// <summary>Gives the model back what it was.</summary>
    public void Restore()
    {
        _weights.Restore(_model);
        foreach (var ((part, parameter, slot), values) in States().Zip(_states))
            part.Import(parameter, values, parameter.State(slot));
    }

    private IEnumerable<(LearnedPart Part, Parameter Parameter, int Slot)> States() =>
        from layer in _model.Layers
        from learned in layer.Parts.LearnedParameters
        from slot in Enumerable.Range(0, _slots)
        select (learned.Part, learned.Parameter, slot);

    private static float[] Export(LearnedPart part, Parameter parameter, int slot)
    {
        var values = new float[parameter.FullShape is { } shape ? TensorPrimitives.Product<long>(shape) : parameter.Length];
        part.Export(parameter, parameter.State(slot), values);
        return values;
    }
}
