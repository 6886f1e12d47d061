namespace SparseSharp.Settings;

/// <summary>
/// Lines of one vector of images, <c>[row][channel][column]</c>: a line is a pixel of a channel, in all samples of the vector. Around an
/// image is a border of lines.
/// </summary>
/// <remarks>
/// Lines that are read together must not share the sets of the first-level cache. So a row of a multiple of 4 columns gets one more, which
/// keeps neighbouring channels apart, and rows get a few lines between them.
/// </remarks>
internal readonly record struct ImageLines
{
    /// <summary>Sets of a first-level cache, which are as many as the cache lines of a page.</summary>
    private const int Sets = 64;

    /// <param name="channels">Channels.</param>
    /// <param name="rows">Rows of an image.</param>
    /// <param name="columns">Columns of an image.</param>
    /// <param name="border">Lines around an image, as many as its readers need.</param>
    public ImageLines(int channels, int rows, int columns, int border)
    {
        (Channels, Rows, Columns, Border) = (channels, rows, columns, border);
        var width = columns + (2 * border);
        ChannelStride = width % 4 == 0 ? width + 1 : width;
        RowStride = Spread(checked(ChannelStride * channels));
        Count = checked(RowStride * (rows + (2 * border)));
    }

    public int Channels { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Border { get; }

    /// <summary>Lines from a channel to the next.</summary>
    public int ChannelStride { get; }

    /// <summary>Lines from a row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Lines of an image, those of the border and between rows included.</summary>
    public int Count { get; }

    /// <summary>Numbers of an image.</summary>
    public int Features => Channels * Rows * Columns;

    /// <summary>
    /// A distance of at least so many lines, of which no small multiple is near a multiple of what a way of the first-level cache holds,
    /// whether a line is a cache line or half of one.
    /// </summary>
    private static int Spread(int lines)
    {
        lines += lines % 2;
        while (!IsSpread(lines) || !IsSpread(lines / 2))
            lines = checked(lines + 2);
        return lines;
    }

    private static bool IsSpread(int cacheLines)
    {
        const int most = 5, apart = 6;
        for (var times = 1; times <= most; times++)
        {
            var set = (int)((long)times * cacheLines % Sets);
            if (set < apart || set > Sets - apart)
                return false;
        }
        return true;
    }
}
