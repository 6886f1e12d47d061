using System.Runtime.CompilerServices;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// Keeps the N largest magnitudes of groups of M, of equal ones those with the lowest index: a value stays if fewer than N of its group are
/// before it. Groups are columns, as many side by side as a row has floats. A value that is not a number is always kept.
/// </summary>
internal static unsafe class LargestLanes
{
    /// <summary>Writes 1 for the kept values of a group and 0 for the others.</summary>
    /// <param name="keep">N.</param>
    /// <param name="size">Values in the group, at most 32.</param>
    /// <param name="group">The first value of the first column.</param>
    /// <param name="stride">Distance between the values of a column.</param>
    /// <param name="columns">Columns, a multiple of the lanes of a vector.</param>
    /// <param name="mask">Receives the marks, with the same distance between them; may be <paramref name="group"/>.</param>
    public static void Mark(int keep, int size, float* group, nint stride, int columns, float* mask)
    {
        var lanes = PanelGeometry.Lanes;
        for (var column = 0; column < columns; column += lanes)
        {
            if (lanes == Lanes16.Count)
                Mark<Lanes16>(keep, size, group + column, stride, mask + column);
            else if (lanes == Lanes8.Count)
                Mark<Lanes8>(keep, size, group + column, stride, mask + column);
            else
                Mark<Lanes4>(keep, size, group + column, stride, mask + column);
        }
    }

    /// <summary>Clears all values of a batch's strip, the samples being rows, but the N largest of each M samples.</summary>
    /// <param name="keep">N.</param>
    /// <param name="size">M; samples that the last group lacks count as zeros.</param>
    /// <param name="strip">The strip.</param>
    /// <param name="samples">Rows.</param>
    /// <param name="width">Floats per row.</param>
    public static void PruneSamples(int keep, int size, float* strip, int samples, int width)
    {
        var marks = stackalloc float[NMSettings.MaximumGroup * width];
        for (var first = 0; first < samples; first += size)
        {
            var count = Math.Min(size, samples - first);
            var group = strip + ((nint)first * width);
            Mark(keep, count, group, width, width, marks);
            for (nint i = 0; i < (nint)count * width; i++)
                group[i] = marks[i] == 0 ? 0 : group[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mark<TLanes>(int keep, int size, float* group, nint stride, float* mask)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (zero, one, limit) = (TLanes.Create(0), TLanes.Create(1), TLanes.Create(keep));
        var magnitudes = stackalloc float[NMSettings.MaximumGroup * TLanes.Count];
        for (var i = 0; i < size; i++)
            TLanes.Abs(TLanes.Load(group + (i * stride))).Store(magnitudes + (i * TLanes.Count));
        for (var i = 0; i < size; i++)
        {
            var own = TLanes.Load(magnitudes + (i * TLanes.Count));
            var before = zero;
            for (var j = 0; j < i; j++)
                before += (TLanes.Load(magnitudes + (j * TLanes.Count)) >= own) & one;
            for (var j = i + 1; j < size; j++)
                before += (TLanes.Load(magnitudes + (j * TLanes.Count)) > own) & one;
            ((before < limit) & one).Store(mask + (i * stride));
        }
    }
}
