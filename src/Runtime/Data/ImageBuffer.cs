namespace SparseSharp;

/// <summary>An image in memory that is used again for the next one. It grows where an image needs more, and never shrinks.</summary>
public sealed class ImageBuffer
{
    private float[] _values = [];

    /// <summary>The shape of the image that is in it.</summary>
    public ImageShape Shape { get; private set; }

    /// <summary>Its values, channel by channel, each row by row.</summary>
    public Span<float> Values => _values.AsSpan(0, Shape.Length);

    /// <summary>Makes room for an image.</summary>
    /// <returns>Its values, to be written; they are not cleared.</returns>
    public Span<float> Resize(ImageShape shape)
    {
        if (_values.Length < shape.Length)
            _values = GC.AllocateUninitializedArray<float>(shape.Length);
        Shape = shape;
        return Values;
    }
}
