namespace SparseSharp.Data;

/// <summary>The pixels of a row that a pixel of the resized row is the weighted mean of.</summary>
internal readonly struct ResampleFilter
{
    private readonly int _from;
    private readonly int _to;
    private readonly double _ratio;
    private readonly double _width;
    private readonly bool _isArea;

    /// <summary>Makes a filter.</summary>
    /// <param name="from">Pixels of the row.</param>
    /// <param name="to">Pixels of the resized row.</param>
    /// <param name="filter">Its form.</param>
    /// <param name="antialias">Whether a triangle is as wide as the ratio where the row shrinks.</param>
    public ResampleFilter(int from, int to, ResizeFilter filter, bool antialias)
    {
        (_from, _to) = (from, to);
        _isArea = filter == ResizeFilter.Area;
        _ratio = (double)from / to;
        _width = antialias ? Math.Max(_ratio, 1) : 1;
        Taps = Math.Min(_isArea ? (int)Math.Ceiling(_ratio) + 1 : (2 * (int)Math.Ceiling(_width)) + 1, from);
    }

    /// <summary>Most pixels of a window.</summary>
    public int Taps { get; }

    /// <summary>The pixels around one of the resized row, at least one.</summary>
    public (int First, int Count) Window(int place)
    {
        if (_isArea)
        {
            var start = (int)((long)place * _from / _to);
            return (start, (int)((((long)(place + 1) * _from) + _to - 1) / _to) - start);
        }
        var center = Center(place);
        var first = Math.Max(0, (int)(center - _width + 0.5));
        var end = Math.Min(_from, (int)(center + _width + 0.5));
        return (first, end - first);
    }

    /// <summary>The weights of a window, whose sum is 1.</summary>
    public void Weights(int place, Span<float> weights)
    {
        var (first, count) = Window(place);
        if (_isArea)
        {
            for (var i = 0; i < count; i++)
                weights[i] = (float)((double)Overlap(place, first + i) / _from);
            return;
        }
        var center = Center(place);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += Weight(center, first + i);
        for (var i = 0; i < count; i++)
            weights[i] = (float)(Weight(center, first + i) / sum);
    }

    /// <summary>
    /// The part of a pixel that one of the resized row covers, in whole numbers: a pixel has as many as that row has pixels.
    /// </summary>
    private long Overlap(int place, int pixel) =>
        Math.Min((pixel + 1L) * _to, (place + 1L) * _from) - Math.Max((long)pixel * _to, (long)place * _from);

    private double Center(int place) => (place + 0.5) * _ratio;

    private double Weight(double center, int pixel) => Math.Max(0, 1 - (Math.Abs(pixel + 0.5 - center) / _width));
}
