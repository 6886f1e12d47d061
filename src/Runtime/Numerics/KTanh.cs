using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp;

/// <summary>
/// K-TanH (Kundu et al., 2019): the hyperbolic tangent of a bfloat16 by integer operations and a table of 32 entries. The error is at most
/// 0.0090 for bfloat16 arguments and 0.0104 for floats, which are rounded first.
/// </summary>
/// <remarks>
/// Magnitudes below 0.25 are returned as they are and those above 3.75 become 1. Between, two bits of the exponent and three of the
/// mantissa choose an entry, and the result is <c>(E, (m &gt;&gt; r) + b)</c> of the mantissa <c>m</c>. The function is odd; it falls by
/// one step at six arguments, at most by 0.0078
/// (at 1).
/// </remarks>
public static class KTanh
{
    private const ushort Sign = 0x8000;
    private const ushort Infinity = 0x7F80;
    private const ushort Quiet = 0x0040;
    private const ushort FirstInTable = 0x3E80; // 0.25
    private const ushort LastInTable = 0x4070; // 3.75
    private const ushort One = 0x3F80;
    private const ushort Mantissa = 0x7F;

    /// <summary>The exponent E of the result, by exponent (2, 0.25, 0.5 and 1, times 1 to 2) and eighth of the argument.</summary>
    private static ReadOnlySpan<byte> Exponents =>
    [
        126, 126, 126, 126, 126, 126, 126, 126,
        125, 125, 125, 125, 125, 125, 125, 125,
        125, 126, 126, 126, 126, 126, 126, 126,
        126, 126, 126, 126, 126, 126, 126, 126,
    ];

    /// <summary>The shift r, in the same order.</summary>
    private static ReadOnlySpan<byte> Shifts =>
    [
        2, 4, 4, 4, 6, 6, 6, 6,
        1, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1,
        0, 1, 1, 1, 2, 2, 2, 4,
    ];

    /// <summary>The term b, in the same order; with it a mantissa never leaves its seven bits.</summary>
    private static ReadOnlySpan<sbyte> Terms =>
    [
        119, 122, 123, 123, 126, 126, 126, 126,
        1, -4, -6, -7, -10, -12, -15, -18,
        112, -4, -1, 2, 3, 4, 4, 4,
        65, 72, 73, 73, 88, 89, 89, 110,
    ];

    /// <summary>The approximate hyperbolic tangent.</summary>
    /// <param name="x">NaN stays NaN.</param>
    public static BFloat16 Tanh(BFloat16 x)
    {
        var magnitude = (ushort)(x.Bits & ~Sign);
        var sign = (ushort)(x.Bits & Sign);
        if (magnitude > Infinity)
            return new((ushort)(x.Bits | Quiet));
        if (magnitude < FirstInTable)
            return x;
        if (magnitude > LastInTable)
            return new((ushort)(sign | One));
        var entry = (magnitude >> 4) & 31;
        return new((ushort)(sign | ((Exponents[entry] << 7) + ((magnitude & Mantissa) >> Shifts[entry]) + Terms[entry])));
    }

    /// <summary>The approximate hyperbolic tangent of a float, rounded to a bfloat16 first.</summary>
    /// <param name="x">NaN stays NaN.</param>
    public static float Tanh(float x) => Tanh((BFloat16)x);

    /// <summary>The approximate hyperbolic tangents of values.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">Receives as many results; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(ReadOnlySpan<BFloat16> x, Span<BFloat16> y)
    {
        CheckLengths(x.Length, y.Length);
        ref var from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<BFloat16, ushort>(x));
        ref var to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<BFloat16, ushort>(y));
        var (shifts, offsets) = (ShiftTable(), OffsetTable());
        var i = 0;
        for (; i <= x.Length - Vector512<ushort>.Count; i += Vector512<ushort>.Count)
            Tanh(Vector512.LoadUnsafe(ref from, (nuint)i), shifts, offsets).StoreUnsafe(ref to, (nuint)i);
        for (; i < x.Length; i++)
            y[i] = Tanh(x[i]);
    }

    /// <summary>The approximate hyperbolic tangents of floats, each rounded to a bfloat16 first.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">Receives as many results; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        ref var from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<float, uint>(x));
        ref var to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<float, uint>(y));
        var (shifts, offsets) = (ShiftTable(), OffsetTable());
        var i = 0;
        for (; i <= x.Length - Vector512<ushort>.Count; i += Vector512<ushort>.Count)
        {
            var lower = BFloat16.RoundBits(Vector512.LoadUnsafe(ref from, (nuint)i)) >>> 16;
            var upper = BFloat16.RoundBits(Vector512.LoadUnsafe(ref from, (nuint)(i + Vector512<uint>.Count))) >>> 16;
            (lower, upper) = Vector512.Widen(Tanh(Vector512.Narrow(lower, upper), shifts, offsets));
            (lower << 16).StoreUnsafe(ref to, (nuint)i);
            (upper << 16).StoreUnsafe(ref to, (nuint)(i + Vector512<uint>.Count));
        }
        for (; i < x.Length; i++)
            y[i] = Tanh(x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Tanh(Vector512<ushort> x, Vector512<ushort> shifts, Vector512<ushort> offsets)
    {
        var sign = x & Vector512.Create(Sign);
        var magnitude = x ^ sign;
        var entry = (magnitude >>> 4) & Vector512.Create((ushort)31);
        var mantissa = magnitude & Vector512.Create(Mantissa);
        var y = Avx512BW.IsSupported
            ? Avx512BW.ShiftRightLogicalVariable(mantissa, Avx512BW.PermuteVar32x16(shifts, entry))
                + Avx512BW.PermuteVar32x16(offsets, entry)
            : Vector512.Create(LookUp(mantissa.GetLower(), entry.GetLower()), LookUp(mantissa.GetUpper(), entry.GetUpper()));
        y = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(FirstInTable)), magnitude, y);
        y = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(LastInTable)), Vector512.Create(One), y);
        y = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude, Vector512.Create(Infinity)), magnitude | Vector512.Create(Quiet), y);
        return y | sign;
    }

    private static Vector512<ushort> ShiftTable() =>
        Vector512.Create(Vector256.WidenLower(Vector256.Create(Shifts)), Vector256.WidenUpper(Vector256.Create(Shifts)));

    /// <summary><c>128·E + b</c>.</summary>
    private static Vector512<ushort> OffsetTable()
    {
        var (exponents, terms) = (Vector256.Widen(Vector256.Create(Exponents)), Vector256.Widen(Vector256.Create(Terms)));
        return Vector512.Create((exponents.Lower << 7) + terms.Lower.AsUInt16(), (exponents.Upper << 7) + terms.Upper.AsUInt16());
    }

    private static Vector256<ushort> LookUp(Vector256<ushort> mantissa, Vector256<ushort> entry) =>
        Vector256.Create(LookUp(mantissa.GetLower(), entry.GetLower()), LookUp(mantissa.GetUpper(), entry.GetUpper()));

    /// <summary>Without permutations of 32 numbers: tables of 16 bytes, and a shift for every bit of the number of places.</summary>
    private static Vector128<ushort> LookUp(Vector128<ushort> mantissa, Vector128<ushort> entry)
    {
        var shift = LookUp(Shifts, entry);
        for (var bit = 1; bit <= 4; bit *= 2)
        {
            var isSet = Vector128.Equals(shift & Vector128.Create((ushort)bit), Vector128.Create((ushort)bit));
            mantissa = Vector128.ConditionalSelect(isSet, mantissa >>> bit, mantissa);
        }
        var term = (LookUp(MemoryMarshal.Cast<sbyte, byte>(Terms), entry) << 8).AsInt16() >> 8;
        return (LookUp(Exponents, entry) << 7) + mantissa + term.AsUInt16();
    }

    /// <summary>A place outside a table of 16 gives 0.</summary>
    private static Vector128<ushort> LookUp(ReadOnlySpan<byte> table, Vector128<ushort> entry)
    {
        var low = Vector128.Shuffle(Vector128.Create(table[..16]), entry.AsByte());
        var high = Vector128.Shuffle(Vector128.Create(table[16..]), (entry - Vector128.Create((ushort)16)).AsByte());
        return (low | high).AsUInt16() & Vector128.Create((ushort)0xFF);
    }

    private static void CheckLengths(int x, int y)
    {
        if (x != y)
            throw new ArgumentException($"There are {x} arguments, but room for {y} results: both must be equal.", nameof(y));
    }
}
