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
        Rows = Scratch.Reserve(ref t_rows, (long)rows * RowStride);
        Strip = Scratch.Reserve(ref t_strip, (long)batch.Layout.Columns * PanelGeometry.MaxWidth);
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

    /// <summary>
    /// Transposes rows <c>[first, first + columns)</c> of a value into the strip, which is padded with zeros to whole vectors.
    /// </summary>
    /// <param name="slot">The value.</param>
    /// <param name="first">First feature.</param>
    /// <param name="columns">Features.</param>
    public void LoadStrip(int slot, int first, int columns) =>
        PanelStrip.Load(
            in _batch, slot, first, columns, Strip, (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes * PanelGeometry.Lanes);
}
