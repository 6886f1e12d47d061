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
    private long _capacity;

    public NativeBuffer(long length) => Allocate(length);

    ~NativeBuffer() => Free();

    /// <summary>Elements, without the slack.</summary>
    public long Length { get; private set; }

    public T* Pointer => _pointer;

    public Span<T> Span => new(_pointer, checked((int)Length));

    /// <summary>Changes the number of elements. Those that stay keep their values unless there are more than ever before: then all are 0.</summary>
    public void Resize(long length)
    {
        if (length > _capacity)
        {
            Free();
            Allocate(length);
        }
        Length = length;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Allocate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = _capacity = length;
        var bytes = checked((nuint)length * (nuint)sizeof(T)) + Slack;
        var alignment = bytes >= HugePage ? HugePage : CacheLine;
        bytes = (bytes + alignment - 1) & ~(alignment - 1);
        _pointer = (T*)NativeMemory.AlignedAlloc(bytes, alignment);
        if (alignment == HugePage)
            HugePages.Advise(_pointer, bytes);
        NativeMemory.Clear(_pointer, bytes);
    }

    private void Free()
    {
        if (_pointer != null)
            NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
