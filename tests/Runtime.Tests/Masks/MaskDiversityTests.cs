using SparseSharp.Patterns;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed class MaskDiversityTests
{
    /// <summary>Exact counts of the specification, for a tile of 8 by 8.</summary>
    [Fact]
    public void Golden_counts()
    {
        Assert.Equal(Math.Log10(116_963_796_250), MaskDiversity.Log10(Tiles.Both(4, 8))!.Value, 1e-12);
        Assert.Equal(Math.Log10(187_530_840), MaskDiversity.Log10(Tiles.Both(2, 8))!.Value, 1e-12);
        Assert.Equal(4 * Math.Log10(90), MaskDiversity.Log10(Tiles.Both(2, 4))!.Value, 1e-12);
        Assert.Equal(8 * Math.Log10(70), MaskDiversity.Log10(Tiles.Rows(4, 8))!.Value, 1e-12);
        Assert.Equal(16 * Math.Log10(6), MaskDiversity.Log10(Tiles.Rows(2, 4))!.Value, 1e-12);
    }

    /// <summary>The rounded figures of the table in the specification.</summary>
    [Theory]
    [InlineData(4, 8, false, 14.76)]
    [InlineData(2, 4, false, 12.45)]
    [InlineData(4, 8, true, 11.07)]
    [InlineData(2, 8, true, 8.27)]
    [InlineData(2, 4, true, 7.82)]
    public void Golden_logarithms(int keep, int group, bool transposable, double expected) =>
        Assert.Equal(expected, MaskDiversity.Log10(new NMPattern(keep, group, transposable))!.Value, .005);

    [Fact]
    public void One_of_M_is_a_permutation()
    {
        Assert.Equal(4 * Math.Log10(24), MaskDiversity.Log10(Tiles.Both(1, 4))!.Value, 1e-12);
        Assert.Equal(Math.Log10(40320), MaskDiversity.Log10(Tiles.Both(1, 8))!.Value, 1e-12);
        Assert.Equal(Math.Log10(40320), MaskDiversity.Log10(Tiles.Both(7, 8))!.Value, 1e-12);
        Assert.Equal(16 * Math.Log10(2), MaskDiversity.Log10(Tiles.Both(1, 2))!.Value, 1e-12);
    }

    [Fact]
    public void Large_tiles_are_not_counted() => Assert.Null(MaskDiversity.Log10(Tiles.Both(8, 16)));
}
