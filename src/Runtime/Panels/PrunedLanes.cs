using System.Runtime.CompilerServices;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// <see cref="MinimumVariance"/> in single precision, on as many groups at a time as a vector has lanes: value i of the group in lane l is
/// <c>group[i·lanes + l]</c>. A group whose sum is not finite becomes NaN and zeros, so that the fault shows in what is computed from it.
/// </summary>
internal static unsafe class PrunedLanes
{
    /// <summary>A threshold that rounding carried to the end of a sum must stay below it.</summary>
    private const float BelowOne = 1 - (1f / (1 << 24));

    /// <summary>Prunes the groups in place.</summary>
    /// <param name="keep">N.</param>
    /// <param name="size">M, at most 32.</param>
    /// <param name="group">The values.</param>
    /// <param name="uniform">One number in [0, 1) per group.</param>
    public static void Prune<TLanes>(int keep, int size, float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        if ((keep, size) == (2, 4))
            TwoOfFour(group, uniform);
        else if ((keep, size) == (1, 2))
            OneOfTwo(group, uniform);
        else
            AnyPattern(keep, size, group, uniform);
    }

    /// <summary>The first with probability |a| / (|a| + |b|), else the second; either as large as both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneOfTwo<TLanes>(float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var zero = TLanes.Create(0);
        var (a, b) = (TLanes.Load(group), TLanes.Load(group + TLanes.Count));
        var sum = TLanes.Abs(a) + TLanes.Abs(b);
        var fault = IsFault(sum);
        var isFirst = (TLanes.Abs(a) > uniform * sum) | fault;
        TLanes.Select(fault, TLanes.Create(float.NaN), TLanes.Select(isFirst, TLanes.CopySign(sum, a), zero)).Store(group);
        TLanes.Select(isFirst, zero, TLanes.CopySign(sum, b)).Store(group + TLanes.Count);
    }

    /// <summary>
    /// A value of at least half the sum is kept for certain, and one of the others is drawn. Where there is none, two thresholds half a sum
    /// apart draw two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoOfFour<TLanes>(float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (zero, one) = (TLanes.Create(0), TLanes.Create(1));
        var x0 = TLanes.Load(group);
        var x1 = TLanes.Load(group + TLanes.Count);
        var x2 = TLanes.Load(group + (2 * TLanes.Count));
        var x3 = TLanes.Load(group + (3 * TLanes.Count));
        var (m0, m1, m2, m3) = (TLanes.Abs(x0), TLanes.Abs(x1), TLanes.Abs(x2), TLanes.Abs(x3));
        var sum = m0 + m1 + m2 + m3;
        var half = TLanes.Create(0.5f) * sum;
        var (p0, p1, p2, p3) = (m0 >= half, m1 >= half, m2 >= half, m3 >= half);
        var pinned = (p0 & one) + (p1 & one) + (p2 & one) + (p3 & one);
        var s0 = TLanes.Select(p0, zero, m0);
        var s1 = s0 + TLanes.Select(p1, zero, m1);
        var s2 = s1 + TLanes.Select(p2, zero, m2);
        var s3 = s2 + TLanes.Select(p3, zero, m3);

        // A threshold at the end of the sum draws nothing. Beside two pinned values there is nothing left but what rounding lost.
        var last = s3 * TLanes.Create(BelowOne);
        var magnitude = TLanes.Select(pinned > zero, s3, TLanes.Create(0.5f) * s3);
        var t0 = TLanes.Select(pinned > one, s3, TLanes.Min(uniform * magnitude, last));
        var t1 = TLanes.Select(pinned > zero, s3, TLanes.Min(t0 + magnitude, last));
        var (a0, a1, a2, a3) = (s0 > t0, s1 > t0, s2 > t0, s3 > t0);
        var (b0, b1, b2, b3) = (s0 > t1, s1 > t1, s2 > t1, s3 > t1);
        var fault = IsFault(sum);
        TLanes.Select(fault, TLanes.Create(float.NaN), Chosen(p0, a0 | b0, x0, magnitude)).Store(group);
        TLanes.Select(fault, zero, Chosen(p1, (a1 & ~a0) | (b1 & ~b0), x1, magnitude)).Store(group + TLanes.Count);
        TLanes.Select(fault, zero, Chosen(p2, (a2 & ~a1) | (b2 & ~b1), x2, magnitude)).Store(group + (2 * TLanes.Count));
        TLanes.Select(fault, zero, Chosen(p3, (a3 & ~a2) | (b3 & ~b2), x3, magnitude)).Store(group + (3 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Chosen<TLanes>(TLanes isPinned, TLanes isDrawn, TLanes x, TLanes magnitude)
        where TLanes : struct, IFloatLanes<TLanes> =>
        TLanes.Select(isPinned, x, TLanes.Select(isDrawn, TLanes.CopySign(magnitude, x), TLanes.Create(0)));

    /// <summary>The steps of the reference, each for all lanes until none of them pins a value any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AnyPattern<TLanes>(int keep, int size, float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (zero, one) = (TLanes.Create(0), TLanes.Create(1));
        var free = stackalloc float[NMSettings.MaximumGroup * TLanes.Count];
        for (var i = 0; i < size; i++)
            TLanes.Abs(TLanes.Load(group + (i * TLanes.Count))).Store(free + (i * TLanes.Count));
        var places = TLanes.Create(keep);
        var fault = IsFault(zero);
        TLanes sum;
        for (var round = 0; ; round++)
        {
            sum = zero;
            var count = zero;
            for (var i = 0; i < size; i++)
            {
                var magnitude = TLanes.Load(free + (i * TLanes.Count));
                sum += magnitude;
                count += (magnitude > zero) & one;
            }
            if (round == 0)
                fault = IsFault(sum);
            var fits = count <= places;
            var pinned = zero;
            for (var i = 0; i < size; i++)
            {
                var magnitude = TLanes.Load(free + (i * TLanes.Count));
                var pin = (magnitude > zero) & (fits | (places * magnitude >= sum)) & (places > zero);
                TLanes.Select(pin, zero, magnitude).Store(free + (i * TLanes.Count));
                pinned += pin & one;
            }
            if (!TLanes.Any(pinned > zero))
                break;
            places -= pinned;
        }

        var value = sum / places;
        var last = sum * TLanes.Create(BelowOne);
        var (cumulative, drawn) = (zero, zero);
        for (var i = 0; i < size; i++)
        {
            var x = TLanes.Load(group + (i * TLanes.Count));
            var magnitude = TLanes.Load(free + (i * TLanes.Count));
            cumulative += magnitude;
            var threshold = TLanes.Min((uniform * value) + (drawn * value), last);
            var isDrawn = (magnitude > zero) & (drawn < places) & (cumulative > threshold);
            var result = TLanes.Select(magnitude > zero, TLanes.Select(isDrawn, TLanes.CopySign(value, x), zero), x);
            TLanes.Select(fault, i == 0 ? TLanes.Create(float.NaN) : zero, result).Store(group + (i * TLanes.Count));
            drawn += isDrawn & one;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes IsFault<TLanes>(TLanes sum)
        where TLanes : struct, IFloatLanes<TLanes> => ~(sum <= TLanes.Create(float.MaxValue));
}
