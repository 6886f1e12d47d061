using System.Runtime.InteropServices;

namespace SparseSharp.Numerics;

/// <summary>Zeroed memory outside the managed heap, aligned to a cache line (large buffers to a huge page), with zeroed slack behind the end for kernels that read ahead.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 << 20;
    private const nuint Slack = 512;

    private T* _pointer;

    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * (nuint)sizeof(T)) + Slack;
        var alignment = bytes >= HugePage ? HugePage : CacheLine;
        bytes = (bytes + alignment - 1) & ~(alignment - 1);
        _pointer = (T*)NativeMemory.AlignedAlloc(bytes, alignment);
        if (alignment == HugePage)
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
        if (_pointer != null)
            NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
