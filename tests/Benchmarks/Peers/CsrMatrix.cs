using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>A sparse matrix in CSR, and products of batches with it by MKL.</summary>
internal sealed unsafe class CsrMatrix : IDisposable
{
    /// <summary>
    /// Samples that are multiplied at a time, side by side in the rows of a dense matrix: for all shapes that we measure MKL is fastest
    /// with so many, transposing them and their results back included, and much slower with samples as they lie in the batch.
    /// </summary>
    private const int Width = 32;

    private readonly Mkl _library;
    private readonly int _rows;
    private readonly int _columns;
    private readonly PinnedBuffer<int> _starts;
    private readonly PinnedBuffer<int> _indices;
    private readonly PinnedBuffer<float> _values;
    private readonly PinnedBuffer<float> _x;
    private readonly PinnedBuffer<float> _y;
    private readonly nint _matrix;

    /// <param name="library">The library.</param>
    /// <param name="dense">The matrix, row-major; zeros are left out.</param>
    /// <param name="columns">Its columns.</param>
    public CsrMatrix(Mkl library, ReadOnlySpan<float> dense, int columns)
    {
        _library = library;
        _rows = dense.Length / columns;
        _columns = columns;
        _starts = new PinnedBuffer<int>(_rows + 1);
        var kept = dense.Length - dense.Count(0f);
        _indices = new PinnedBuffer<int>(kept);
        _values = new PinnedBuffer<float>(kept);
        var count = 0;
        for (var i = 0; i < dense.Length; i++)
        {
            if (i % columns == 0)
                _starts.Span[i / columns] = count;
            if (dense[i] == 0)
                continue;
            _indices.Span[count] = i % columns;
            _values.Span[count++] = dense[i];
        }
        _starts.Span[_rows] = count;
        _x = new PinnedBuffer<float>((long)_columns * Width);
        _y = new PinnedBuffer<float>((long)_rows * Width);
        _matrix = library.Create(_rows, _columns, _starts.Pointer, _indices.Pointer, _values.Pointer, Width);
    }

    /// <summary><c>y[batch, rows] = x·matrixᵀ</c>.</summary>
    public void Multiply(float* x, float* y, int batch)
    {
        for (nint sample = 0; sample < batch; sample += Width)
        {
            var width = (int)Math.Min(Width, batch - sample);
            _library.Transpose(x + (sample * _columns), width, _columns, _x.Pointer);
            _library.Multiply(_matrix, _x.Pointer, _y.Pointer, width);
            _library.Transpose(_y.Pointer, _rows, width, y + (sample * _rows));
        }
    }

    public void Dispose()
    {
        _library.Free(_matrix);
        _starts.Dispose();
        _indices.Dispose();
        _values.Dispose();
        _x.Dispose();
        _y.Dispose();
    }
}
