using System.Globalization;

namespace SparseSharp;

/// <summary>The shape of an image. Its values lie channel by channel, each row by row, as PyTorch has them.</summary>
public readonly record struct ImageShape
{
    /// <summary>Makes a shape.</summary>
    /// <param name="channels">At least 1; 3 for red, green and blue.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    public ImageShape(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((long)height * width > Array.MaxLength || (long)height * width * channels > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(height), $"An image of {channels}x{height}x{width} values is too large.");
        Channels = channels;
        Height = height;
        Width = width;
    }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Values of one channel.</summary>
    public int Plane => Height * Width;

    /// <summary>Values of the image.</summary>
    public int Length => Channels * Plane;

    /// <summary>Channels, rows and columns, for example <c>3x32x32</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Height}x{Width}");
}
