using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Numerics;

/// <summary>
/// Zeroed memory of the pinned object heap, aligned to a cache line (large buffers to a huge page), with zeroed slack behind the end for
/// kernels that read ahead.
/// </summary>
/// <remarks>
/// A span over it keeps the memory alive, whatever becomes of the buffer, and the collector knows how much there is. A pointer keeps
/// nothing alive: whoever uses one has to hold the buffer's owner until the end. Buffers that live for one method only are
/// <see cref="NativeBuffer{T}"/>s, which are freed at once.
/// </remarks>
internal sealed unsafe class PinnedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Slack = Room * sizeof(float);

    /// <summary>Floats of slack that memory of others has to have behind the end.</summary>
    public const int Room = 128;

    /// <summary>
    /// Null after <see cref="Dispose"/>. One object, so that a span made beside a <see cref="Resize"/> never mixes two memories.
    /// </summary>
    private Memory? _memory;

    public PinnedBuffer(long length)
    {
        _memory = Allocate(length);
        Length = length;
    }

    /// <summary>Elements, without the slack.</summary>
    public long Length { get; private set; }

    public T* Pointer => (_memory ?? Disposed()).Pointer;

    /// <summary>Whether the memory belongs to somebody else (<see cref="Borrow"/>).</summary>
    public bool IsBorrowed => _memory is { Lines: null };

    /// <summary>All elements. The span keeps them alive unless they belong to somebody else (<see cref="Borrow"/>).</summary>
    public Span<T> Span
    {
        get
        {
            var memory = _memory ?? Disposed();
            var length = Math.Min(Length, memory.Capacity);
            return memory.Lines is { } lines
                ? MemoryMarshal.CreateSpan(ref memory.First(lines), checked((int)length))
                : new(memory.Pointer, checked((int)length));
        }
    }

    /// <summary>
    /// Changes the number of elements. Those that stay keep their values unless there are more than ever before: then all are 0.
    /// </summary>
    public void Resize(long length)
    {
        var memory = _memory ?? Disposed();
        if (length > memory.Capacity)
        {
            if (memory.Lines is null)
                throw new InvalidOperationException($"The number of weights changes from {Length} to {length}, but their memory belongs to "
                    + "somebody else. Change it before the memory is shared.");
            _memory = Allocate(length);
        }
        Length = length;
    }

    /// <summary>Moves the elements into memory of somebody else, who frees it after <see cref="Return"/>.</summary>
    /// <param name="memory">As much memory, with zeroed slack behind it.</param>
    public void Borrow(T* memory)
    {
        Span.CopyTo(new Span<T>(memory, checked((int)Length)));
        _memory = new Memory(null, 0, memory, Length);
    }

    /// <summary>Moves the elements back into memory of its own.</summary>
    public void Return()
    {
        if (_memory is not { Lines: null })
            return;
        var elements = Span;
        var own = Allocate(Length);
        elements.CopyTo(MemoryMarshal.CreateSpan(ref own.First(own.Lines!), elements.Length));
        _memory = own;
    }

    /// <summary>Gives the memory up; it is freed when no span is left over it.</summary>
    public void Dispose() => _memory = null;

    private static Memory Allocate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var bytes = checked((nuint)length * (nuint)sizeof(T)) + Slack;
        var isLarge = bytes >= HugePages.Size;
        var alignment = isLarge ? HugePages.Size : (nuint)sizeof(CacheLine);
        bytes = (bytes + alignment - 1) & ~(alignment - 1);
        // The collector aligns to 8 bytes only: one unit of alignment more has an aligned start in it.
        var lines = GC.AllocateUninitializedArray<CacheLine>(checked((int)((bytes + alignment) / (nuint)sizeof(CacheLine))), pinned: true);
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(lines));
        var aligned = (byte*)(((nuint)start + alignment - 1) & ~(alignment - 1));
        // Before the first touch, which decides about the size of the pages.
        if (isLarge)
            HugePages.Advise(aligned, bytes);
        NativeMemory.Clear(aligned, bytes);
        return new Memory(lines, (nint)(aligned - start), (T*)aligned, length);
    }

    [DoesNotReturn]
    private static Memory Disposed() => throw new ObjectDisposedException("The memory of a disposed object");

    /// <summary>What the collector allocates: arrays of it reach 128 GiB, arrays of bytes only 2.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct CacheLine;

    /// <param name="lines">The array that holds the elements, or null where they belong to somebody else.</param>
    /// <param name="offset">From the array's first byte to the first element.</param>
    /// <param name="pointer">The first element.</param>
    /// <param name="capacity">Elements that there is room for.</param>
    private sealed class Memory(CacheLine[]? lines, nint offset, T* pointer, long capacity)
    {
        public CacheLine[]? Lines { get; } = lines;

        public T* Pointer { get; } = pointer;

        public long Capacity { get; } = capacity;

        public ref T First(CacheLine[] lines) =>
            ref Unsafe.As<byte, T>(
                ref Unsafe.AddByteOffset(ref Unsafe.As<CacheLine, byte>(ref MemoryMarshal.GetArrayDataReference(lines)), offset));
    }
}
