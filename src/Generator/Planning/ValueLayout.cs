using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>How a value lies in a panel.</summary>
/// <param name="Features">Numbers of a sample.</param>
/// <param name="Image">Its lines where it is an image; null where its features follow each other.</param>
internal readonly record struct ValueLayout(int Features, ImageLines? Image = null)
{
    /// <summary>How it is cut where a prediction has few samples; null where it stays whole.</summary>
    public PartSize? Parts { get; init; }

    /// <summary>Rows of the panel that it takes, whole or in parts.</summary>
    public int MostLines => Image is { } image && Parts is { } parts ? Math.Max(image.Count, parts.MostLines(image.Channels)) : Lines;

    /// <summary>Rows of the panel that it takes: what functions that look at no dimensions go through.</summary>
    public int Lines => Image?.Count ?? Features;
}
