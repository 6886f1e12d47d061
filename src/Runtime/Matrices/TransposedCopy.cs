using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The weights that dense products use as <c>[columns, rows]</c>: made when they are first needed and kept up to date from then on.
/// </summary>
/// <param name="matrix">Whose weights they are.</param>
internal sealed unsafe class TransposedCopy(Matrix matrix) : IDisposable
{
    private readonly Lock _lock = new();
    private PinnedBuffer<float>? _weight;

    /// <summary>The weights.</summary>
    public float* Pointer
    {
        get
        {
            if (Volatile.Read(ref _weight) is { } present)
                return present.Pointer;
            lock (_lock)
            {
                if (_weight is null)
                {
                    var weight = new PinnedBuffer<float>((long)matrix.Columns * matrix.Rows);
                    Take(weight, 0, matrix.Rows);
                    Volatile.Write(ref _weight, weight);
                }
                return _weight.Pointer;
            }
        }
    }

    /// <summary>Takes over rows <c>[first, end)</c>, if anybody has ever asked for them.</summary>
    public void Take(int first, int end)
    {
        if (_weight is not null)
            Take(_weight, first, end);
    }

    public void Dispose() => _weight?.Dispose();

    private void Take(PinnedBuffer<float> transposed, int first, int end)
    {
        var lanes = PanelGeometry.Lanes;
        var (inputs, outputs) = (matrix.Columns, matrix.Rows);
        var source = matrix.InUse;
        var target = transposed.Pointer;
        for (nint row = first; row < end; row += lanes)
        {
            for (nint column = 0; column < inputs; column += lanes)
            {
                if (row + lanes <= end && column + lanes <= inputs)
                {
                    Transpose.Tile(source + (row * inputs) + column, inputs, target + (column * outputs) + row, outputs);
                    continue;
                }
                for (var r = row; r < Math.Min(end, row + lanes); r++)
                {
                    for (var c = column; c < Math.Min(inputs, column + lanes); c++)
                        target[(c * outputs) + r] = source[(r * inputs) + c];
                }
            }
        }
    }
}
