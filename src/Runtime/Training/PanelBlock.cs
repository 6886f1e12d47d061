namespace SparseSharp.Training;

/// <summary>Up to <see cref="MaxColumns"/> columns of a panel: the valid ones as rows of spans, and the padding behind them.</summary>
internal readonly unsafe ref struct PanelBlock
{
    /// <summary>
    /// Most columns, so that per-column scratch has a fixed size on the stack. Panels are no wider on any processor so far.
    /// </summary>
    public const int MaxColumns = 64;

    private readonly float* _output;
    private readonly float* _gradient;
    private readonly int _width;
    private readonly int _end;

    public PanelBlock(float* output, float* gradient, int features, int width, int first, int samples)
    {
        _output = output + first;
        _gradient = gradient + first;
        _width = width;
        _end = Math.Min(MaxColumns, width - first);
        Features = features;
        Columns = Math.Clamp(samples - first, 0, _end);
    }

    public int Features { get; }

    /// <summary>Valid columns.</summary>
    public int Columns { get; }

    public ReadOnlySpan<float> Output(int feature) => new(_output + ((nint)feature * _width), Columns);

    public Span<float> Gradient(int feature) => new(_gradient + ((nint)feature * _width), Columns);

    /// <summary>Copies the outputs of one column.</summary>
    public void CopyOutput(int column, Span<float> target)
    {
        for (var f = 0; f < Features; f++)
            target[f] = _output[((nint)f * _width) + column];
    }

    /// <summary>Writes the gradient of one column.</summary>
    public void SetGradient(int column, ReadOnlySpan<float> gradient, float scale)
    {
        for (var f = 0; f < Features; f++)
            _gradient[((nint)f * _width) + column] = gradient[f] * scale;
    }

    /// <summary>Makes the gradient of one column zero.</summary>
    public void ClearGradient(int column)
    {
        for (var f = 0; f < Features; f++)
            _gradient[((nint)f * _width) + column] = 0;
    }

    /// <summary>Makes the gradient of the padding columns zero, whatever the model wrote there.</summary>
    public void ClearPadding()
    {
        if (Columns == _end)
            return;
        for (var f = 0; f < Features; f++)
            new Span<float>(_gradient + ((nint)f * _width) + Columns, _end - Columns).Clear();
    }
}
