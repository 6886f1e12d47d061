namespace SparseSharp.Data;

/// <summary>Some images of a source, and what is done to each.</summary>
/// <param name="Source">The images.</param>
/// <param name="Numbers">Which of them; an image keeps its number, and so its random numbers, in parts of a dataset.</param>
/// <param name="Transforms">Applied to each in this order.</param>
/// <param name="Shape">The shape of each after that.</param>
internal sealed record ImageView(ImageSource Source, ReadOnlyMemory<int> Numbers, ImageTransform[] Transforms, ImageShape Shape)
{
    /// <summary>Transforms of one image: their place has a byte in the counter of random numbers.</summary>
    public const int MostTransforms = 256;

    /// <summary>All images of a source as they are. The first one is read, because its shape is that of all.</summary>
    public static ImageView Of(ImageSource source)
    {
        var numbers = new int[source.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = i;
        var first = new ImageBuffer();
        source.Read(0, first);
        return new(source, numbers, [], first.Shape);
    }

    /// <summary>Some of the images.</summary>
    public ImageView Select(ReadOnlySpan<int> samples)
    {
        var numbers = new int[samples.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Numbers.Span[samples[i]];
        return this with { Numbers = numbers };
    }

    /// <summary>The same images with more transforms.</summary>
    /// <exception cref="ArgumentException">A transform cannot be applied to images of the shape, or there are too many.</exception>
    public ImageView With(ReadOnlySpan<ImageTransform> transforms)
    {
        if (Transforms.Length + transforms.Length > MostTransforms)
            throw new ArgumentException($"An image can have {MostTransforms} transforms at most.", nameof(transforms));
        var shape = Shape;
        foreach (var transform in transforms)
        {
            ArgumentNullException.ThrowIfNull(transform, nameof(transforms));
            shape = transform.ResultShape(shape);
        }
        return this with { Transforms = [.. Transforms, .. transforms], Shape = shape };
    }
}
