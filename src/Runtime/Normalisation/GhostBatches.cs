using SparseSharp.Kernels;

namespace SparseSharp.Normalisation;

/// <summary>
/// The parts of a batch that are normalised apart: of so many samples each. A rest of half as many or more is a part of its own; a smaller
/// one belongs to the part before.
/// </summary>
internal readonly struct GhostBatches
{
    private readonly int _batch;
    private readonly int _size;

    /// <param name="batch">Samples of the batch.</param>
    /// <param name="size">Samples of a part; 0 for the whole batch.</param>
    /// <param name="positions">Values of a channel in a sample: a part has two values at least, if the batch has.</param>
    public GhostBatches(int batch, int size, int positions)
    {
        (_batch, _size) = (batch, size == 0 ? batch : size);
        var rest = batch % _size;
        Count = Math.Max(1, (batch / _size) + (2 * rest >= _size && rest * (long)positions >= 2 ? 1 : 0));
    }

    /// <summary>Number of parts.</summary>
    public int Count { get; }

    /// <summary>First sample of a part.</summary>
    public int Start(int part) => part * _size;

    /// <summary>First sample behind a part.</summary>
    public int End(int part) => part == Count - 1 ? _batch : (part + 1) * _size;

    /// <summary>Samples of a part.</summary>
    public int Samples(int part) => End(part) - Start(part);

    /// <summary>The columns of a panel that belong to a part; none where the first is not below the end.</summary>
    public (int First, int End) Columns(int part, BatchLayout layout, int panel)
    {
        var start = layout.Start(panel);
        return (Math.Max(0, Start(part) - start), Math.Min(layout.Samples(panel), End(part) - start));
    }

    /// <summary>The panel and the column of the first sample of a part.</summary>
    public (int Panel, int Column) First(int part, BatchLayout layout)
    {
        var panel = 0;
        while (layout.Start(panel) + layout.Width(panel) <= Start(part))
            panel++;
        return (panel, Start(part) - layout.Start(panel));
    }
}
