using SparseSharp.Data;

namespace SparseSharp;

/// <summary>Changes an image in place.</summary>
/// <param name="shape">Its shape, which stays.</param>
/// <param name="image">Its values, channel by channel.</param>
/// <param name="random">Random numbers of this image in this epoch.</param>
public delegate void ImageFunction(ImageShape shape, Span<float> image, RandomStream random);

/// <summary>
/// A change of each image on its way into a batch, for example to augment it: give it to <see cref="Dataset.Transform"/>. It runs on the
/// threads that load batches. Derive from this class, or make one of a method (<see cref="From"/>).
/// </summary>
/// <remarks>
/// Several threads call a transform at once, so it changes no fields of its own. It takes all random numbers from its context: then what
/// becomes of an image depends on the seed, the epoch and the number of the image alone, for any number of threads, and a training that
/// was interrupted goes on as if it had not been.
/// </remarks>
public abstract class ImageTransform
{
    /// <summary>The shape that an image gets; it may depend on nothing but the shape of the image.</summary>
    /// <exception cref="ArgumentException">Images of this shape cannot be transformed.</exception>
    public virtual ImageShape ResultShape(ImageShape image) => image;

    /// <summary>Transforms an image.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="image">Its values, channel by channel, from 0 to 1 unless a transform before has standardised them.</param>
    /// <param name="result">Receives the image of <see cref="ResultShape"/>; it is not cleared.</param>
    /// <param name="context">Random numbers, and memory for values in between.</param>
    public abstract void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context);

    /// <summary>A transform that calls a method, which keeps the shape.</summary>
    public static ImageTransform From(ImageFunction change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new FunctionTransform(change);
    }
}
