using SparseSharp.Masks;
using SparseSharp.Masks.Search;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed class TileScanTests
{
    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 90)]
    [InlineData(3, 24)]
    public void Counts_all_patterns(int keep, int count)
    {
        var codes = TilePatterns.For(keep).Codes;
        Assert.Equal(count, codes.Length);
        Assert.Equal(count, codes.Distinct().Count());
        var possible = Enumerable.Range(0, 1 << 16).Count(code => Enumerable.Range(0, 4).All(i =>
            int.PopCount(code >> (4 * i) & 0xF) == keep && int.PopCount(code & (0x1111 << i)) == keep));
        Assert.Equal(possible, count);
    }

    [Theory]
    [InlineData(0, "3 3 C C")]
    [InlineData(1, "3 5 A C")]
    [InlineData(2, "3 5 C A")]
    [InlineData(44, "9 C 6 3")]
    [InlineData(45, "6 3 9 C")]
    [InlineData(88, "C A 5 3")]
    [InlineData(89, "C C 3 3")]
    public void Numbers_patterns_by_their_rows(int number, string rows) => Assert.Equal(rows, Print(TilePatterns.For(2).Codes[number]));

    [Theory]
    [InlineData("9 1 7 4 / 1 2 3 0 / 8 3 5 4 / 1 2 6 2", 38, 24, "5 A 9 6")]
    [InlineData("1 1 1 1 / 1 1 1 1 / 1 1 1 1 / 1 1 1 1", 8, 0, "3 3 C C")]
    [InlineData("0 0 0 0 / 0 0 0 0 / 0 0 0 0 / 0 0 0 0", 0, 0, "3 3 C C")]
    [InlineData(
        "15496 24200 33046 46195 / 3312 24216 50774 36450 / 1080 41893 16413 27680 / 38711 54849 15405 64280", 302998, 89, "C C 3 3")]
    [InlineData(null, 372456, 79, "C 3 A 5")]
    public void Golden_tiles(string? text, double mass, int number, string expected)
    {
        var tile = text is null ? Tiles.Golden(3, 4) : Tiles.Parse(text);
        var mask = Tiles.Find(Tiles.Both(2, 4), tile, 4, 4);
        Assert.Equal(expected, Tiles.Print(mask));
        Assert.Equal(mass, Tiles.Mass(mask, tile));
        Assert.Equal(expected, Print(TilePatterns.For(2).Codes[number]));
        Assert.Equal(expected, Print(Reference(2, tile, 4, 4)));
    }

    /// <summary>Few values: most tiles have several optima, and the lowest pattern must win on every path.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(2, 6)]
    [InlineData(3, 3)]
    public void Equals_the_reference_on_tiles_full_of_ties(int keep, uint values)
    {
        const int Rows = 400, Columns = 1000;
        var weight = Tiles.Integers(Rows * Columns, values, 10 + values);
        AssertCodes(keep, weight, Rows, Columns);
    }

    [Fact]
    public void Equals_the_reference_on_100_000_tie_rich_tiles()
    {
        const int Rows = 1600, Columns = 1000;
        AssertCodes(2, Tiles.Integers(Rows * Columns, 4, 20), Rows, Columns);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equals_the_reference_on_gaussian_tiles(int keep) => AssertCodes(keep, Tiles.Gaussian(400 * 1000, 21), 400, 1000);

    /// <summary>
    /// Large and small numbers in one tile: unequal halves round to equal totals, and still the first pattern is the mask.
    /// </summary>
    [Fact]
    public void Equals_the_reference_where_totals_round()
    {
        const int Rows = 400, Columns = 400;
        var weight = Tiles.Integers(Rows * Columns, 3, 22);
        for (var i = 0; i < weight.Length; i++)
            weight[i] += (i * 7919 % 11) < 3 ? 1 << 24 : 0;
        AssertCodes(2, weight, Rows, Columns);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(68)]
    [InlineData(124)]
    [InlineData(128)]
    [InlineData(784)]
    public void Covers_columns_that_are_no_multiple_of_64(int columns)
    {
        for (var keep = 1; keep < 4; keep++)
        {
            var weight = Tiles.Gaussian(12 * columns, 23);
            AssertCodes(keep, weight, 12, columns);
            Assert.True(Tiles.Find(Tiles.Both(keep, 4), weight, 12, columns).Follows(Tiles.Both(keep, 4)));
        }
    }

    [Fact]
    public void Leaves_other_rows_alone()
    {
        var weight = Tiles.Gaussian(32 * 96, 24);
        var whole = Tiles.Find(Tiles.Both(2, 4), weight, 32, 96);
        Tiles.AssertEqual(whole, Tiles.Find(Tiles.Both(2, 4), weight, 32, 96, step: 8));
    }

    [Theory]
    [InlineData("1 2 / 3 4", "1 2")]
    [InlineData("1 3 / 3 4", "2 1")]
    [InlineData("0 0 / 0 0", "1 2")]
    [InlineData("-9 1 / 1 0", "1 2")]
    public void Pairs_keep_the_heavier_diagonal(string text, string expected) =>
        Assert.Equal(expected, Tiles.Print(Tiles.Find(Tiles.Both(1, 2), Tiles.Parse(text), 2, 2)));

    [Theory]
    [InlineData(2)]
    [InlineData(62)]
    [InlineData(64)]
    [InlineData(130)]
    public void Pairs_equal_a_comparison_of_both_patterns(int columns)
    {
        const int Rows = 30;
        foreach (var weight in new[] { Tiles.Integers(Rows * columns, 3, 25), Tiles.Gaussian(Rows * columns, 26) })
        {
            var mask = Tiles.Find(Tiles.Both(1, 2), weight, Rows, columns);
            Assert.True(mask.Follows(Tiles.Both(1, 2)));
            for (var row = 0; row < Rows; row += 2)
                for (var column = 0; column < columns; column += 2)
                {
                    var (upper, lower) = ((row * columns) + column, ((row + 1) * columns) + column);
                    var diagonal = Math.Abs(weight[upper]) + Math.Abs(weight[lower + 1]);
                    var other = Math.Abs(weight[upper + 1]) + Math.Abs(weight[lower]);
                    Assert.Equal(diagonal >= other, mask[row, column]);
                }
        }
    }

    private static void AssertCodes(int keep, float[] weight, int rows, int columns) =>
        Tiles.AssertEqual(Reference(keep, weight, rows, columns), Tiles.Find(Tiles.Both(keep, 4), weight, rows, columns));

    private static unsafe Mask Reference(int keep, float[] weight, int rows, int columns)
    {
        var mask = new Mask(rows, columns);
        fixed (float* first = weight)
            for (var row = 0; row < rows; row += 4)
                for (var column = 0; column < columns; column += 4)
                {
                    var code = TilePatterns.For(keep).Best(first + (row * columns) + column, columns);
                    for (var i = 0; i < 4; i++)
                        MaskBits.Write(mask.Row(row + i), column, 4, (uint)(code >> (4 * i) & 0xF));
                }
        return mask;
    }

    private static string Print(Mask mask) => Tiles.Print(mask);

    private static string Print(int code) =>
        Tiles.Print([(uint)code & 0xF, (uint)(code >> 4) & 0xF, (uint)(code >> 8) & 0xF, (uint)(code >> 12)]);
}
