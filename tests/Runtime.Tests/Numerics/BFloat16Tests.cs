using System.Globalization;

namespace SparseSharp.Runtime.Tests.Numerics;

public sealed class BFloat16Tests
{
    /// <summary>
    /// Bits of a float, of the nearest value with ties to even, the same with subnormals flushed, and with ties away from zero.
    /// </summary>
    [Theory]
    [InlineData("00000000", "0000", "0000", "0000")]
    [InlineData("80000000", "8000", "8000", "8000")]
    [InlineData("3F800000", "3F80", "3F80", "3F80")]
    [InlineData("3F807FFF", "3F80", "3F80", "3F80")]
    [InlineData("3F808000", "3F80", "3F80", "3F81")]
    [InlineData("3F808001", "3F81", "3F81", "3F81")]
    [InlineData("3F818000", "3F82", "3F82", "3F82")]
    [InlineData("BF818000", "BF82", "BF82", "BF82")]
    [InlineData("3F81FFFF", "3F82", "3F82", "3F82")]
    [InlineData("40490FDB", "4049", "4049", "4049")]
    [InlineData("3DCCCCCD", "3DCD", "3DCD", "3DCD")]
    [InlineData("7F7F7FFF", "7F7F", "7F7F", "7F7F")]
    [InlineData("7F7F8000", "7F80", "7F80", "7F80")]
    [InlineData("7F7FFFFF", "7F80", "7F80", "7F80")]
    [InlineData("FF800000", "FF80", "FF80", "FF80")]
    [InlineData("7F800001", "7FC0", "7FC0", "7FC0")]
    [InlineData("FF80FFFF", "FFC0", "FFC0", "FFC0")]
    [InlineData("FFBFFFFF", "FFFF", "FFFF", "FFFF")]
    [InlineData("7FFFFFFF", "7FFF", "7FFF", "7FFF")]
    [InlineData("00000001", "0000", "0000", "0000")]
    [InlineData("00008000", "0000", "0000", "0001")]
    [InlineData("00008001", "0001", "0000", "0001")]
    [InlineData("00018000", "0002", "0000", "0002")]
    [InlineData("007FFFFF", "0080", "0000", "0080")]
    [InlineData("807F8000", "8080", "8000", "8080")]
    public void Golden_roundings(string from, string even, string flushed, string away)
    {
        var value = Float(from);
        Assert.Equal(even, Hex((BFloat16)value));
        Assert.Equal(even, Hex(BFloat16.Round(value, BFloat16Rounding.NearestEven)));
        Assert.Equal(flushed, Hex(BFloat16.Round(value, BFloat16Rounding.NearestEven, flushSubnormals: true)));
        Assert.Equal(away, Hex(BFloat16.Round(value, BFloat16Rounding.NearestAway)));
        Assert.Equal(float.IsNaN(value) ? even : from[..4], Hex(BFloat16.Round(value, BFloat16Rounding.Truncate)));
    }

    [Theory]
    [InlineData("3F808000", 0x7FFF, "3F80")]
    [InlineData("3F808000", 0x8000, "3F81")]
    [InlineData("3F800001", 0xFFFF, "3F81")]
    [InlineData("3F800001", 0xFFFE, "3F80")]
    [InlineData("FF800000", 0xFFFF, "FF80")]
    [InlineData("7F800001", 0xFFFF, "7FC0")]
    [InlineData("00000001", 0xFFFF, "0001")]
    public void Golden_stochastic_roundings(string from, int random, string expected) =>
        Assert.Equal(expected, Hex(BFloat16.RoundStochastically(Float(from), (ushort)random)));

    [Theory]
    [InlineData("3F801234")]
    [InlineData("BF80FFFF")]
    [InlineData("00007001")]
    [InlineData("42C80001")]
    public void The_mean_of_stochastic_roundings_is_the_float(string from)
    {
        var sum = 0.0;
        for (var random = 0; random <= ushort.MaxValue; random++)
            sum += (float)BFloat16.RoundStochastically(Float(from), (ushort)random);
        Assert.Equal(Float(from), sum / 65536);
    }

    [Fact]
    public void Subnormals_are_flushed_before_they_are_rounded_by_chance() =>
        Assert.Equal("8000", Hex(BFloat16.RoundStochastically(Float("80008001"), 0xFFFF, flushSubnormals: true)));

    [Fact]
    public void A_value_is_what_its_float_rounds_to()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = new BFloat16((ushort)bits);
            var isSignalling = (bits & 0x7FFF) > 0x7F80 && (bits & 0x40) == 0;
            Assert.Equal(isSignalling ? bits | 0x40 : bits, ((BFloat16)(float)value).Bits | (isSignalling ? 0x40 : 0));
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits(value) & ~(isSignalling ? 0x0040_0000u : 0));
        }
    }

    /// <summary>
    /// Every 1021st pattern and the neighbourhood of every value; all 2³² with SPARSESHARP_FULL_BFLOAT16=1, which takes a minute or two.
    /// </summary>
    [Fact]
    public void Every_float_rounds_as_the_reference_says()
    {
        if (Environment.GetEnvironmentVariable("SPARSESHARP_FULL_BFLOAT16") == "1")
        {
            Parallel.For(0, 1 << 16, upper => CheckRun((uint)upper << 16, 1 << 16, 1));
            return;
        }
        CheckRun(0, 4206645, 1021);
        for (var upper = 0u; upper <= ushort.MaxValue; upper += 7)
        {
            CheckRun((upper << 16) + 0x7FF8, 16, 1);
            CheckRun((upper << 16) - 8, 16, 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(77)]
    public void Spans_of_any_length_are_rounded_and_widened(int length)
    {
        var random = new Random(1);
        var floats = Enumerable.Range(0, length).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))).ToArray();
        var values = new BFloat16[length];
        BFloat16.Round(floats, values);
        var widened = new float[length];
        BFloat16.Widen(values, widened);
        var inPlace = (float[])floats.Clone();
        BFloat16.RoundInPlace(inPlace);
        for (var i = 0; i < length; i++)
        {
            Assert.Equal(((BFloat16)floats[i]).Bits, values[i].Bits);
            Assert.Equal((uint)values[i].Bits << 16, BitConverter.SingleToUInt32Bits(widened[i]));
            Assert.Equal((uint)values[i].Bits << 16, BitConverter.SingleToUInt32Bits(inPlace[i]));
        }
    }

    [Fact]
    public void Lengths_must_be_equal()
    {
        Assert.Equal(
            "There are 3 values, but room for 2: both must be equal. (Parameter 'target')",
            Assert.Throws<ArgumentException>(() => BFloat16.Round(new float[3], new BFloat16[2])).Message);
        Assert.Throws<ArgumentException>(() => BFloat16.Widen(new BFloat16[2], new float[3]));
    }

    /// <summary>
    /// With 256 terms of 1/256 on top of 1 a sum of bfloat16 stays 1, because each term is half of a unit in the last place.
    /// </summary>
    [Fact]
    public void Sums_have_to_be_floats()
    {
        var term = (BFloat16)(1 / 16f);
        var sum = 1f;
        var rounded = (BFloat16)1f;
        for (var i = 0; i < 256; i++)
        {
            sum += (float)term * term;
            rounded = (BFloat16)(rounded + ((float)term * term));
        }
        Assert.Equal(2f, sum);
        Assert.Equal(1f, rounded);
    }

    /// <summary>Small updates are lost on a bfloat16, but not on a float that is rounded for use.</summary>
    [Fact]
    public void Master_weights_have_to_be_floats()
    {
        var master = 1f;
        var rounded = (BFloat16)1f;
        for (var i = 0; i < 10; i++)
        {
            master -= .001f;
            rounded = (BFloat16)(rounded - .001f);
        }
        Assert.Equal("3F7D", Hex((BFloat16)master));
        Assert.Equal("3F80", Hex(rounded));
    }

    [Fact]
    public void Values_compare_as_their_floats_do()
    {
        var (one, two, nan) = ((BFloat16)1f, (BFloat16)2f, (BFloat16)float.NaN);
        Assert.True(one != two && one.CompareTo(two) < 0 && new BFloat16(0x8000) == new BFloat16(0));
        Assert.True(nan.Equals(nan));
        Assert.False(nan.Equals(one));
        Assert.True(nan != new BFloat16(nan.Bits));
        Assert.Equal("1.5", ((BFloat16)1.5f).ToString(null, CultureInfo.InvariantCulture));
    }

    /// <summary>Rounds a run of patterns as a span and compares with the nearest of the two neighbours, in double precision.</summary>
    private static void CheckRun(uint first, int count, uint step)
    {
        var floats = new float[count];
        for (var i = 0; i < count; i++)
            floats[i] = BitConverter.UInt32BitsToSingle(unchecked(first + ((uint)i * step)));
        var values = new BFloat16[count];
        BFloat16.Round(floats, values);
        for (var i = 0; i < count; i++)
        {
            var bits = unchecked(first + ((uint)i * step));
            if (values[i].Bits != Nearest(bits))
                Assert.Fail($"{bits:X8} rounds to {values[i].Bits:X4}, not {Nearest(bits):X4}");
        }
    }

    private static ushort Nearest(uint bits)
    {
        var sign = (ushort)(bits >> 16 & 0x8000);
        var below = (ushort)(bits >> 16 & 0x7FFF);
        if (below >= 0x7F80)
            return (ushort)(sign | below | ((bits & 0x007F_FFFF) == 0 ? 0 : 0x40));
        var magnitude = Number(bits & 0x7FFF_FFFF);
        var (down, up) = (magnitude - Number((uint)below << 16), Number((uint)(below + 1) << 16) - magnitude);
        return (ushort)(sign | (down < up || (down == up && below % 2 == 0) ? below : below + 1));

        // One step above the largest value stands where the next exponent would, not at infinity.
        static double Number(uint magnitude) => magnitude == 0x7F80_0000 ? Math.Pow(2, 128) : BitConverter.UInt32BitsToSingle(magnitude);
    }

    private static float Float(string bits) =>
        BitConverter.UInt32BitsToSingle(uint.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Hex(BFloat16 value) => value.Bits.ToString("X4", CultureInfo.InvariantCulture);
}
