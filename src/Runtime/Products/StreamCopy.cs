using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// Weights as kernels for a few samples read them: made when they are asked for, and again after the weights have changed.
/// </summary>
/// <param name="matrix">Whose weights they are.</param>
/// <param name="kernels">The kernels; null where there are none, and nobody asks.</param>
internal sealed class StreamCopy(Matrix matrix, SmallBatchKernels? kernels) : IDisposable
{
    private readonly Lock _lock = new();
    private WeightStream? _stream;
    private volatile int _madeOf = -1;

    /// <summary>The weights, after <see cref="Prepare"/>.</summary>
    public WeightStream Stream => _stream!;

    /// <summary>Makes them, if there are none yet or others have taken their place.</summary>
    public void Prepare()
    {
        if (_madeOf == matrix.Changes)
            return;
        lock (_lock)
        {
            var changes = matrix.Changes;
            if (_madeOf == changes)
                return;
            using var weight = new NativeBuffer<float>((long)matrix.Rows * matrix.Columns);
            matrix.CopyEffective(weight.Span);
            _stream ??= kernels!.MakeStream(matrix);
            _stream.Fill(matrix, weight.Span);
            _madeOf = changes;
        }
    }

    public void Dispose() => _stream?.Dispose();
}
