using System.Globalization;

namespace SparseSharp.Generator.Specs;

/// <summary>The shape of one sample of a value.</summary>
/// <param name="Dimensions">As users write them, for example 784, or 28 and 28; none where the shape is not known.</param>
internal readonly record struct Shape(EquatableArray<int> Dimensions)
{
    /// <summary>Of a value whose attribute could not be read: it fits everywhere, so that one fault is reported once.</summary>
    public static readonly Shape Unknown = new(EquatableArray<int>.Empty);

    /// <summary>The product of the dimensions: the rows of a panel; 0 where the shape is not known.</summary>
    public int Features
    {
        get
        {
            var features = Dimensions.Count > 0 ? 1 : 0;
            foreach (var dimension in Dimensions)
                features *= dimension;
            return features;
        }
    }

    public bool IsKnown => Features > 0;

    /// <summary>Whether it is one of images: channels, rows and columns.</summary>
    public bool IsImage => Dimensions.Count == 3 && IsKnown;

    /// <summary>A vector.</summary>
    /// <param name="features">0 where they are not known.</param>
    public static Shape Vector(int features) => features > 0 ? new(new([features])) : Unknown;

    /// <summary>Images.</summary>
    public static Shape Image(int channels, int rows, int columns) => new(new([channels, rows, columns]));

    /// <summary>The same with another number of channels, which are the first dimension.</summary>
    public Shape WithChannels(int channels) => new(new([channels, .. Dimensions.Skip(1)]));

    /// <summary>The features, and dimensions that are more than a number: for example <c>784 (28 x 28)</c>.</summary>
    public override string ToString() =>
        Dimensions.Count > 1 ? $"{Text(Features)} ({string.Join(" x ", Dimensions.Select(Text))})" : Text(Features);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
