using System.Numerics.Tensors;
using SparseSharp.Layers;

namespace SparseSharp.Training;

/// <summary>How far a training has taken the weights from where it began: the norm of the difference of all weights and vectors.</summary>
/// <param name="model">The model.</param>
internal sealed class WeightDistance(ISparseModel model)
{
    private readonly (LearnedPart Part, int Layer)[] _parts =
        [.. model.Layers.SelectMany((layer, number) => layer.Parts.Learned.Select(part => (part, number)))];

    private float[] _now = [];

    /// <summary>The weights that the training began with; null before its first step, and where a checkpoint does not know them.</summary>
    public ModelSnapshot? Start { get; set; }

    /// <summary>Begins with the weights as they are.</summary>
    public void Begin() => Start = ModelSnapshot.Of(model);

    /// <summary>The distance of the weights as they are; null where nobody knows from what.</summary>
    public double? Measure()
    {
        if (Start is not { } start)
            return null;
        var sum = 0.0;
        foreach (var (part, layer) in _parts)
        {
            var parameter = part.Parameters[0];
            var before = start.Layers[layer].Change(parameter.Name);
            if (_now.Length < before.Length)
                _now = new float[before.Length];
            var now = _now.AsSpan(0, before.Length);
            // Weights that do not exist are 0.
            now.Clear();
            part.Export(parameter, parameter.Values, now);
            var distance = (double)TensorPrimitives.Distance(now, before);
            sum += distance * distance;
        }
        return Math.Sqrt(sum);
    }
}
