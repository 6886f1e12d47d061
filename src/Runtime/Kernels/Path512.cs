using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>512 bits: AVX-512.</summary>
internal readonly struct Path512 : IVectorPath<Vector512<float>>
{
    /// <summary>Bytes of a vector.</summary>
    public const int Bytes = 64;

    public static int Lanes
    {
        [MethodImpl(Jit.Inline)]
        get => Bytes / sizeof(float);
    }

    public static Vector512<float> Zero
    {
        [MethodImpl(Jit.Inline)]
        get => Vector512<float>.Zero;
    }

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Create(float value) => Vector512.Create(value);

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Load(ref float source, nint offset) => Vector512.LoadUnsafe(ref source, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Load(ref uint source, nint offset) =>
        Vector512.LoadUnsafe(ref source, (nuint)offset).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static void Store(Vector512<float> value, ref float target, nint offset) =>
        value.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> x, Vector512<float> sum) =>
        Avx512F.FusedMultiplyAdd(a, x, sum);

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Relu(Vector512<float> value) => Avx512F.Max(Vector512<float>.Zero, value);

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Gate(Vector512<float> gate, Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(gate, Vector512<float>.Zero), value, Vector512<float>.Zero);

    [MethodImpl(Jit.Inline)]
    public static unsafe Vector512<float> Repeat(ref float source) =>
        Avx512F.BroadcastVector128ToVector512((float*)Unsafe.AsPointer(ref source));

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Lane(Vector512<float> four, int lane) => lane switch
    {
        0 => Avx512F.Permute4x32(four, 0x00),
        1 => Avx512F.Permute4x32(four, 0x55),
        2 => Avx512F.Permute4x32(four, 0xAA),
        _ => Avx512F.Permute4x32(four, 0xFF),
    };

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> SpreadLanes(int part) =>
        Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Spread(ref float source, Vector512<float> lanes, int part) =>
        Avx512F.PermuteVar4x32(Repeat(ref source), lanes.AsInt32());

    [MethodImpl(Jit.Inline)]
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

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> SumParts(Vector512<float> value) =>
        Path256.SumParts(value.GetLower() + value.GetUpper());

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> PickOfFour(Vector512<float> values, Vector512<float> selectors) =>
        Avx512F.PermuteVar4x32(values, selectors.AsInt32());

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Pick(Vector512<float> values, Vector512<float> selectors) =>
        Avx512F.PermuteVar16x32(values, selectors.AsInt32());

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> Gather(ref float source, Vector512<float> selectors, uint mask) =>
        throw new NotSupportedException();

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> ShiftRight(Vector512<float> words, int bits) => (words.AsUInt32() >>> bits).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> LowerHalves(Vector512<float> words) => (words.AsUInt32() << 16).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector512<float> UpperHalves(Vector512<float> words) =>
        (words.AsUInt32() & Vector512.Create(0xFFFF0000u)).AsSingle();
}
