using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>
/// The samples of a panel in parts of one vector, for operations that need all features of a sample. Members of a team take parts in turn.
/// </summary>
/// <remarks>
/// A part has the same samples for any number of members, so an operation whose arithmetic depends on the length of a row gives the same
/// bits. In a sample-major pass a part is one sample.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct PanelParts
{
    private readonly PanelPass _pass;
    private readonly int _first;
    private readonly int _end;
    private int _part;

    /// <param name="pass">The panel.</param>
    public PanelParts(in PanelPass pass)
    {
        _pass = pass;
        (_first, _end) = pass.Share(pass.IsSampleMajor ? pass.UsedColumns : pass.Vectors, 1);
        _part = _first - 1;
    }

    /// <summary>Goes to the next part of the caller; false behind the last one.</summary>
    public bool Next() => ++_part < _end;

    /// <summary>The part of a value that an operation reads or adds to.</summary>
    /// <param name="value">The block of the value.</param>
    /// <param name="features">Its features.</param>
    /// <exception cref="ArgumentException">There is no such value, or no part: <see cref="Next"/> comes first.</exception>
    public readonly PanelRows Rows(ref float value, int features)
    {
        _pass.Check(ref value, features);
        if (_part < _first || _part >= _end)
            throw new ArgumentException("There is no part here.");
        if (_pass.IsSampleMajor)
            return new(ref Unsafe.Add(ref value, _part * SmallBatch.Stride(features)), stride: 1, features, samples: 1);
        var start = _part * PanelGeometry.Lanes;
        return new(ref Unsafe.Add(ref value, start), _pass.Width, features, Math.Min(PanelGeometry.Lanes, _pass.UsedColumns - start));
    }

    /// <summary>The part of a value that an operation writes: zeros, padding included.</summary>
    /// <param name="value">The block of the value.</param>
    /// <param name="features">Its features.</param>
    public readonly PanelRows Result(ref float value, int features)
    {
        var rows = Rows(ref value, features);
        for (var feature = 0; feature < features; feature++)
        {
            ref var first = ref rows[feature, 0];
            MemoryMarshal.CreateSpan(ref first, _pass.IsSampleMajor ? 1 : PanelGeometry.Lanes).Clear();
        }
        return rows;
    }

    /// <summary>The part of a gradient that an operation adds to: zeros, or what is there already.</summary>
    /// <param name="value">The block of the gradient.</param>
    /// <param name="features">Its features.</param>
    /// <param name="accumulate">Whether something is there.</param>
    public readonly PanelRows Gradient(ref float value, int features, bool accumulate) =>
        accumulate ? Rows(ref value, features) : Result(ref value, features);
}
