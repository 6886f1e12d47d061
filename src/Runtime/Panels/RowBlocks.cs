using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>Where the rows of a value lie: all together, or, in a sample-major pass, in a block per sample.</summary>
internal readonly ref struct RowBlocks
{
    private readonly ref float _first;
    private readonly nint _stride;
    private readonly int _width;

    /// <param name="pass">The panel.</param>
    /// <param name="value">The block of the value.</param>
    /// <param name="features">Its features.</param>
    public RowBlocks(in PanelPass pass, ref float value, int features)
    {
        pass.Check(ref value, features);
        _first = ref value;
        _stride = pass.IsSampleMajor ? SmallBatch.Stride(features) : 0;
        _width = pass.IsSampleMajor ? 1 : pass.Width;
        Count = pass.IsSampleMajor ? pass.Samples : 1;
        Tile = pass.IsSampleMajor ? 16 : 4;
    }

    /// <summary>How many blocks there are.</summary>
    public int Count { get; }

    /// <summary>Members of a team share rows in multiples of it.</summary>
    public int Tile { get; }

    /// <summary>Some rows of a block.</summary>
    public Span<float> Rows(int block, int first, int end) =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, (block * _stride) + ((nint)first * _width)), (end - first) * _width);
}
