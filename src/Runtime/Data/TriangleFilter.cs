namespace SparseSharp.Data;

/// <summary>The pixels of a row that a pixel of the resized row is the weighted mean of.</summary>
internal readonly struct TriangleFilter
{
    private readonly int _from;
    private readonly double _ratio;
    private readonly double _width;

    /// <summary>Makes a filter.</summary>
    /// <param name="from">Pixels of the row.</param>
    /// <param name="to">Pixels of the resized row.</param>
    /// <param name="antialias">Whether the filter is as wide as the ratio where the row shrinks.</param>
    public TriangleFilter(int from, int to, bool antialias)
    {
        _from = from;
        _ratio = (double)from / to;
        _width = antialias ? Math.Max(_ratio, 1) : 1;
        Taps = Math.Min((2 * (int)Math.Ceiling(_width)) + 1, from);
    }

    /// <summary>Most pixels of a window.</summary>
    public int Taps { get; }

    /// <summary>The pixels around one of the resized row, at least one.</summary>
    public (int First, int Count) Window(int place)
    {
        var center = Center(place);
        var first = Math.Max(0, (int)(center - _width + 0.5));
        var end = Math.Min(_from, (int)(center + _width + 0.5));
        return (first, end - first);
    }

    /// <summary>The weights of a window, whose sum is 1.</summary>
    public void Weights(int place, Span<float> weights)
    {
        var (first, count) = Window(place);
        var center = Center(place);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += Weight(center, first + i);
        for (var i = 0; i < count; i++)
            weights[i] = (float)(Weight(center, first + i) / sum);
    }

    private double Center(int place) => (place + 0.5) * _ratio;

    private double Weight(double center, int pixel) => Math.Max(0, 1 - (Math.Abs(pixel + 0.5 - center) / _width));
}
