using System.Numerics.Tensors;

namespace SparseSharp.Layers;

/// <summary>The dense phase of STEP: measures how much the second moments of the weights still change.</summary>
internal sealed class VarianceRule(Linear layer) : DenseRule(layer)
{
    private const int Chunk = 1024;

    private readonly double[] _changes = new double[layer.Groups];

    /// <summary>Sum of <c>|v - v before|</c> over the weights, in the last update.</summary>
    public double Change => _changes.Sum();

    /// <summary>A chunk at a time, so that the moments before it stay in the cache.</summary>
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Layer.GroupRows(group);
        Span<float> before = stackalloc float[Chunk];
        var sum = 0.0;
        for (var i = first * Layer.Inputs; i < end * Layer.Inputs; i += Chunk)
        {
            var slice = i..Math.Min(end * Layer.Inputs, i + Chunk);
            var moments = Layer.WeightParameter.State(1)[slice];
            var change = before[..moments.Length];
            moments.CopyTo(change);
            UpdateSlice(Layer.WeightParameter, slice, optimizer, in step);
            TensorPrimitives.Subtract(moments, change, change);
            sum += TensorPrimitives.SumOfMagnitudes<float>(change);
        }
        _changes[group] = sum;
        Layer.Store.RoundRows(first, end);
        Layer.Transposed.Take(first, end);
    }
}
