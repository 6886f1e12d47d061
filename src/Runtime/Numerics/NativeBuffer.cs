using System.Runtime.InteropServices;

namespace SparseSharp.Numerics;

/// <summary>Zeroed memory outside the managed heap, aligned to a cache line (large buffers to a huge page), with zeroed slack behind the end for kernels that read ahead.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 << 20;
    private const nuint Slack = Room * sizeof(float);

    /// <summary>Floats of slack that memory of others has to have behind the end.</summary>
    public const int Room = 128;

    private T* _pointer;
    private long _capacity;
    private bool _isBorrowed;

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
            if (_isBorrowed)
                throw new InvalidOperationException($"The number of weights changes from {Length} to {length}, but their memory belongs to somebody else. Change it before the memory is shared.");
            Free();
            Allocate(length);
        }
        Length = length;
    }

    /// <summary>Moves the elements into memory of somebody else, who frees it after <see cref="Return"/>.</summary>
    /// <param name="memory">As much memory, with zeroed slack behind it.</param>
    public void Borrow(T* memory)
    {
        Span.CopyTo(new Span<T>(memory, checked((int)Length)));
        Free();
        _pointer = memory;
        (_capacity, _isBorrowed) = (Length, true);
    }

    /// <summary>Moves the elements back into memory of its own.</summary>
    public void Return()
    {
        if (!_isBorrowed)
            return;
        var elements = Span;
        Allocate(Length);
        elements.CopyTo(Span);
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
        _isBorrowed = false;
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
        if (_pointer != null && !_isBorrowed)
            NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
