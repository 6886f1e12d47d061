using SparseSharp.Masks;

namespace SparseSharp.Runtime.Tests.Files;

public class MaskCodecTests
{
    /// <summary>A mask from rows of 0 and 1.</summary>
    internal static Mask Of(params string[] rows)
    {
        var mask = new Mask(rows.Length, rows[0].Length);
        for (var row = 0; row < mask.Rows; row++)
        {
            for (var column = 0; column < mask.Columns; column++)
                mask[row, column] = rows[row][column] == '1';
        }
        return mask;
    }

    /// <summary>The kept weights, row by row.</summary>
    internal static float[] Gather(float[] weight, Mask mask)
    {
        var values = new float[mask.Count];
        MaskCodec.Gather(weight, mask, values);
        return values;
    }

    private static Mask Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var mask = new Mask(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                mask[row, column] = random.Next(3) == 0;
        }
        return mask;
    }

    [Fact]
    public void Bits_are_in_order_of_columns() =>
        Assert.Equal([0b0000_0101, 0b10, 0b1000_0000, 0b00], MaskCodec.Pack(Of("1010000001", "0000000100")));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 8)]
    [InlineData(5, 63)]
    [InlineData(5, 64)]
    [InlineData(5, 65)]
    [InlineData(4, 130)]
    public void Packing_and_gathering_are_reversible(int rows, int columns)
    {
        var mask = Random(rows, columns, seed: columns);
        var packed = MaskCodec.Pack(mask);
        Assert.Equal(rows * MaskCodec.BytesPerRow(columns), packed.Length);
        var unpacked = MaskCodec.Unpack(packed, rows, columns);
        Assert.NotNull(unpacked);
        Assert.Equal(mask.Words.ToArray(), unpacked.Words.ToArray());

        var weight = Enumerable.Range(1, rows * columns).Select(i => (float)i).ToArray();
        var kept = Gather(weight, mask);
        var expected = new float[rows * columns];
        var inOrder = new List<float>();
        for (var i = 0; i < expected.Length; i++)
        {
            if (!mask[i / columns, i % columns])
                continue;
            expected[i] = weight[i];
            inOrder.Add(weight[i]);
        }
        Assert.Equal(inOrder, kept);
        Assert.Equal(expected, MaskCodec.Scatter(kept, mask));
        Assert.Equal(mask.Words.ToArray(), Mask.NonZero(expected, rows, columns).Words.ToArray());
    }

    [Fact]
    public void A_bit_behind_the_last_column_is_a_fault()
    {
        Assert.NotNull(MaskCodec.Unpack([0b0011_1111], 1, 6));
        Assert.Null(MaskCodec.Unpack([0b0100_0000], 1, 6));
        Assert.NotNull(MaskCodec.Unpack([0xFF, 0xFF], 2, 8));
    }
}
