namespace SparseSharp.Data;

/// <summary>Copies a part of an image, which may reach beyond its borders.</summary>
internal static class ImageWindow
{
    /// <summary>Copies a window.</summary>
    /// <param name="shape">The shape of the image.</param>
    /// <param name="image">The image.</param>
    /// <param name="top">First row of the window in the image; it may be negative.</param>
    /// <param name="left">First column of the window in the image; it may be negative.</param>
    /// <param name="window">The shape of the window, with as many channels.</param>
    /// <param name="result">Receives the window.</param>
    /// <param name="fill">The value of what lies outside.</param>
    public static void Copy(
        ImageShape shape, ReadOnlySpan<float> image, int top, int left, ImageShape window, Span<float> result, float fill = 0)
    {
        var first = Math.Clamp(-left, 0, window.Width);
        var end = Math.Clamp(shape.Width - left, first, window.Width);
        for (var channel = 0; channel < window.Channels; channel++)
        {
            for (var y = 0; y < window.Height; y++)
            {
                var row = result.Slice((channel * window.Plane) + (y * window.Width), window.Width);
                var source = top + y;
                if (source < 0 || source >= shape.Height || first == end)
                {
                    row.Fill(fill);
                    continue;
                }
                row[..first].Fill(fill);
                image.Slice((channel * shape.Plane) + (source * shape.Width) + left + first, end - first).CopyTo(row[first..]);
                row[end..].Fill(fill);
            }
        }
    }
}
