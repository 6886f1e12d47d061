using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Benchmarks.Measuring;

/// <summary>
/// Reads memory once from begin to end, more of it than caches hold but little enough to be done within one turn of the processor, with the
/// threads of a run: the rate that no product exceeds whose weights come from there.
/// </summary>
internal sealed unsafe class MemoryRead : ISharedWork, IDisposable
{
    private readonly PinnedBuffer<float> _memory = new(24 << 20);
    private long _zeros;

    public long Bytes => _memory.Length * sizeof(float);

    public void Run() => WorkerPool.Shared.Run(this);

    void ISharedWork.Run(int worker, int workers)
    {
        var share = _memory.Length / workers;
        if (Sum(_memory.Pointer + (worker * share), share) == 0)
            Interlocked.Increment(ref _zeros);
    }

    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float* source, long count)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var end = source + count; source < end; source += 4 * Vector512<float>.Count)
        {
            a += Vector512.Load(source);
            b += Vector512.Load(source + Vector512<float>.Count);
            c += Vector512.Load(source + (2 * Vector512<float>.Count));
            d += Vector512.Load(source + (3 * Vector512<float>.Count));
        }
        return Vector512.Sum(a + b + c + d);
    }
}
