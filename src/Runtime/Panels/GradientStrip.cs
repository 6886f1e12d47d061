using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A few columns of a layer's input with the batch as rows, <c>[columns of the batch][width]</c>: the vector operand of a dense weight gradient.</summary>
internal unsafe ref struct GradientStrip
{
    [ThreadStatic]
    private static NativeBuffer<float>? t_buffer;

    private readonly int _features;

    public GradientStrip(int features, int columns)
    {
        _features = features;
        var length = (long)columns * PanelGeometry.MaxWidth;
        if (t_buffer is null || t_buffer.Length < length)
        {
            t_buffer?.Dispose();
            t_buffer = new NativeBuffer<float>(length);
        }
        Pointer = t_buffer.Pointer;
    }

    public float* Pointer { get; }

    /// <summary>First feature of the strip.</summary>
    public int FirstColumn { get; private set; }

    /// <summary>Features of the strip.</summary>
    public int Columns { get; private set; }

    /// <summary>Vectors per row.</summary>
    public int Vectors { get; private set; }

    /// <summary>Floats per row.</summary>
    public readonly int Width => Vectors * PanelGeometry.Lanes;

    /// <summary>Whether a row has padding, so that it cannot be written straight to the gradient.</summary>
    public readonly bool IsRagged => Width != Columns;

    /// <summary>Transposes the strip out of the panels of a value.</summary>
    public void Load(in BatchPass batch, int slot, int firstColumn)
    {
        var lanes = PanelGeometry.Lanes;
        FirstColumn = firstColumn;
        Columns = Math.Min(PanelGeometry.MaxWidth, _features - firstColumn);
        Vectors = (Columns + lanes - 1) / lanes;
        var layout = batch.Layout;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            nint width = layout.Width(panel);
            var source = batch.Slot(slot, panel) + (firstColumn * width);
            var target = Pointer + ((nint)layout.Start(panel) * Width);
            for (nint c = 0; c < Columns; c += lanes)
            {
                for (nint s = 0; s < width; s += lanes)
                {
                    if (c + lanes <= Columns)
                        Transpose.Tile(source + (c * width) + s, width, target + (s * Width) + c, Width);
                    else
                        TransposeRagged(source + (c * width) + s, width, target + (s * Width) + c, Width, Columns - (int)c);
                }
            }
        }
    }

    /// <summary>Moves the rows of a tile to the gradient without their padding.</summary>
    public readonly void CopyRows(float* tile, float* gradient, nint stride, int rows, bool accumulate)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < Columns; c++)
            {
                ref var target = ref gradient[(r * stride) + c];
                target = accumulate ? target + tile[(r * Width) + c] : tile[(r * Width) + c];
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
}
