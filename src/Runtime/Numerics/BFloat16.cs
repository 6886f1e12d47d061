using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SparseSharp;

/// <summary>
/// The upper half of a float: 1 sign bit, 8 exponent bits, 7 bits of mantissa (Kalamkar et al., 2019). It has the range of a float, so
/// nothing has to be scaled to fit, and a precision of 8 bits. A format to store numbers in: arithmetic is done on floats.
/// </summary>
/// <param name="bits">The bits of the value.</param>
public readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>, IComparable<BFloat16>, IFormattable
{
    private const uint Sign = 0x8000_0000;
    private const uint Infinity = 0x7F80_0000;
    private const uint Quiet = 0x0040_0000;

    /// <summary>The bits of the value.</summary>
    public ushort Bits { get; } = bits;

    /// <summary>The largest float that a bfloat16 holds after rounding: all larger ones become infinite.</summary>
    internal static float LargestRounded => BitConverter.UInt32BitsToSingle(0x7F7F_7FFF);

    /// <summary>Rounds a float to the nearest value, ties to even.</summary>
    /// <param name="value">Infinities stay, NaN stays NaN (quiet, with its sign and the upper half of its payload).</param>
    public static explicit operator BFloat16(float value) => new((ushort)(RoundBits(BitConverter.SingleToUInt32Bits(value)) >> 16));

    /// <summary>The value as a float, which is exact.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Whether both are the same number; NaN is none.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == right;

    /// <summary>Whether both are not the same number.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != right;

    /// <summary>Rounds a float.</summary>
    /// <param name="value">Infinities stay, NaN stays NaN (quiet, with its sign and the upper half of its payload).</param>
    /// <param name="rounding">The direction.</param>
    /// <param name="flushSubnormals">Whether subnormal floats become a zero of their sign first, as in processors that compute on
    /// bfloat16.</param>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not a member of <see cref="BFloat16Rounding"/>.</exception>
    public static BFloat16 Round(float value, BFloat16Rounding rounding, bool flushSubnormals = false)
    {
        var bits = Flushed(BitConverter.SingleToUInt32Bits(value), flushSubnormals);
        var added = rounding switch
        {
            BFloat16Rounding.NearestEven => 0x7FFF + ((bits >> 16) & 1),
            BFloat16Rounding.NearestAway => 0x8000u,
            BFloat16Rounding.Truncate => 0u,
            _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "Not a member of BFloat16Rounding."),
        };
        return new((ushort)(Rounded(bits, added) >> 16));
    }

    /// <summary>
    /// Rounds a float up or down by chance, so that the mean result of uniform random numbers is the float itself, if it is finite.
    /// </summary>
    /// <param name="value">As in <see cref="Round(float, BFloat16Rounding, bool)"/>.</param>
    /// <param name="random">Uniform in all its values.</param>
    /// <param name="flushSubnormals">As in <see cref="Round(float, BFloat16Rounding, bool)"/>.</param>
    public static BFloat16 RoundStochastically(float value, ushort random, bool flushSubnormals = false) =>
        new((ushort)(Rounded(Flushed(BitConverter.SingleToUInt32Bits(value), flushSubnormals), random) >> 16));

    /// <summary>Rounds floats to the nearest values, ties to even.</summary>
    /// <param name="source">The floats.</param>
    /// <param name="target">Receives as many values.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(ReadOnlySpan<float> source, Span<BFloat16> target)
    {
        CheckLengths(source.Length, target.Length);
        var from = MemoryMarshal.Cast<float, uint>(source);
        var to = MemoryMarshal.Cast<BFloat16, ushort>(target);
        var i = 0;
        for (; i <= from.Length - Vector512<ushort>.Count; i += Vector512<ushort>.Count)
        {
            var lower = Vector512.Create(from.Slice(i, Vector512<uint>.Count));
            var upper = Vector512.Create(from.Slice(i + Vector512<uint>.Count, Vector512<uint>.Count));
            Vector512.Narrow(RoundBits(lower) >>> 16, RoundBits(upper) >>> 16).CopyTo(to[i..]);
        }
        for (; i < from.Length; i++)
            to[i] = (ushort)(RoundBits(from[i]) >> 16);
    }

    /// <summary>The floats of values, which is exact.</summary>
    /// <param name="source">The values.</param>
    /// <param name="target">Receives as many floats.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> target)
    {
        CheckLengths(source.Length, target.Length);
        var from = MemoryMarshal.Cast<BFloat16, ushort>(source);
        var to = MemoryMarshal.Cast<float, uint>(target);
        var i = 0;
        for (; i <= from.Length - Vector512<ushort>.Count; i += Vector512<ushort>.Count)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Create(from.Slice(i, Vector512<ushort>.Count)));
            (lower << 16).CopyTo(to[i..]);
            (upper << 16).CopyTo(to[(i + Vector512<uint>.Count)..]);
        }
        for (; i < from.Length; i++)
            to[i] = (uint)from[i] << 16;
    }

    /// <summary>
    /// Rounds floats in place to those that a <see cref="BFloat16"/> can hold, ties to even: emulation of the format on floats.
    /// </summary>
    /// <param name="values">The floats.</param>
    public static void RoundInPlace(Span<float> values) => Round(values, values);

    /// <summary>Rounds floats to those that a <see cref="BFloat16"/> can hold, ties to even.</summary>
    /// <param name="source">The floats.</param>
    /// <param name="target">Receives as many; the same memory, or none of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Round(ReadOnlySpan<float> source, Span<float> target)
    {
        CheckLengths(source.Length, target.Length);
        var from = MemoryMarshal.Cast<float, uint>(source);
        var to = MemoryMarshal.Cast<float, uint>(target);
        var i = 0;
        for (; i <= from.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
            (RoundBits(Vector512.Create(from.Slice(i, Vector512<uint>.Count))) & Vector512.Create(0xFFFF_0000)).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = RoundBits(from[i]) & 0xFFFF_0000;
    }

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo(other);

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => ToString(null, CultureInfo.CurrentCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ((float)this).ToString(format, formatProvider);

    /// <summary>Bits of a float whose upper half is the nearest value; what the lower half holds is of no meaning.</summary>
    private static uint RoundBits(uint bits) => Rounded(bits, 0x7FFF + ((bits >> 16) & 1));

    /// <summary>
    /// A NaN must not be rounded: the carry could make a number of it, and truncation an infinity. An infinity has nothing to carry.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> RoundBits(Vector512<uint> bits)
    {
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);
        var isNaN = Vector512.GreaterThan(bits & Vector512.Create(~Sign), Vector512.Create(Infinity));
        return Vector512.ConditionalSelect(isNaN, bits | Vector512.Create(Quiet), rounded);
    }

    private static uint Rounded(uint bits, uint added)
    {
        if ((bits & Infinity) == Infinity)
            return (bits & ~(Sign | Infinity)) == 0 ? bits : bits | Quiet;
        return unchecked(bits + added);
    }

    private static uint Flushed(uint bits, bool flushSubnormals) => flushSubnormals && (bits & Infinity) == 0 ? bits & Sign : bits;

    private static void CheckLengths(int source, int target)
    {
        if (source != target)
            throw new ArgumentException($"There are {source} values, but room for {target}: both must be equal.", nameof(target));
    }
}
