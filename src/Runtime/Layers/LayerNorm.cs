using System.Numerics.Tensors;
using SparseSharp.Kernels;

namespace SparseSharp;

/// <summary>A layer normalisation. Made by generated code.</summary>
/// <inheritdoc path="/remarks"/>
public sealed class LayerNorm : SampleNorm
{
    private readonly int[] _shape;

    /// <summary>Makes a layer with factors of 1 and terms of 0.</summary>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="affine">Whether factors and terms are learned.</param>
    /// <param name="shape">Dimensions of the value.</param>
    public LayerNorm(double epsilon, bool affine, params int[] shape)
        : base(nameof(LayerNorm), new(Count(shape), groups: 1, epsilon, affine), Array.ConvertAll(shape, size => (long)size)) =>
        _shape = [.. shape];

    /// <summary>Dimensions of the value.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>For example <c>layer norm of 16 x 8 x 8</c>.</summary>
    public override string ToString() => $"layer norm of {string.Join(" x ", _shape)}";

    private static int Count(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        foreach (var size in shape)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(shape));
        return TensorPrimitives.Product<int>(shape);
    }
}
