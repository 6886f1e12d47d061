using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>Operations across lanes that emitted kernels share.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorLanes
{
    /// <summary>The sums over the lanes of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sums(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3,
        Vector512<float> s4, Vector512<float> s5, Vector512<float> s6, Vector512<float> s7)
    {
        var h0 = Avx512F.UnpackLow(s0, s1) + Avx512F.UnpackHigh(s0, s1);
        var h1 = Avx512F.UnpackLow(s2, s3) + Avx512F.UnpackHigh(s2, s3);
        var h2 = Avx512F.UnpackLow(s4, s5) + Avx512F.UnpackHigh(s4, s5);
        var h3 = Avx512F.UnpackLow(s6, s7) + Avx512F.UnpackHigh(s6, s7);
        var g0 = Avx512F.UnpackLow(h0.AsDouble(), h1.AsDouble()).AsSingle() + Avx512F.UnpackHigh(h0.AsDouble(), h1.AsDouble()).AsSingle();
        var g1 = Avx512F.UnpackLow(h2.AsDouble(), h3.AsDouble()).AsSingle() + Avx512F.UnpackHigh(h2.AsDouble(), h3.AsDouble()).AsSingle();
        var f = Avx512F.Shuffle4x128(g0, g1, 0x88) + Avx512F.Shuffle4x128(g0, g1, 0xDD);
        var ordered = Avx512F.PermuteVar8x64(f.AsDouble(), Vector512.Create(0L, 1, 4, 5, 2, 3, 6, 7)).AsSingle();
        return ordered.GetLower() + ordered.GetUpper();
    }

    /// <summary>The sums over the lanes of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sums(
        Vector256<float> s0, Vector256<float> s1, Vector256<float> s2, Vector256<float> s3,
        Vector256<float> s4, Vector256<float> s5, Vector256<float> s6, Vector256<float> s7)
    {
        var a = Avx.HorizontalAdd(Avx.HorizontalAdd(s0, s1), Avx.HorizontalAdd(s2, s3));
        var b = Avx.HorizontalAdd(Avx.HorizontalAdd(s4, s5), Avx.HorizontalAdd(s6, s7));
        return Vector256.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());
    }

    /// <summary>The sums over the lanes of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sums(
        Vector128<float> s0, Vector128<float> s1, Vector128<float> s2, Vector128<float> s3,
        Vector128<float> s4, Vector128<float> s5, Vector128<float> s6, Vector128<float> s7) =>
        Vector256.Create(
            Vector128.Sum(s0), Vector128.Sum(s1), Vector128.Sum(s2), Vector128.Sum(s3),
            Vector128.Sum(s4), Vector128.Sum(s5), Vector128.Sum(s6), Vector128.Sum(s7));

    /// <summary>Four floats, repeated four times.</summary>
    /// <param name="source">The first one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Repeat512(ref float source) =>
        Avx512F.BroadcastVector128ToVector512((float*)Unsafe.AsPointer(ref source));

    /// <summary>Four floats, repeated twice.</summary>
    /// <param name="source">The first one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Repeat256(ref float source) =>
        Avx.BroadcastVector128ToVector256((float*)Unsafe.AsPointer(ref source));

    /// <summary>Four floats.</summary>
    /// <param name="source">The first one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Repeat128(ref float source) => Vector128.LoadUnsafe(ref source);

    /// <summary>Four floats from anywhere.</summary>
    /// <param name="source">Where positions count from.</param>
    /// <param name="positions">Four positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gather128(ref float source, Vector128<uint> positions) => Vector128.Create(
        Unsafe.Add(ref source, positions.GetElement(0)), Unsafe.Add(ref source, positions.GetElement(1)),
        Unsafe.Add(ref source, positions.GetElement(2)), Unsafe.Add(ref source, positions.GetElement(3)));

    /// <summary>Writes four floats to anywhere.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="target">Where positions count from.</param>
    /// <param name="positions">Four positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter128(Vector128<float> values, ref float target, Vector128<uint> positions)
    {
        Unsafe.Add(ref target, positions.GetElement(0)) = values.GetElement(0);
        Unsafe.Add(ref target, positions.GetElement(1)) = values.GetElement(1);
        Unsafe.Add(ref target, positions.GetElement(2)) = values.GetElement(2);
        Unsafe.Add(ref target, positions.GetElement(3)) = values.GetElement(3);
    }

    /// <summary>The sum of the four parts of 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumParts(Vector512<float> value) => SumParts(value.GetLower() + value.GetUpper());

    /// <summary>The sum of the two parts of 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumParts(Vector256<float> value) => value.GetLower() + value.GetUpper();

    /// <summary>The only part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumParts(Vector128<float> value) => value;

    /// <summary>Asks for a cache line; an address that is not the program's does nothing.</summary>
    /// <param name="source">Anywhere in the line.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref float source)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref source));
    }
}
