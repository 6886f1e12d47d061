namespace SparseSharp.Kernels;

/// <summary>A pooling of images of a size: where the pixels of its windows and of its results lie, in floats.</summary>
internal readonly struct PoolShape
{
    private readonly PoolAxis _rows;
    private readonly PoolAxis _columns;
    private readonly Extent _input;
    private readonly Extent _output;

    public PoolShape(ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns)
        : this(input, output.Size, rows, columns)
    {
        if (input.Channels != output.Channels)
            throw new ArgumentException($"A pooling gives {input.Channels} channels, not {output.Channels}.", nameof(output));
        (OutputStart, OutputRow, OutputChannel) = (output.Offset(0, 0, 0, 0), output.RowStride, output.ChannelStride);
    }

    private PoolShape(ImageLayout input, Extent output, PoolAxis rows, PoolAxis columns)
    {
        rows.Check(input.Size.Rows, output.Rows);
        columns.Check(input.Size.Columns, output.Columns);
        (_rows, _columns, _input, _output) = (rows, columns, input.Size, output);
        Channels = input.Channels;
        (InputStart, InputRow, InputChannel) = (input.Offset(0, 0, 0, 0), input.RowStride, input.ChannelStride);
        OutputChannel = PanelGeometry.Lanes;
    }

    public int Channels { get; }

    /// <summary>Rows of the results.</summary>
    public int Rows => _output.Rows;

    /// <summary>Columns of the results.</summary>
    public int Columns => _output.Columns;

    /// <summary>Rows of the input.</summary>
    public int InputRows => _input.Rows;

    /// <summary>Floats of a row of a channel of the input.</summary>
    public int InputRun => _input.Columns * PanelGeometry.Lanes;

    /// <summary>The first pixel of the first channel of the input.</summary>
    public nint InputStart { get; }

    /// <summary>From a row of the input to the next.</summary>
    public nint InputRow { get; }

    /// <summary>From a channel of the input to the next.</summary>
    public nint InputChannel { get; }

    /// <summary>The first pixel of the first channel of the results.</summary>
    public nint OutputStart { get; }

    /// <summary>From a row of the results to the next.</summary>
    public nint OutputRow { get; }

    /// <summary>From a channel of the results to the next.</summary>
    public nint OutputChannel { get; }

    /// <summary>A pooling of whole channels: the results are a feature per channel.</summary>
    public static PoolShape Global(ImageLayout input) => new(input, new Extent(1, 1), PoolAxis.Parts, PoolAxis.Parts);

    public PoolRange RowsOf(int row) => _rows.Range(row, _input.Rows, _output.Rows);

    public PoolRange ColumnsOf(int column) => _columns.Range(column, _input.Columns, _output.Columns);
}
