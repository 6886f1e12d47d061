using SparseSharp.Masks;
using SparseSharp.Masks.Search;
using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed class MaskTests
{
    [Fact]
    public void Bits_are_set_counted_and_checked()
    {
        var mask = new Mask(3, 70);
        mask[2, 69] = true;
        mask[0, 0] = true;
        mask[0, 0] = false;
        Assert.True(mask[2, 69]);
        Assert.Equal(1, mask.Count);
        Assert.Equal(1 / 210.0, mask.Density);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[0, 70]);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[-1, 0]);
    }

    [Fact]
    public void Magnitude_keeps_the_largest()
    {
        var mask = Mask.Magnitude([1, -2, 3, -4, 5, 6, -7, 8], 2, 4, Tiles.Rows(2, 4));
        Assert.Equal("C C", Tiles.Print(mask));
        Assert.Equal(.5, mask.Density);
        Assert.Equal(22 / 36.0, mask.RetainedMass([1, -2, 3, -4, 5, 6, -7, 8]));
    }

    [Fact]
    public void Magnitude_names_shapes_that_do_not_fit()
    {
        var weight = new float[24];
        Assert.Contains(
            "input features divisible by 4, not 6",
            Assert.Throws<ArgumentException>(() => Mask.Magnitude(weight, 4, 6, Tiles.Rows(2, 4))).Message);
        Assert.Contains(
            "output features divisible by 4, not 6",
            Assert.Throws<ArgumentException>(() => Mask.Magnitude(weight, 6, 4, Tiles.Both(2, 4))).Message);
        Assert.Contains(
            "are 32 numbers, not 24", Assert.Throws<ArgumentException>(() => Mask.Magnitude(weight, 8, 4, Tiles.Rows(2, 4))).Message);
        Assert.Contains("4:4", Assert.Throws<ArgumentException>(() => Mask.Magnitude(weight, 6, 4, Tiles.Rows(4, 4))).Message);
        Assert.Contains(
            "is [2, 2], not [6, 4]",
            Assert.Throws<ArgumentException>(() => Mask.Magnitude(weight, 6, 4, Tiles.Rows(2, 4), new Mask(2, 2))).Message);
    }

    [Theory]
    [InlineData(float.NaN, false, 2, 4)]
    [InlineData(float.PositiveInfinity, true, 2, 4)]
    [InlineData(float.NegativeInfinity, true, 4, 8)]
    [InlineData(float.NaN, true, 1, 2)]
    public unsafe void A_weight_that_is_not_finite_is_named(float value, bool transposable, int keep, int group)
    {
        var weight = Tiles.Gaussian(32 * 104, 40);
        weight[(17 * 104) + 103] = value;
        weight[(18 * 104) + 3] = float.NaN;
        var mask = new Mask(32, 104);
        var error = Assert.Throws<NotFiniteNumberException>(() =>
        {
            fixed (float* first = weight)
                MaskSearch.Find(new NMShape(keep, group, transposable), first, 104, 16, 16, mask, null, "stem.weight");
        });
        Assert.StartsWith("stem.weight[17, 103] is " + value, error.Message);
    }

    [Fact]
    public void Follows_accepts_what_the_search_finds()
    {
        foreach (var pattern in new[] { Tiles.Rows(
            2, 4), Tiles.Both(2, 4), Tiles.Both(4, 8), Tiles.Rows(4, 8), Tiles.Both(1, 2), Tiles.Both(3, 6) })
        {
            var mask = Mask.Magnitude(Tiles.Gaussian(48 * 72, 41), 48, 72, pattern);
            Assert.True(mask.Follows(pattern));
            Assert.True(mask.Follows(pattern with { Transposable = false }));
            mask[0, 0] = !mask[0, 0];
            Assert.False(mask.Follows(pattern));
        }
    }

    [Fact]
    public void Check_names_the_first_group_at_fault()
    {
        var mask = Mask.Magnitude(Tiles.Gaussian(8 * 8, 42), 8, 8, Tiles.Both(2, 4));
        var more = mask.Copy();
        more[5, 4] = more[5, 5] = more[5, 6] = more[5, 7] = true;
        Assert.Equal(
            "The mask is not 2:4: row 5 keeps 4 of columns 4 to 7. Mask.Magnitude finds a mask that is.", Error(more, Tiles.Rows(2, 4)));

        var rows = new Mask(8, 8);
        for (var row = 0; row < 8; row++)
            for (var column = 0; column < 8; column += 4)
                rows[row, column] = rows[row, column + 1] = true;
        Assert.True(rows.Follows(Tiles.Rows(2, 4)));
        Assert.Equal(
            "The mask is not 2:4 transposable: column 0 keeps 4 of rows 0 to 3. Mask.Magnitude finds a mask that is.",
            Error(rows, Tiles.Both(2, 4)));
        Assert.Equal(
            "The mask is [8, 8], the weights are [8, 16].",
            Assert.Throws<ArgumentException>(() => rows.Check(Tiles.Rows(2, 4), 8, 16)).Message);
        mask.Check(Tiles.Both(2, 4), 8, 8);
    }

    [Fact]
    public void The_first_column_at_fault_is_found_in_every_word()
    {
        foreach (var (keep, group) in ((int, int)[])[(1, 2), (3, 6), (16, 32)])
        {
            var pattern = Tiles.Both(keep, group);
            var (rows, columns) = (2 * group, 192);
            var mask = Mask.Magnitude(Tiles.Gaussian(rows * columns, 46), rows, columns, pattern);
            for (var column = 0; column < columns; column += 7)
            {
                // Rows stay as they have to be: a kept weight moves within its group.
                var moved = mask.Copy();
                var first = column / group * group;
                var other = Enumerable.Range(first, group).First(c => moved[group, c] != moved[group, column]);
                (moved[group, column], moved[group, other]) = (moved[group, other], moved[group, column]);
                var fault = Math.Min(column, other);
                Assert.Equal(
                    $"column {fault} keeps {(moved[group, fault] ? keep + 1 : keep - 1)} of rows {group} to {(2 * group) - 1}",
                    pattern.FirstFault(moved));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(190)]
    public void Clear_leaves_what_is_kept(int columns)
    {
        var random = new Random(columns);
        var mask = new Mask(5, columns);
        for (var i = 0; i < 5 * columns; i++)
            mask[i / columns, i % columns] = random.Next(2) == 1;
        var weight = Tiles.Gaussian(5 * columns, 47);
        float[] expected = [.. weight.Select((value, i) => mask[i / columns, i % columns] ? value : 0)];
        mask.Clear(weight);
        Assert.Equal(expected, weight);
        mask.Clear([]);
    }

    [Fact]
    public void Flips_are_bits_of_one_mask_only()
    {
        var (first, second) = (new Mask(10, 100), new Mask(10, 100));
        first[3, 99] = second[4, 0] = second[9, 64] = true;
        first[5, 5] = second[5, 5] = true;
        Assert.Equal(3, first.Flips(second));
        Assert.Equal(3, second.Flips(first));
        Assert.Equal(2, first.Flips(second, 3, 2));
        Assert.Equal(0, first.Flips(first.Copy()));
        Assert.Throws<ArgumentException>(() => first.Flips(new Mask(10, 99)));
    }

    /// <summary>Retained mass of Gaussian weights, the table of the specification.</summary>
    [Theory]
    [InlineData(1, 2, .707, .648)]
    [InlineData(2, 4, .745, .703)]
    [InlineData(4, 8, .768, .743)]
    [InlineData(8, 16, .782, .768)]
    [InlineData(16, 32, .789, .781)]
    [InlineData(1, 4, .459, .412)]
    [InlineData(2, 8, .484, .455)]
    [InlineData(4, 16, .499, .483)]
    [InlineData(8, 32, .507, .500)]
    public void Retained_mass_of_gaussian_weights(int keep, int group, double rowWise, double transposable)
    {
        var weight = Tiles.Gaussian(256 * 512, 43);
        Assert.Equal(rowWise, Mask.Magnitude(weight, 256, 512, Tiles.Rows(keep, group)).RetainedMass(weight), .003);
        Assert.Equal(transposable, Mask.Magnitude(weight, 256, 512, Tiles.Both(keep, group)).RetainedMass(weight), .004);
    }

    [Fact]
    public void Retained_mass_of_zeros_is_one() => Assert.Equal(1, new Mask(2, 2).RetainedMass(new float[4]));

    [Fact]
    public unsafe void The_search_allocates_nothing_after_the_first_call()
    {
        var weight = Tiles.Gaussian(96 * 96, 44);
        foreach (var pattern in new[] { Tiles.Rows(
            2, 4), Tiles.Rows(8, 16), Tiles.Both(1, 2), Tiles.Both(2, 4), Tiles.Both(1, 4), Tiles.Both(4, 8), Tiles.Both(16, 32) })
        {
            var mask = new Mask(96, 96);
            Assert.Equal(0, Allocations.LeastOf(() =>
            {
                fixed (float* first = weight)
                    MaskSearch.Find(pattern.Shape, first, 96, 0, 96, mask, null, "weight");
            }));
        }
    }

    [Fact]
    public unsafe void Disjoint_rows_may_be_searched_at_the_same_time()
    {
        var weight = Tiles.Gaussian(256 * 200, 45);
        foreach (var pattern in new[] { Tiles.Rows(2, 4), Tiles.Both(2, 4), Tiles.Both(4, 8) })
        {
            var expected = Mask.Magnitude(weight, 256, 200, pattern);
            var mask = new Mask(256, 200);
            Parallel.For(0, 16, slice =>
            {
                fixed (float* first = weight)
                    MaskSearch.Find(pattern.Shape, first, 200, 16 * slice, 16, mask, null, "weight");
            });
            Tiles.AssertEqual(expected, mask);
        }
    }

    private static string Error(Mask mask, NMPattern pattern) => Assert.Throws<ArgumentException>(() => mask.Check(pattern, 8, 8)).Message;
}
