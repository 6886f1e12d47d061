namespace SparseSharp.Kernels;

/// <summary>
/// How a batch is cut into panels: it depends on the batch size alone, never on the number of workers, and so do all results.
/// </summary>
internal readonly record struct BatchLayout
{
    private readonly int _vectors;

    /// <param name="batch">Samples.</param>
    public BatchLayout(int batch)
        : this(batch, PanelGeometry.MaxVectors)
    {
    }

    /// <param name="batch">Samples.</param>
    /// <param name="mostVectors">Most vectors per row of a panel.</param>
    public BatchLayout(int batch, int mostVectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Batch = batch;
        _vectors = (batch + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        Panels = (_vectors + mostVectors - 1) / mostVectors;
        MostWidth = mostVectors * PanelGeometry.Lanes;
    }

    private BatchLayout(int batch, int vectors, int panels, int mostWidth) =>
        (Batch, _vectors, Panels, MostWidth) = (batch, vectors, panels, mostWidth);

    /// <summary>Samples.</summary>
    public int Batch { get; }

    /// <summary>Samples rounded up to whole vectors.</summary>
    public int Columns => _vectors * PanelGeometry.Lanes;

    /// <summary>Most floats per row of a panel, for batches of any size.</summary>
    public int MostWidth { get; }

    /// <summary>Number of panels; their widths differ by at most one vector, wider ones first.</summary>
    public int Panels { get; }

    /// <summary>Panels that are one vector wider than the others; 0 if all are equal.</summary>
    public int WiderPanels => _vectors % Panels;

    /// <summary>First column of a panel.</summary>
    public int Start(int panel) => ((panel * (_vectors / Panels)) + Math.Min(panel, WiderPanels)) * PanelGeometry.Lanes;

    /// <summary>Vectors per row of a panel.</summary>
    public int Vectors(int panel) => (_vectors / Panels) + (panel < WiderPanels ? 1 : 0);

    /// <summary>Floats per row of a panel.</summary>
    public int Width(int panel) => Vectors(panel) * PanelGeometry.Lanes;

    /// <summary>Samples of a panel: its columns that are not padding.</summary>
    public int Samples(int panel) => Math.Min(Width(panel), Batch - Start(panel));

    /// <summary>How many panels from one on have its width, up to so many samples; at least that one.</summary>
    public int Together(int panel, int samples)
    {
        var alike = (panel < WiderPanels ? WiderPanels : Panels) - panel;
        return Math.Clamp(samples / Width(panel), 1, alike);
    }

    /// <summary>Some neighbouring panels as a batch of their own.</summary>
    public BatchLayout Part(int panel, int panels)
    {
        var end = panel + panels;
        var columns = (end < Panels ? Start(end) : Columns) - Start(panel);
        return new BatchLayout(Math.Min(columns, Batch - Start(panel)), columns / PanelGeometry.Lanes, panels, MostWidth);
    }

    /// <summary>
    /// Whether workers should each take whole panels (no waiting between layers) or all share one panel after the other: the first, if
    /// no worker then has over 5 % more than its fair share.
    /// </summary>
    public bool SharesPanels(int workers)
    {
        var heaviest = (Panels + workers - 1) / workers * Vectors(0);
        return workers > 1 && heaviest * workers * 20 > _vectors * 21;
    }
}
