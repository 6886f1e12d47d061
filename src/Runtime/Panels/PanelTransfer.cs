using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>Moves samples between row-major memory and feature-major panels, by transposes in registers.</summary>
internal static unsafe class PanelTransfer
{
    /// <summary>Floats of a cache line.</summary>
    private const int Line = 16;

    /// <summary>Features that the buffer holds of each sample: four lines.</summary>
    private const int BufferFeatures = 4 * Line;

    /// <summary>
    /// From a sample to the next in the buffer: a line more, so that samples lie in different sets of the first-level cache.
    /// </summary>
    private const int BufferStride = BufferFeatures + Line;

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

    /// <summary>
    /// Features <c>[first, end)</c> of a panel to row-major samples. Tiles go through a buffer, from which each sample gets whole
    /// neighbouring cache lines: written tile by tile, samples that lie a power of two apart would push each other's lines out of the
    /// caches.
    /// </summary>
    /// <param name="panel">Row 0 of the panel.</param>
    /// <param name="vectors">Vectors per panel row.</param>
    /// <param name="first">First feature to move.</param>
    /// <param name="end">End of the features to move.</param>
    /// <param name="target">Feature 0 of the panel's first sample, row-major.</param>
    /// <param name="stride">Floats between samples.</param>
    /// <param name="samples">Samples that exist.</param>
    /// <param name="pastCaches">Whether to write whole lines to memory, without reading them first and without driving weights and panels
    /// out of the caches.</param>
    public static void Unpack(float* panel, int vectors, int first, int end, float* target, nint stride, int samples, bool pastCaches)
    {
        var lanes = PanelGeometry.Lanes;
        nint width = vectors * lanes;
        var whole = end - ((end - first) % lanes);
        pastCaches &= stride % Line == 0 && (nuint)target % sizeof(float) == 0;
        var memory = stackalloc float[(lanes * BufferStride) + Line];
        var buffer = memory + ((Line - FloatsIntoLine(memory)) % Line);
        for (var v = 0; v < vectors; v++)
        {
            var rows = Math.Min(samples - (v * lanes), lanes);
            if (rows > 0)
                UnpackVector(
                    panel + (v * lanes), width, first, whole, buffer, target + ((nint)v * lanes * stride), stride, rows, pastCaches);
        }
        for (var f = whole; f < end; f++)
        {
            for (var s = 0; s < samples; s++)
                target[(s * stride) + f] = panel[(f * width) + s];
        }
        if (pastCaches && Sse.IsSupported)
            Sse.StoreFence();
    }

    /// <summary>
    /// One vector of samples. For whole lines, features lie as far into a line of the buffer as into one of the target, and what is left of
    /// a line waits for the next features.
    /// </summary>
    private static void UnpackVector(
        float* panel, nint width, int first, int end, float* buffer, float* target, nint stride, int rows, bool pastCaches)
    {
        var lanes = PanelGeometry.Lanes;
        var shift = pastCaches ? FloatsIntoLine(target + first) : 0;
        for (var f = first; f < end; f += BufferFeatures)
        {
            var features = Math.Min(BufferFeatures, end - f);
            for (var tile = 0; tile < features; tile += lanes)
                Transpose.Tile(panel + ((f + tile) * width), width, buffer + shift + tile, BufferStride);
            var columns = shift + features;
            var lines = columns - (columns % Line);
            CopyRows(buffer, f == first ? shift : 0, f + features == end ? columns : lines, target + f - shift, stride, rows, pastCaches);
            for (var row = 0; row < rows && shift > 0; row++)
                Vector512.Load(buffer + (row * BufferStride) + lines).Store(buffer + (row * BufferStride));
        }
    }

    private static int FloatsIntoLine(float* address) => (int)((nuint)address / sizeof(float) % Line);

    private static void CopyRows(float* buffer, int first, int end, float* target, nint stride, int rows, bool pastCaches)
    {
        var whole = (first + Line - 1) / Line * Line;
        for (var row = 0; row < rows; row++, buffer += BufferStride, target += stride)
        {
            var f = first;
            for (; f < Math.Min(whole, end); f++)
                target[f] = buffer[f];
            if (pastCaches)
            {
                for (; f + Line <= end; f += Line)
                    Vector512.Load(buffer + f).StoreAlignedNonTemporal(target + f);
            }
            for (; f + Line <= end; f += Line)
                Vector512.Load(buffer + f).Store(target + f);
            for (; f < end; f++)
                target[f] = buffer[f];
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
