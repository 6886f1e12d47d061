namespace SparseSharp.Kernels;

/// <summary>Moves samples between row-major memory and feature-major panels, by transposes in registers.</summary>
internal static unsafe class PanelTransfer
{
    /// <summary>Features <c>[first, end)</c> of the samples of a panel; missing samples become zero columns.</summary>
    /// <param name="source">Feature 0 of the panel's first sample, row-major.</param>
    /// <param name="stride">Floats between samples.</param>
    /// <param name="samples">Samples that exist.</param>
    /// <param name="vectors">Vectors per panel row.</param>
    /// <param name="first">First feature to move.</param>
    /// <param name="end">End of the features to move.</param>
    /// <param name="panel">Row 0 of the panel.</param>
    public static void Pack(float* source, nint stride, int samples, int vectors, int first, int end, float* panel)
    {
        var lanes = PanelGeometry.Lanes;
        nint width = vectors * lanes;
        for (var v = 0; v < vectors; v++)
        {
            var rows = Math.Clamp(samples - (v * lanes), 0, lanes);
            PackVector(source + ((nint)v * lanes * stride), stride, rows, first, end, panel + (v * lanes), width, lanes);
        }
    }

    /// <summary>Features <c>[first, end)</c> of a panel to row-major samples.</summary>
    /// <param name="panel">Row 0 of the panel.</param>
    /// <param name="vectors">Vectors per panel row.</param>
    /// <param name="first">First feature to move.</param>
    /// <param name="end">End of the features to move.</param>
    /// <param name="target">Feature 0 of the panel's first sample, row-major.</param>
    /// <param name="stride">Floats between samples.</param>
    /// <param name="samples">Samples that exist.</param>
    public static void Unpack(float* panel, int vectors, int first, int end, float* target, nint stride, int samples)
    {
        var lanes = PanelGeometry.Lanes;
        nint width = vectors * lanes;
        var bounce = stackalloc float[lanes * lanes];
        var f = first;
        for (; f + lanes <= end; f += lanes)
        {
            for (var v = 0; v < vectors; v++)
            {
                var rows = Math.Min(samples - (v * lanes), lanes);
                if (rows <= 0)
                    break;
                var from = panel + (f * width) + (v * lanes);
                var to = target + ((nint)v * lanes * stride) + f;
                if (rows == lanes)
                {
                    Transpose.Tile(from, width, to, stride);
                    continue;
                }
                Transpose.Tile(from, width, bounce, lanes);
                for (var r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(bounce + (r * lanes), lanes).CopyTo(new Span<float>(to + (r * stride), lanes));
            }
        }
        for (; f < end; f++)
        {
            for (var s = 0; s < samples; s++)
                target[(s * stride) + f] = panel[(f * width) + s];
        }
    }

    private static void PackVector(float* source, nint stride, int rows, int first, int end, float* panel, nint width, int lanes)
    {
        var f = first;
        if (rows == lanes)
        {
            for (; f + lanes <= end; f += lanes)
                Transpose.Tile(source + f, stride, panel + (f * width), width);
        }
        else if (rows > 0)
        {
            var bounce = stackalloc float[lanes * lanes];
            new Span<float>(bounce, lanes * lanes).Clear();
            for (; f + lanes <= end; f += lanes)
            {
                for (var r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(source + (r * stride) + f, lanes).CopyTo(new Span<float>(bounce + (r * lanes), lanes));
                Transpose.Tile(bounce, lanes, panel + (f * width), width);
            }
        }
        for (; f < end; f++)
        {
            for (var r = 0; r < lanes; r++)
                panel[(f * width) + r] = r < rows ? source[(r * stride) + f] : 0;
        }
    }
}
