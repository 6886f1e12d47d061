namespace SparseSharp.Kernels;

/// <summary>How a batch is cut into panels: it depends on the batch size alone, never on the number of workers, and so do all results.</summary>
internal sealed class BatchLayout
{
    private readonly int[] _starts;

    public BatchLayout(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Batch = batch;
        var lanes = PanelGeometry.Lanes;
        var vectors = (batch + lanes - 1) / lanes;
        Panels = (vectors + PanelGeometry.MaxVectors - 1) / PanelGeometry.MaxVectors;
        Columns = vectors * lanes;
        _starts = new int[Panels + 1];
        for (var p = 0; p < Panels; p++)
            _starts[p + 1] = _starts[p] + (((vectors / Panels) + (p < vectors % Panels ? 1 : 0)) * lanes);
    }

    /// <summary>Samples.</summary>
    public int Batch { get; }

    /// <summary>Samples rounded up to whole vectors.</summary>
    public int Columns { get; }

    /// <summary>Number of panels; their widths differ by at most one vector, wider ones first.</summary>
    public int Panels { get; }

    /// <summary>First column of a panel.</summary>
    public int Start(int panel) => _starts[panel];

    /// <summary>Floats per row of a panel.</summary>
    public int Width(int panel) => _starts[panel + 1] - _starts[panel];

    /// <summary>Vectors per row of a panel.</summary>
    public int Vectors(int panel) => Width(panel) / PanelGeometry.Lanes;
}
