using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>A matrix beside master weights: the same weights as bfloat16 holds them, widened to floats, which kernels read.</summary>
internal sealed unsafe class RoundedRows(int rows, int columns) : IDisposable
{
    private readonly PinnedBuffer<float> _values = new((long)rows * columns);

    public float* Pointer => _values.Pointer;

    /// <summary>Rounds all rows of a matrix of this shape.</summary>
    public void Take(float* matrix) => Take(matrix, 0, rows);

    /// <summary>Rounds rows <c>[first, end)</c> of a matrix of this shape; others may be done at the same time elsewhere.</summary>
    public void Take(float* matrix, int first, int end)
    {
        var (start, count) = ((nint)first * columns, (end - first) * columns);
        BFloat16.Round(new ReadOnlySpan<float>(matrix + start, count), new Span<float>(Pointer + start, count));
    }

    public void Dispose() => _values.Dispose();
}
