using SparseSharp.Masks.Search;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed class TileCodesTests
{
    [Theory]
    [InlineData(8, 4)]
    [InlineData(8, 64)]
    [InlineData(8, 200)]
    [InlineData(7, 61)]
    [InlineData(5, 66)]
    [InlineData(10, 131)]
    public void Read_gives_row_r_in_bits_4r(int rows, int columns)
    {
        var mask = new Mask(rows, columns);
        var random = new Random(1);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                mask[row, column] = random.Next(2) == 0;
        for (var block = 0; block < (rows + 3) / 4; block++)
        {
            var codes = new ushort[TileCodes.Count(columns)];
            TileCodes.Read(mask, block, codes);
            for (var tile = 0; tile < codes.Length; tile++)
                for (var bit = 0; bit < 16; bit++)
                {
                    var (row, column) = ((4 * block) + (bit / 4), (4 * tile) + (bit % 4));
                    Assert.Equal(row < rows && column < columns && mask[row, column], (codes[tile] >> bit & 1) != 0);
                }
        }
    }

    [Fact]
    public unsafe void Write_is_the_reverse_of_read()
    {
        var random = new Random(2);
        var mask = new Mask(12, 192);
        var codes = stackalloc ushort[TileCodes.TilesPerWord];
        for (var i = 0; i < TileCodes.TilesPerWord; i++)
            codes[i] = (ushort)random.Next(1 << 16);
        fixed (ulong* words = mask.Row(4)[1..])
            TileCodes.Write(codes, words, mask.WordsPerRow);
        var read = new ushort[TileCodes.Count(192)];
        TileCodes.Read(mask, 1, read);
        Assert.Equal(new ReadOnlySpan<ushort>(codes, TileCodes.TilesPerWord), read.AsSpan(16, 16));
        Assert.All(read[..16].Concat(read[32..]), code => Assert.Equal(0, code));
        Assert.Equal(read.Sum(code => int.PopCount(code)), mask.Count);
    }
}
