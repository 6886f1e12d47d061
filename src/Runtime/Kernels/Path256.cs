using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>256 bits: AVX2 and fused multiply-add.</summary>
internal readonly struct Path256 : IVectorPath<Vector256<float>>
{
    /// <summary>Bytes of a vector.</summary>
    public const int Bytes = 32;

    public static int Lanes
    {
        [MethodImpl(Jit.Inline)]
        get => Bytes / sizeof(float);
    }

    public static Vector256<float> Zero
    {
        [MethodImpl(Jit.Inline)]
        get => Vector256<float>.Zero;
    }

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Create(float value) => Vector256.Create(value);

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Load(ref float source, nint offset) => Vector256.LoadUnsafe(ref source, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Load(ref uint source, nint offset) =>
        Vector256.LoadUnsafe(ref source, (nuint)offset).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static void Store(Vector256<float> value, ref float target, nint offset) =>
        value.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> x, Vector256<float> sum) =>
        Fma.MultiplyAdd(a, x, sum);

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Relu(Vector256<float> value) => Avx.Max(Vector256<float>.Zero, value);

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Gate(Vector256<float> gate, Vector256<float> value) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(gate, Vector256<float>.Zero), value, Vector256<float>.Zero);

    [MethodImpl(Jit.Inline)]
    public static unsafe Vector256<float> Repeat(ref float source) =>
        Avx.BroadcastVector128ToVector256((float*)Unsafe.AsPointer(ref source));

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Lane(Vector256<float> four, int lane) => lane switch
    {
        0 => Avx.Permute(four, 0x00),
        1 => Avx.Permute(four, 0x55),
        2 => Avx.Permute(four, 0xAA),
        _ => Avx.Permute(four, 0xFF),
    };

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> SpreadLanes(int part) =>
        (part == 0 ? Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1) : Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3)).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Spread(ref float source, Vector256<float> lanes, int part) =>
        Avx.PermuteVar(Repeat(ref source), lanes.AsInt32());

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Sums(
        Vector256<float> s0, Vector256<float> s1, Vector256<float> s2, Vector256<float> s3,
        Vector256<float> s4, Vector256<float> s5, Vector256<float> s6, Vector256<float> s7)
    {
        var a = Avx.HorizontalAdd(Avx.HorizontalAdd(s0, s1), Avx.HorizontalAdd(s2, s3));
        var b = Avx.HorizontalAdd(Avx.HorizontalAdd(s4, s5), Avx.HorizontalAdd(s6, s7));
        return Vector256.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());
    }

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> SumParts(Vector256<float> value) => value.GetLower() + value.GetUpper();

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> PickOfFour(Vector256<float> values, Vector256<float> selectors) =>
        Avx.PermuteVar(values, selectors.AsInt32());

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Pick(Vector256<float> values, Vector256<float> selectors) =>
        Avx2.PermuteVar8x32(values, selectors.AsInt32());

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Gather(ref float source, Vector256<float> selectors, uint mask) =>
        throw new NotSupportedException();

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> ShiftRight(Vector256<float> words, int bits) => (words.AsUInt32() >>> bits).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> LowerHalves(Vector256<float> words) => (words.AsUInt32() << 16).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> UpperHalves(Vector256<float> words) =>
        (words.AsUInt32() & Vector256.Create(0xFFFF0000u)).AsSingle();
}
