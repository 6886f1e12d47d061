using System.Runtime.InteropServices;

namespace SparseSharp.Numerics;

/// <summary>
/// Zeroed memory outside the managed heap for one method or one thread, aligned to a cache line (large buffers to a huge page), with zeroed
/// slack behind the end for kernels that read ahead.
/// </summary>
/// <remarks>
/// Spans over it keep nothing alive, so none may leave the scope of the buffer. Memory that belongs to an object is a
/// <see cref="PinnedBuffer{T}"/>.
/// </remarks>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLine = 64;
    private const nuint Slack = PinnedBuffer<T>.Room * sizeof(float);

    private T* _pointer;

    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * (nuint)sizeof(T)) + Slack;
        var alignment = bytes >= HugePages.Size ? HugePages.Size : CacheLine;
        bytes = (bytes + alignment - 1) & ~(alignment - 1);
        _pointer = (T*)NativeMemory.AlignedAlloc(bytes, alignment);
        if (alignment == HugePages.Size)
            HugePages.Advise(_pointer, bytes);
        NativeMemory.Clear(_pointer, bytes);
    }

    ~NativeBuffer() => Free();

    /// <summary>Elements, without the slack.</summary>
    public long Length { get; }

    public T* Pointer => _pointer;

    public Span<T> Span => new(_pointer, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
