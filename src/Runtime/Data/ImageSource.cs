using System.Globalization;

namespace SparseSharp;

/// <summary>
/// Images that are read when they are needed: give them to the constructor of <see cref="Dataset"/>. Derive from this class for images in
/// a form of your own.
/// </summary>
public abstract class ImageSource
{
    /// <summary>How many there are; at least 1.</summary>
    public abstract int Count { get; }

    /// <summary>Reads an image. Several threads call it at once, each with a buffer of its own.</summary>
    /// <param name="image">Its number, from 0.</param>
    /// <param name="buffer">Receives it: values from 0 to 1, channel by channel. Images may differ in shape.</param>
    public abstract void Read(int image, ImageBuffer buffer);

    /// <summary>What messages call an image, for example its file.</summary>
    public virtual string NameOf(int image) => string.Create(CultureInfo.InvariantCulture, $"image {image}");
}
