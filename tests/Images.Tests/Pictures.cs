using SkiaSharp;

namespace SparseSharp.Images.Tests;

/// <summary>Makes image files.</summary>
internal static class Pictures
{
    /// <summary>A PNG file whose pixels follow from their place.</summary>
    public static byte[] Png(int width, int height, Func<int, int, SKColor> colour) => Encode(width, height, colour, SKEncodedImageFormat.Png);

    /// <summary>A JPEG file of one colour.</summary>
    public static byte[] Jpeg(int width, int height, SKColor colour) =>
        Encode(width, height, (_, _) => colour, SKEncodedImageFormat.Jpeg);

    /// <summary>A file of any format.</summary>
    public static byte[] Encode(int width, int height, Func<int, int, SKColor> colour, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colour(x, y));
        }
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
