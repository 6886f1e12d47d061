using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>128 bits of any processor.</summary>
internal readonly struct Path128 : IVectorPath<Vector128<float>>
{
    /// <summary>Bytes of a vector.</summary>
    public const int Bytes = 16;

    public static int Lanes
    {
        [MethodImpl(Jit.Inline)]
        get => Bytes / sizeof(float);
    }

    public static Vector128<float> Zero
    {
        [MethodImpl(Jit.Inline)]
        get => Vector128<float>.Zero;
    }

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Load(ref float source, nint offset) => Vector128.LoadUnsafe(ref source, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Load(ref uint source, nint offset) =>
        Vector128.LoadUnsafe(ref source, (nuint)offset).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static void Store(Vector128<float> value, ref float target, nint offset) =>
        value.StoreUnsafe(ref target, (nuint)offset);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> x, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(a, x, sum);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Relu(Vector128<float> value) => Vector128.MaxNative(Vector128<float>.Zero, value);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Gate(Vector128<float> gate, Vector128<float> value) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(gate, Vector128<float>.Zero), value, Vector128<float>.Zero);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Repeat(ref float source) => Vector128.LoadUnsafe(ref source);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Lane(Vector128<float> four, int lane) =>
        Vector128.Shuffle(four, Vector128.Create(lane));

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> SpreadLanes(int part) =>
        default;

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Spread(ref float source, Vector128<float> lanes, int part) =>
        Vector128.Create(Unsafe.Add(ref source, part));

    [MethodImpl(Jit.Inline)]
    public static Vector256<float> Sums(
        Vector128<float> s0, Vector128<float> s1, Vector128<float> s2, Vector128<float> s3,
        Vector128<float> s4, Vector128<float> s5, Vector128<float> s6, Vector128<float> s7) =>
        Vector256.Create(
            Vector128.Sum(s0), Vector128.Sum(s1), Vector128.Sum(s2), Vector128.Sum(s3),
            Vector128.Sum(s4), Vector128.Sum(s5), Vector128.Sum(s6), Vector128.Sum(s7));

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> SumParts(Vector128<float> value) => value;

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> PickOfFour(Vector128<float> values, Vector128<float> selectors) =>
        throw new NotSupportedException();

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Pick(Vector128<float> values, Vector128<float> selectors) =>
        throw new NotSupportedException();

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Gather(ref float source, Vector128<float> selectors, uint mask) =>
        VectorLanes.Gather(ref source, selectors.AsUInt32() & Vector128.Create(mask));

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> ShiftRight(Vector128<float> words, int bits) => (words.AsUInt32() >>> bits).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> LowerHalves(Vector128<float> words) => (words.AsUInt32() << 16).AsSingle();

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> UpperHalves(Vector128<float> words) =>
        (words.AsUInt32() & Vector128.Create(0xFFFF0000u)).AsSingle();
}
