using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>
/// The elements of a value that hold samples, in runs that lie together, for operations that work element by element. Each member of a team
/// takes its own rows.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ElementRuns
{
    private readonly PanelPass _pass;
    private readonly int _features;
    private readonly nint _stride;
    private readonly int _length;
    private readonly int _count;
    private nint _start;
    private int _run;

    /// <param name="pass">The panel.</param>
    /// <param name="features">Features of the value.</param>
    public ElementRuns(in PanelPass pass, int features)
    {
        _pass = pass;
        _features = features;
        if (pass.IsSampleMajor)
        {
            var (first, end) = pass.Share(features, 16);
            (_start, _length, _count, _stride) = (first, end - first, pass.UsedColumns, SmallBatch.Stride(features));
        }
        else
        {
            var (first, end) = pass.Share(features, 4);
            var isFull = pass.UsedColumns == pass.Width;
            _start = (nint)first * pass.Width;
            (_length, _count, _stride) = isFull ? ((end - first) * pass.Width, 1, 0) : (pass.UsedColumns, end - first, pass.Width);
        }
        _start -= _stride;
    }

    /// <summary>Goes to the next run; false behind the last one.</summary>
    public bool Next()
    {
        if (_run > _count)
            return false;
        _start += _stride;
        return _run++ < _count;
    }

    /// <summary>The run of a value.</summary>
    /// <param name="value">The block of the value.</param>
    /// <exception cref="ArgumentException">There is no such value, or no run: <see cref="Next"/> comes first.</exception>
    public readonly Span<float> Of(ref float value)
    {
        _pass.Check(ref value, _features);
        if (_run < 1 || _run > _count)
            throw new ArgumentException("There is no run here.");
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref value, _start), _length);
    }

    /// <summary>
    /// Clears the columns behind the samples, in the rows of the caller: gradients of weights read them, as factors of zeros.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="value">The block of the value.</param>
    /// <param name="features">Its features.</param>
    public static void ClearPadding(in PanelPass pass, ref float value, int features)
    {
        pass.Check(ref value, features);
        if (pass.IsSampleMajor || pass.UsedColumns == pass.Width)
            return;
        var (first, end) = pass.Share(features, 4);
        for (nint row = first; row < end; row++)
            MemoryMarshal.CreateSpan(
                ref Unsafe.Add(ref value, (row * pass.Width) + pass.UsedColumns), pass.Width - pass.UsedColumns).Clear();
    }
}
