using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A few features of all samples of a batch, transposed: the samples are rows.</summary>
internal static unsafe class PanelStrip
{
    /// <summary>Transposes features <c>[first, first + columns)</c> of a value; the last vector of each row is padded with zeros.</summary>
    /// <param name="batch">The panels.</param>
    /// <param name="slot">The value.</param>
    /// <param name="first">First feature.</param>
    /// <param name="columns">Features.</param>
    /// <param name="target">Receives a row for each column of the padded batch.</param>
    /// <param name="stride">Distance between rows of the target, at least the features rounded up to whole vectors.</param>
    public static void Load(in BatchPass batch, int slot, int first, int columns, float* target, nint stride)
    {
        nint lanes = PanelGeometry.Lanes;
        var layout = batch.Layout;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            nint width = layout.Width(panel);
            var source = batch.Slot(slot, panel) + (first * width);
            var rows = target + (layout.Start(panel) * stride);
            for (nint c = 0; c < columns; c += lanes)
            {
                for (nint s = 0; s < width; s += lanes)
                {
                    if (c + lanes <= columns)
                        Transpose.Tile(source + (c * width) + s, width, rows + (s * stride) + c, stride);
                    else
                        TransposeRagged(source + (c * width) + s, width, rows + (s * stride) + c, stride, columns - (int)c);
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
}
