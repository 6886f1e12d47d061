using System.Numerics.Tensors;

namespace SparseSharp.Data;

/// <summary>Images of one shape, a byte per value: a quarter of the memory of floats.</summary>
internal sealed class ByteImages(ReadOnlyMemory<byte> values, ImageShape shape) : ImageSource
{
    public override int Count { get; } = values.Length / shape.Length;

    public override void Read(int image, ImageBuffer buffer)
    {
        var target = buffer.Resize(shape);
        TensorPrimitives.ConvertTruncating(values.Span.Slice(image * shape.Length, shape.Length), target);
        // Not multiplied by 1/255, which would be another float for half of the bytes.
        TensorPrimitives.Divide(target, 255f, target);
    }
}

/// <summary>Images of one shape that are floats already.</summary>
internal sealed class FloatImages(ReadOnlyMemory<float> values, ImageShape shape) : ImageSource
{
    public override int Count { get; } = values.Length / shape.Length;

    public override void Read(int image, ImageBuffer buffer) =>
        values.Span.Slice(image * shape.Length, shape.Length).CopyTo(buffer.Resize(shape));
}
