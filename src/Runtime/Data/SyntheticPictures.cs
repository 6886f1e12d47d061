using SparseSharp.Data;

namespace SparseSharp;

/// <summary>
/// Drawn colour pictures in place of a downloaded data set: 32 by 32 pixels, 10 classes in equal numbers. A class is a shape. Its place,
/// size, rotation and colours, the texture behind it, what hides parts of it, and noise are random, so that no pixel tells anything on its
/// own. A picture depends on the seed and its number alone, and is the same on every machine.
/// </summary>
public static class SyntheticPictures
{
    /// <summary>Height and width of a picture.</summary>
    public const int Size = 32;

    /// <summary>Classes: the shapes.</summary>
    public const int Classes = 10;

    private const int PicturesPerTask = 64;

    /// <summary>Stream of the classes; those of the renderer come before it, and those of other drawn images before these.</summary>
    private const uint Order = PictureRenderer.FirstStream + PictureRenderer.Streams;

    /// <summary>Names of the classes.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["disc", "ring", "square", "frame", "triangle", "cross", "half disc", "crescent", "two bars", "star"];

    /// <summary>The shape of a picture: red, green and blue.</summary>
    public static ImageShape ImageShape { get; } = new(3, Size, Size);

    /// <summary>Draws pictures as a dataset with features from 0 to 1, kept as bytes.</summary>
    /// <param name="count">Pictures; any ten from a multiple of ten on hold every class once.</param>
    /// <param name="seed">Equal seeds give equal pictures; use different ones for training and test.</param>
    /// <param name="first">Number of the first picture.</param>
    public static Dataset Generate(int count, ulong seed, int first = 0)
    {
        var length = ImageShape.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / length);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, int.MaxValue - count);
        var values = GC.AllocateUninitializedArray<byte>(count * length);
        var labels = new int[count];
        var tasks = ((count - 1) / PicturesPerTask) + 1;
        Parallel.For(0, tasks, () => new PictureRenderer(Size), (task, _, renderer) =>
        {
            var end = (int)Math.Min(count, (task + 1L) * PicturesPerTask);
            for (var i = task * PicturesPerTask; i < end; i++)
            {
                labels[i] = SyntheticSource.Label(seed, first + i, Order);
                renderer.Draw(labels[i], seed, first + i, values.AsSpan(i * length, length));
            }
            return renderer;
        }, _ => { });
        return Dataset.FromBytes(values, ImageShape, labels);
    }
}
