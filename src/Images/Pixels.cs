using System.Numerics.Tensors;

namespace SparseSharp.Images;

/// <summary>Values of pixels.</summary>
internal static class Pixels
{
    /// <summary>Makes values from 0 to 1 of bytes.</summary>
    public static void ToFloats(ReadOnlySpan<byte> values, Span<float> target)
    {
        TensorPrimitives.ConvertTruncating(values, target);
        TensorPrimitives.Divide(target, 255f, target);
    }
}
