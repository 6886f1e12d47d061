using SparseSharp.Data;

namespace SparseSharp.Runtime.Tests.Data;

/// <summary>The built-in transforms, with known values.</summary>
public class AugmentationTests
{
    private static readonly float[] Row = [0, 10, 40, 90, 160, 250];

    private static float[] Apply(ImageTransform transform, ImageShape shape, float[] image, TransformContext? context = null)
    {
        // Nothing of what was there before may stay.
        var result = new float[transform.ResultShape(shape).Length];
        Array.Fill(result, float.NaN);
        transform.Apply(shape, image, result, context ?? new());
        return result;
    }

    private static float[] Numbers(ImageShape shape) => [.. Enumerable.Range(1, shape.Length).Select(i => (float)i)];

    private static void AssertNear(float[] expected, float[] actual, float tolerance = 1e-4f)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, actual[i], tolerance));
    }

    [Theory]
    [InlineData(4, true, new[] { 3.75f, 35.5556f, 107.7778f, 216.25f })]
    [InlineData(4, false, new[] { 2.5f, 32.5f, 107.5f, 227.5f })]
    [InlineData(3, true, new[] { 10f, 70f, 188.5714f })]
    [InlineData(3, false, new[] { 5f, 65f, 205f })]
    [InlineData(9, true, new[] { 0f, 5f, 15f, 35f, 65f, 101.6667f, 148.3333f, 205f, 250f })]
    [InlineData(9, false, new[] { 0f, 5f, 15f, 35f, 65f, 101.6667f, 148.3333f, 205f, 250f })]
    [InlineData(6, true, new[] { 0f, 10f, 40f, 90f, 160f, 250f })]
    public void A_row_and_a_column_are_resized_to_known_values(int size, bool antialias, float[] expected)
    {
        AssertNear(expected, Apply(new Resize(1, size) { Antialias = antialias }, new(1, 1, 6), Row));
        AssertNear(expected, Apply(new Resize(size, 1) { Antialias = antialias }, new(1, 6, 1), Row));
    }

    /// <summary>Means over 1.5, over 2 and over 2/3 pixels.</summary>
    [Theory]
    [InlineData(4, new[] { 3.333333f, 30f, 113.333333f, 220f })]
    [InlineData(3, new[] { 5f, 65f, 205f })]
    [InlineData(9, new[] { 0f, 5f, 10f, 40f, 65f, 90f, 160f, 205f, 250f })]
    [InlineData(1, new[] { 91.666667f })]
    [InlineData(6, new[] { 0f, 10f, 40f, 90f, 160f, 250f })]
    public void A_row_and_a_column_are_resized_by_area(int size, float[] expected)
    {
        AssertNear(expected, Apply(new Resize(1, size) { Filter = ResizeFilter.Area }, new(1, 1, 6), Row));
        AssertNear(expected, Apply(new Resize(size, 1) { Filter = ResizeFilter.Area }, new(1, 6, 1), Row));
    }

    /// <summary>Whatever the sizes are, resizing by area keeps the mean.</summary>
    [Fact]
    public void Resizing_by_area_keeps_the_mean()
    {
        var random = new Random(3);
        for (var turn = 0; turn < 50; turn++)
        {
            var shape = new ImageShape(1, random.Next(1, 40), random.Next(1, 40));
            var image = Enumerable.Range(0, shape.Length).Select(_ => random.NextSingle()).ToArray();
            var result = Apply(new Resize(random.Next(1, 40), random.Next(1, 40)) { Filter = ResizeFilter.Area }, shape, image);
            Assert.Equal(image.Average(), result.Average(), 1e-5f);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(2, 2) { Filter = (ResizeFilter)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(2) { Filter = (ResizeFilter)(-1) });
    }

    [Fact]
    public void Rows_columns_and_channels_are_resized_apart_from_each_other()
    {
        float[] factors = [1, -2, 0.5f, 3, 5];
        var image = new float[2 * 5 * 6];
        for (var i = 0; i < image.Length; i++)
            image[i] = (i < 30 ? 1 : 7) * factors[i / 6 % 5] * Row[i % 6];
        var columns = Apply(new Resize(1, 4), new(1, 1, 6), Row);
        var rows = Apply(new Resize(3, 1), new(1, 5, 1), factors);
        var expected = Enumerable.Range(0, 24).Select(i => (i < 12 ? 1 : 7) * rows[i / 4 % 3] * columns[i % 4]).ToArray();
        AssertNear(expected, Apply(new Resize(3, 4), new(2, 5, 6), image), 1e-2f);
    }

    [Theory]
    [InlineData(375, 500, 256, 341)]
    [InlineData(500, 375, 341, 256)]
    [InlineData(256, 256, 256, 256)]
    [InlineData(100, 33, 775, 256)]
    public void The_short_side_gets_its_length(int height, int width, int resultHeight, int resultWidth) =>
        Assert.Equal(new ImageShape(3, resultHeight, resultWidth), Resize.ShortSide(256).ResultShape(new(3, height, width)));

    [Fact]
    public void An_even_image_stays_even()
    {
        foreach (var (height, width) in ((int, int)[])[(1, 1), (3, 50), (17, 4), (31, 29)])
            Assert.All(Apply(new Resize(height, width), new(1, 12, 13), [.. Enumerable.Repeat(0.7f, 156)]), value => Assert.Equal(0.7f, value, 1e-6f));
    }

    /// <summary>Margins of 1, 3 and 5 pixels become 0 and 1, 2 and 1, 2 and 3.</summary>
    [Theory]
    [InlineData(7, 6, 0)]
    [InlineData(5, 3, 1)]
    [InlineData(3, 3, 0)]
    [InlineData(6, 3, 2)]
    [InlineData(8, 3, 2)]
    public void The_middle_is_cut_out(int side, int size, int first)
    {
        var shape = new ImageShape(2, side, side);
        var expected =
            from channel in Enumerable.Range(0, 2)
            from y in Enumerable.Range(first, size)
            from x in Enumerable.Range(first, size)
            select (float)((channel * side * side) + (y * side) + x + 1);
        Assert.Equal(expected, Apply(new CenterCrop(size), shape, Numbers(shape)));
    }

    [Fact]
    public void A_crop_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new CenterCrop(5, 4).ResultShape(new(3, 4, 4)));
        Assert.Equal(new ImageShape(3, 4, 3), new CenterCrop(4, 3).ResultShape(new(3, 4, 4)));
        Assert.Throws<ArgumentException>(() => new RandomCrop(5, 4).ResultShape(new(3, 4, 4)));
        Assert.Equal(new ImageShape(3, 6, 4), new RandomCrop(6, 4) { Padding = 1 }.ResultShape(new(3, 4, 4)));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(RandomCrop.Grey)]
    public void A_random_crop_takes_every_place_of_the_padded_image_equally_often(float fill)
    {
        const int Padding = 4;
        var shape = new ImageShape(2, 8, 8);
        var image = Numbers(shape);
        var crop = new RandomCrop(8) { Padding = Padding, Fill = fill };
        var counts = new int[9, 9];
        for (var number = 0; number < 8100; number++)
        {
            var result = Apply(crop, shape, image, new(seed: 1, epoch: 0, number));
            // The place follows from any pixel of the image that is seen.
            var seen = Array.FindIndex(result, value => value >= 1);
            var (top, left) = ((((int)result[seen] - 1) / 8) - (seen / 8), (((int)result[seen] - 1) % 8) - (seen % 8));
            counts[top + Padding, left + Padding]++;
            var expected =
                from channel in Enumerable.Range(0, 2)
                from y in Enumerable.Range(top, 8)
                from x in Enumerable.Range(left, 8)
                select y is < 0 or > 7 || x is < 0 or > 7 ? fill : image[(channel * 64) + (y * 8) + x];
            Assert.Equal(expected, result);
        }
        // 100 each, deviation 10.
        foreach (var count in counts)
            Assert.InRange(count, 50, 150);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored_and_nothing_else_changes()
    {
        var shape = new ImageShape(2, 2, 3);
        var image = Numbers(shape);
        float[] mirrored = [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10];
        var flips = 0;
        for (var number = 0; number < 1000; number++)
        {
            var result = Apply(new RandomHorizontalFlip(), shape, image, new(seed: 2, epoch: 3, number));
            Assert.Equal(result[0] == 3 ? mirrored : image, result);
            flips += result[0] == 3 ? 1 : 0;
        }
        Assert.InRange(flips, 440, 560);
        Assert.Equal(mirrored, Apply(new RandomHorizontalFlip(1), shape, image));
        Assert.Equal(image, Apply(new RandomHorizontalFlip(0), shape, image));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(1.5));
    }

    /// <summary>The same random numbers for both would tie them together.</summary>
    [Fact]
    public void Flips_and_crops_are_independent()
    {
        var counts = new int[2, 2];
        var data = Dataset.FromBytes(
            Enumerable.Repeat(new byte[] { 1, 2, 3 }, 4000).SelectMany(row => row).ToArray(), new(1, 1, 3), new int[4000])
            .Transform(new RandomHorizontalFlip(), new RandomCrop(1, 2)).ToMemory();
        for (var i = 0; i < data.Count; i++)
        {
            int[] values = [.. data.Input(i).ToArray().Select(value => (int)MathF.Round(value * 255))];
            counts[values[0] < values[1] ? 0 : 1, values.Contains(1) ? 0 : 1]++;
        }
        foreach (var count in counts)
            Assert.InRange(count, 880, 1120);
    }

    [Fact]
    public void A_random_resized_crop_has_the_areas_and_ratios_it_should()
    {
        var crop = new RandomResizedCrop(24);
        var shape = new ImageShape(3, 300, 400);
        var areas = new List<double>();
        var ratios = new List<double>();
        for (var number = 0; number < 4000; number++)
        {
            var part = crop.Draw(shape, new TransformContext(seed: 4, epoch: 0, number).Random);
            Assert.InRange(part.Top, 0, 300 - part.Height);
            Assert.InRange(part.Left, 0, 400 - part.Width);
            areas.Add(part.Height * part.Width / 120_000.0);
            ratios.Add((double)part.Width / part.Height);
        }
        Assert.InRange(areas.Min(), 0.079, 0.1);
        Assert.InRange(areas.Max(), 0.95, 1);
        Assert.InRange(ratios.Min(), 0.745, 0.76);
        Assert.InRange(ratios.Max(), 1.32, 1.345);
        // Large parts of a ratio that does not fit are drawn again.
        Assert.InRange(areas.Average(), 0.41, 0.46);
        Assert.Equal(new ImageShape(3, 24, 24), crop.ResultShape(shape));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(8) { MinArea = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(8) { MaxArea = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(8) { MinRatio = 1.5 });
    }

    [Theory]
    [InlineData(100, 100, 0, 0, 100, 100)]
    [InlineData(100, 120, 0, 0, 100, 120)]
    [InlineData(100, 1000, 0, 433, 100, 133)]
    [InlineData(1000, 100, 433, 0, 133, 100)]
    [InlineData(1, 9, 0, 4, 1, 1)]
    public void An_image_of_extreme_ratio_gives_its_middle(int height, int width, int top, int left, int partHeight, int partWidth) =>
        Assert.Equal(new ImagePart(top, left, partHeight, partWidth), new RandomResizedCrop(8).Middle(new(3, height, width)));

    /// <summary>No part of an area of the whole and a ratio of 1 fits into a long image.</summary>
    [Fact]
    public void After_ten_tries_the_middle_is_taken()
    {
        var crop = new RandomResizedCrop(8) { MinArea = 1, MaxArea = 1, MinRatio = 1 };
        Assert.Equal(new ImagePart(0, 45, 10, 10), crop.Draw(new(1, 10, 100), new TransformContext(1).Random));
        var image = new float[1000];
        for (var i = 0; i < image.Length; i++)
            image[i] = i % 100;
        var result = Apply(crop, new(1, 10, 100), image);
        AssertNear([.. Enumerable.Range(0, 64).Select(i => result[i % 8])], result);
        Assert.Equal(49.5f, (result[3] + result[4]) / 2, 1e-3f);
        Assert.InRange(result[0], 45, 46);
    }

    [Fact]
    public void Light_is_added_along_known_directions()
    {
        float[] golden = [-.012343f, -.012632f, -.012693f];
        Assert.All(golden, (value, channel) => Assert.Equal(value, Lighting.Shift(channel, 0.1, 0, 0), 1e-6f));
        Assert.Equal(.7192f * .0188f * 2, Lighting.Shift(0, 0, 2, 0), 1e-6f);
        Assert.Equal(-.8140f * .0045f * 3, Lighting.Shift(1, 0, 0, 3), 1e-6f);
        var shape = new ImageShape(3, 2, 2);
        var random = new TransformContext(seed: 9).Random;
        double[] factors = [0.1 * random.Normal(), 0.1 * random.Normal(), 0.1 * random.Normal()];
        var expected = Numbers(shape).Select((value, i) => value + Lighting.Shift(i / 4, factors[0], factors[1], factors[2]));
        Assert.Equal(expected, Apply(new Lighting(), shape, Numbers(shape), new(seed: 9)));
        Assert.Equal(Numbers(shape), Apply(new Lighting(0), shape, Numbers(shape)));
        Assert.Throws<ArgumentException>(() => new Lighting().ResultShape(new(1, 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lighting(-1));
    }

    [Theory]
    [InlineData(16, 16, 16, 8, 24, 8, 24)]
    [InlineData(16, 0, 31, 0, 8, 23, 32)]
    [InlineData(16, 3, 20, 0, 11, 12, 28)]
    [InlineData(5, 10, 10, 8, 12, 8, 12)]
    [InlineData(2, 31, 0, 30, 32, 0, 1)]
    public void A_hole_is_cut_at_the_border(int length, int y, int x, int top, int bottom, int left, int right)
    {
        var shape = new ImageShape(3, 32, 32);
        var image = Numbers(shape);
        new Cutout(length).Clear(shape, image, y, x);
        for (var i = 0; i < image.Length; i++)
        {
            var (row, column) = (i / 32 % 32, i % 32);
            Assert.Equal(row >= top && row < bottom && column >= left && column < right ? 0 : i + 1, image[i]);
        }
    }

    [Fact]
    public void Holes_are_anywhere()
    {
        var shape = new ImageShape(1, 8, 8);
        var cleared = new int[64];
        for (var number = 0; number < 6400; number++)
        {
            var result = Apply(new Cutout(2) { Fill = -1 }, shape, Numbers(shape), new(seed: 1, epoch: 0, number));
            for (var i = 0; i < 64; i++)
                cleared[i] += result[i] == -1 ? 1 : 0;
        }
        // Each of 64 centres clears the pixels above and left of it and its own: a corner at the end is in one hole, the others in 2 or 4.
        Assert.InRange(cleared[63], 60, 140);
        Assert.InRange(cleared[27], 330, 470);
        var two = Apply(new Cutout(4) { Holes = 30 }, shape, Numbers(shape));
        Assert.InRange(two.Count(value => value == 0), 40, 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cutout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cutout(4) { Holes = 0 });
    }

    [Theory]
    [InlineData(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    [InlineData(90, 7, 4, 1, 8, 5, 2, 9, 6, 3)]
    [InlineData(180, 9, 8, 7, 6, 5, 4, 3, 2, 1)]
    [InlineData(-90, 3, 6, 9, 2, 5, 8, 1, 4, 7)]
    public void Right_angles_move_pixels_exactly(double degrees, params int[] expected) =>
        Assert.Equal(expected.Select(value => (float)value), Warp(AffineMap.Of(degrees), new(1, 3, 3)));

    [Fact]
    public void Images_are_moved_scaled_and_sheared()
    {
        // Two to the right, one down.
        Assert.Equal([-1, -1, -1, -1, -1, 1, -1, -1, 4], Warp(AffineMap.Of(0, right: 2, down: 1), new(1, 3, 3)));
        // Half a pixel to the right.
        AssertNear([0.5f, 1.5f, 2.5f], Warp(AffineMap.Of(0, right: 0.5), new(1, 1, 3)));
        // Twice as large: from the middle outwards every half pixel, in both channels.
        AssertNear([1.5f, 2, 2.5f, 4.5f, 5, 5.5f], Warp(AffineMap.Of(0, scale: 2), new(2, 1, 3)));
        // Rows above the middle go to the left, those below to the right.
        Assert.Equal([2, 3, -1, 4, 5, 6, -1, 7, 8], Warp(AffineMap.Of(0, shear: 45), new(1, 3, 3)).Select(value => MathF.Round(value)));
    }

    /// <summary>A turned disc is a disc, and turning back gives the image back but for its blur.</summary>
    [Fact]
    public void Turning_forth_and_back_is_near_the_image()
    {
        var shape = new ImageShape(1, 21, 21);
        float[] image = [.. Enumerable.Range(0, 441).Select(i => Place(i) < 64 ? 1 + (0.1f * MathF.Cos(i / 21 / 3f)) : 0f)];
        var there = new float[441];
        var back = new float[441];
        AffineMap.Of(30).Apply(shape, image, there, 0);
        AffineMap.Of(-30).Apply(shape, there, back, 0);
        Assert.InRange(image.Zip(back, (a, b) => Math.Abs(a - b)).Where((_, i) => Place(i) < 36).Max(), 0, 0.02);
        Assert.InRange(image.Zip(back, (a, b) => Math.Abs(a - b)).Average(), 0, 0.05);

        static int Place(int i) => (((i / 21) - 10) * ((i / 21) - 10)) + (((i % 21) - 10) * ((i % 21) - 10));
    }

    [Fact]
    public void Random_amounts_stay_within_their_bounds()
    {
        var affine = new RandomAffine(20) { Shift = 0.1, MinScale = 0.5, MaxScale = 2, Shear = 0, Fill = -3 };
        var shape = new ImageShape(1, 20, 30);
        var (angles, scales) = (new List<double>(), new List<double>());
        for (var number = 0; number < 2000; number++)
        {
            var map = affine.Draw(shape, new TransformContext(seed: 4, epoch: 1, number).Random);
            angles.Add(Math.Atan2(map.Xy, map.Xx) * 180 / Math.PI);
            scales.Add(1 / Math.Sqrt((map.Xx * map.Xx) + (map.Xy * map.Xy)));
            // b = -A·(right, down)
            var (right, down) = Solve(map);
            Assert.InRange(right, -3.0001, 3.0001);
            Assert.InRange(down, -2.0001, 2.0001);
        }
        Assert.InRange(angles.Min(), -20, -19.8);
        Assert.InRange(angles.Max(), 19.8, 20);
        Assert.InRange(angles.Average(), -0.8, 0.8);
        Assert.InRange(scales.Min(), 0.4999, 0.51);
        Assert.InRange(scales.Max(), 1.98, 2.0001);
        var rotation = new RandomRotation(180) { Fill = 7 };
        Assert.Equal(7, rotation.Fill);
        Assert.Contains(7, Apply(rotation, new(1, 9, 2), new float[18], new(seed: 3)));
        Assert.Equal(Numbers(shape), Apply(new RandomRotation(0), shape, Numbers(shape)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(181));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(1) { Shift = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(1) { Shear = 90 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(1) { MinScale = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(1) { MaxScale = double.PositiveInfinity });

        static (double Right, double Down) Solve(AffineMap map)
        {
            var determinant = (map.Xx * map.Yy) - (map.Xy * map.Yx);
            return (((map.Xy * map.Y) - (map.Yy * map.X)) / determinant, ((map.Yx * map.X) - (map.Xx * map.Y)) / determinant);
        }
    }

    private static float[] Warp(AffineMap map, ImageShape shape)
    {
        var result = new float[shape.Length];
        map.Apply(shape, Numbers(shape), result, shape.Height == 3 ? -1 : 0);
        return result;
    }

    [Fact]
    public void The_usual_augmentation_allocates_nothing_per_batch()
    {
        var data = Dataset.FromBytes(new byte[500 * 3072], new(3, 32, 32), new int[500]).Transform(
            new RandomCrop(32) { Padding = 4, Fill = RandomCrop.Grey },
            new RandomHorizontalFlip(),
            new RandomResizedCrop(24),
            Resize.ShortSide(28),
            new CenterCrop(26),
            new RandomAffine(10) { Shift = 0.1 },
            new RandomRotation(5),
            new Lighting(),
            ChannelStandardization.Cifar10,
            new Cutout(8));
        long loading = 0;
        var start = long.MaxValue;
        using var loader = new BatchLoader(data, 5, seed: 5, augmentations: 2, transform: (_, epoch, index) =>
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            start = epoch == 1 && index == 0 ? allocated : start;
            loading = epoch == 1 && index == 99 ? allocated - start : 0;
        });
        for (var epoch = 0; epoch < 2; epoch++)
        {
            loader.Start(epoch);
            while (loader.TryNext(out _)) { }
        }
        Assert.Equal(0, loading);
    }
}
