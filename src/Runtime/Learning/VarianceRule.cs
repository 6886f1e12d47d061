using System.Numerics.Tensors;
using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>The dense phase of STEP: measures how much the second moments of the weights still change.</summary>
internal sealed class VarianceRule(Matrix matrix) : DenseRule(matrix)
{
    private const int Chunk = 1024;

    private readonly double[] _changes = new double[matrix.Groups];

    /// <summary>Sum of <c>|v - v before|</c> over the weights, in the last update.</summary>
    public override double VarianceChange => _changes.Sum();

    /// <summary>A chunk at a time, so that the moments before it stay in the cache.</summary>
    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        Span<float> before = stackalloc float[Chunk];
        var sum = 0.0;
        for (var i = first * Matrix.Columns; i < end * Matrix.Columns; i += Chunk)
        {
            var slice = i..Math.Min(end * Matrix.Columns, i + Chunk);
            var moments = Parameter.State(1)[slice];
            var change = before[..moments.Length];
            moments.CopyTo(change);
            UpdateSlice(Parameter, slice, optimizer, in step);
            TensorPrimitives.Subtract(moments, change, change);
            sum += TensorPrimitives.SumOfMagnitudes<float>(change);
        }
        _changes[group] = sum;
        Matrix.RoundRows(first, end);
        Matrix.Transposed.Take(first, end);
    }
}
