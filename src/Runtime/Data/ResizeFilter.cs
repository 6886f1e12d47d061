namespace SparseSharp;

/// <summary>How the pixels of a resized image follow those of the image.</summary>
public enum ResizeFilter
{
    /// <summary>
    /// A triangle around half-pixel centres: bilinear where an image grows, and as wide as the ratio where it shrinks.
    /// </summary>
    Triangle,

    /// <summary>The mean over the part of the image that a pixel covers, parts of pixels by their share.</summary>
    Area,
}
