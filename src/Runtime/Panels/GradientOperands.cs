using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// The operands of a dense weight gradient, gathered from the panels of a batch into memory of the calling thread: rows of the output's
/// gradient with all samples in a row, and a strip of columns of the input with the samples as rows. Padding is left behind.
/// </summary>
internal readonly unsafe ref struct GradientOperands
{
    [ThreadStatic]
    private static NativeBuffer<float>? t_rows;

    [ThreadStatic]
    private static NativeBuffer<float>? t_strip;

    private readonly BatchPass _batch;

    public GradientOperands(in BatchPass batch, int rows)
    {
        _batch = batch;

        // An odd number of cache lines: rows a power of two apart would share the sets of the first-level cache.
        RowStride = ((batch.Layout.Columns + 15) / 16 | 1) * 16;
        Rows = Reserve(ref t_rows, (long)rows * RowStride);
        Strip = Reserve(ref t_strip, (long)batch.Layout.Columns * PanelGeometry.MaxWidth);
    }

    /// <summary>Rows of the output's gradient.</summary>
    public float* Rows { get; }

    /// <summary>Distance between <see cref="Rows"/>.</summary>
    public int RowStride { get; }

    /// <summary>A strip of the input, <c>[samples][width of the strip]</c>.</summary>
    public float* Strip { get; }

    /// <summary>Gathers rows <c>[first, end)</c> of a value.</summary>
    public void LoadRows(int slot, int first, int end)
    {
        var layout = _batch.Layout;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            nint width = layout.Width(panel);
            var source = _batch.Slot(slot, panel) + (first * width);
            var target = Rows + layout.Start(panel);
            for (var row = first; row < end; row++, source += width, target += RowStride)
                new ReadOnlySpan<float>(source, (int)width).CopyTo(new Span<float>(target, (int)width));
        }
    }

    /// <summary>Transposes rows <c>[first, first + columns)</c> of a value into the strip.</summary>
    /// <param name="slot">The value.</param>
    /// <param name="first">First feature.</param>
    /// <param name="columns">Features; the strip is padded with zeros to whole vectors.</param>
    public void LoadStrip(int slot, int first, int columns)
    {
        nint lanes = PanelGeometry.Lanes;
        var stripWidth = (columns + lanes - 1) / lanes * lanes;
        var layout = _batch.Layout;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            nint width = layout.Width(panel);
            var source = _batch.Slot(slot, panel) + (first * width);
            var target = Strip + (layout.Start(panel) * stripWidth);
            for (nint c = 0; c < columns; c += lanes)
            {
                for (nint s = 0; s < width; s += lanes)
                {
                    if (c + lanes <= columns)
                        Transpose.Tile(source + (c * width) + s, width, target + (s * stripWidth) + c, stripWidth);
                    else
                        TransposeRagged(source + (c * width) + s, width, target + (s * stripWidth) + c, stripWidth, columns - (int)c);
                }
            }
        }
    }

    private static void TransposeRagged(float* source, nint sourceStride, float* target, nint targetStride, int columns)
    {
        var lanes = PanelGeometry.Lanes;
        for (nint s = 0; s < lanes; s++)
        {
            for (nint c = 0; c < lanes; c++)
                target[(s * targetStride) + c] = c < columns ? source[(c * sourceStride) + s] : 0;
        }
    }

    private static float* Reserve(ref NativeBuffer<float>? buffer, long length)
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = new NativeBuffer<float>(length);
        }
        return buffer.Pointer;
    }
}
