using System.Globalization;

namespace SparseSharp.Runtime.Tests.Numerics;

public sealed class KTanhTests
{
    [Theory]
    [InlineData("0000", "0000")]
    [InlineData("8000", "8000")]
    [InlineData("3E7F", "3E7F")]
    [InlineData("3E80", "3E81")]
    [InlineData("3E9F", "3E9B")]
    [InlineData("3EA0", "3E9A")]
    [InlineData("3EFF", "3EED")]
    [InlineData("3F00", "3EF0")]
    [InlineData("3F1F", "3F0B")]
    [InlineData("3F7F", "3F43")]
    [InlineData("3F80", "3F41")]
    [InlineData("BF80", "BF41")]
    [InlineData("3FC0", "3F68")]
    [InlineData("4000", "3F77")]
    [InlineData("C000", "BF77")]
    [InlineData("4040", "3F7F")]
    [InlineData("4070", "3F7F")]
    [InlineData("4071", "3F80")]
    [InlineData("C071", "BF80")]
    [InlineData("7F80", "3F80")]
    [InlineData("FF80", "BF80")]
    [InlineData("7FC0", "7FC0")]
    [InlineData("0001", "0001")]
    public void Golden_values(string x, string y) => Assert.Equal(y, Hex(KTanh.Tanh(Value(x))));

    [Fact]
    public void All_values_are_odd_bounded_and_close()
    {
        var (largest, sum, relative, rounded) = (0.0, 0.0, 0.0, 0.0);
        for (var bits = 0; bits < 0x8000; bits++)
        {
            var x = new BFloat16((ushort)bits);
            var y = KTanh.Tanh(x);
            Assert.Equal(y.Bits | 0x8000, KTanh.Tanh(new BFloat16((ushort)(bits | 0x8000))).Bits);
            if (bits > 0x7F80)
            {
                Assert.True(float.IsNaN(y));
                continue;
            }
            Assert.InRange((float)y, 0, 1);
            var error = Math.Abs(y - Math.Tanh(x));
            Assert.InRange(error, 0, bits < 0x3E80 ? .00503 : bits > 0x4070 ? .00108 : .00893);
            if (bits is < 0x3E80 or > 0x4070)
                continue;
            largest = Math.Max(largest, error);
            sum += error;
            relative = Math.Max(relative, error / Math.Tanh(x));
            rounded = Math.Max(rounded, Math.Abs((float)y - (float)(BFloat16)(float)Math.Tanh(x)));
        }
        Assert.Equal(.00892, largest, .00001);
        Assert.Equal(.00199, sum / 497, .00001);
        Assert.Equal(.0287, relative, .00005);
        Assert.Equal(.00977, rounded, .00001);
    }

    [Fact]
    public void It_falls_by_a_step_at_six_values()
    {
        var falls = Enumerable.Range(1, 0x7F80)
            .Where(bits => (float)Of(bits) < Of(bits - 1))
            .Select(bits => bits.ToString("X4", CultureInfo.InvariantCulture));
        Assert.Equal(["3EA0", "3EC0", "3ED0", "3EE0", "3EF0", "3F80"], falls);

        static BFloat16 Of(int bits) => KTanh.Tanh(new BFloat16((ushort)bits));
    }

    [Fact]
    public void Spans_of_all_values_are_what_single_values_are()
    {
        var x = Enumerable.Range(0, 65536).Select(bits => new BFloat16((ushort)bits)).ToArray();
        for (var cut = 0; cut < 40; cut += 13)
        {
            var y = new BFloat16[x.Length - cut];
            KTanh.Tanh(x.AsSpan(cut), y);
            for (var i = 0; i < y.Length; i++)
                Assert.Equal(KTanh.Tanh(x[i + cut]).Bits, y[i].Bits);
        }
    }

    [Fact]
    public void A_float_is_rounded_first()
    {
        var random = new Random(2);
        var x = Enumerable.Range(0, 100_003).Select(i => i % 5 == 0
            ? BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))
            : (float)((random.NextDouble() * 10) - 5)).ToArray();
        var y = new float[x.Length];
        KTanh.Tanh(x, y);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(KTanh.Tanh((BFloat16)x[i])), BitConverter.SingleToUInt32Bits(y[i]));
            Assert.Equal(BitConverter.SingleToUInt32Bits(KTanh.Tanh(x[i])), BitConverter.SingleToUInt32Bits(y[i]));
            if (!float.IsNaN(x[i]))
                Assert.InRange(Math.Abs(y[i] - Math.Tanh(x[i])), 0, .01035);
        }
    }

    [Fact]
    public void Lengths_must_be_equal()
    {
        Assert.Contains(
            "There are 2 arguments, but room for 3 results",
            Assert.Throws<ArgumentException>(() => KTanh.Tanh(new float[2], new float[3])).Message);
        Assert.Throws<ArgumentException>(() => KTanh.Tanh(new BFloat16[2], new BFloat16[1]));
    }

    private static BFloat16 Value(string bits) => new(ushort.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Hex(BFloat16 value) => value.Bits.ToString("X4", CultureInfo.InvariantCulture);
}
