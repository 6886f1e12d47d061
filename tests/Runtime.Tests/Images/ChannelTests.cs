using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Images;

/// <summary>Moves of channels, their gradients, and larger images.</summary>
public sealed class ChannelTests
{
    /// <summary>The shortcut of a residual block without weights, from two channels to four.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Each_second_pixel_with_channels_of_zeros(int members)
    {
        var (input, output) = (new ImageLayout(2, 4, 4, border: 1), new ImageLayout(4, 2, 2, border: 0));
        using var panel = new ImagePanel(input, output, input);
        panel.Set(0, Repeat([.. Enumerable.Range(1, 32).Select(number => (float)number)]));
        var slots = panel.Slots;
        panel.Run(members, (in pass) => ChannelPass.Take(
            in pass, ref pass.Slot(slots[0]), input, 0, ref pass.Slot(slots[1]), output, 1, 2, stride: 2, clear: true, accumulate: false));
        Assert.Equal(Repeat([0, 0, 0, 0, 1, 3, 9, 11, 17, 19, 25, 27, 0, 0, 0, 0]), panel.Get(1));

        panel.Run(members, (in pass) => ChannelPass.TakeGrad(
            in pass, ref pass.Slot(slots[1]), output, 1, ref pass.Slot(slots[2]), input, 0, 2, stride: 2, accumulate: false));
        float[] gradient =
        [
            1, 0, 3, 0, 0, 0, 0, 0, 9, 0, 11, 0, 0, 0, 0, 0, 17, 0, 19, 0, 0, 0, 0, 0, 25, 0, 27, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(Repeat(gradient), panel.Get(2));
        panel.Run(members, (in pass) => ChannelPass.TakeGrad(
            in pass, ref pass.Slot(slots[1]), output, 1, ref pass.Slot(slots[2]), input, 0, 2, stride: 2, accumulate: true));
        Assert.Equal(Repeat([.. gradient.Select(number => 2 * number)]), panel.Get(2));
        Assert.True(panel.IsPaddingClear(2));
    }

    /// <summary>Rows and columns that are not a multiple of the stride.</summary>
    [Theory]
    [InlineData(2, 5, 6, 3, 3)]
    [InlineData(3, 7, 4, 3, 2)]
    [InlineData(1, 3, 3, 3, 3)]
    public void Strides(int stride, int rows, int columns, int resultRows, int resultColumns)
    {
        var (input, output) = (new ImageLayout(3, rows, columns, border: 1), new ImageLayout(2, resultRows, resultColumns, border: 1));
        var x = ImagePanel.Numbers(ImagePanel.Samples * input.Features, seed: 1);
        using var panel = new ImagePanel(input, output, input);
        panel.Set(0, x);
        var slots = panel.Slots;
        panel.Run(2, (in pass) => ChannelPass.Take(
            in pass, ref pass.Slot(slots[0]), input, 1, ref pass.Slot(slots[1]), output, 0, 2, stride, clear: false, accumulate: false));
        panel.Run(2, (in pass) => ChannelPass.TakeGrad(
            in pass, ref pass.Slot(slots[1]), output, 0, ref pass.Slot(slots[2]), input, 1, 2, stride, accumulate: false));
        var gradient = panel.Get(2);
        for (var i = 0; i < x.Length; i++)
        {
            var (rest, column) = Math.DivRem(i, columns);
            (rest, var row) = Math.DivRem(rest, rows);
            var isTaken = rest % 3 > 0 && row % stride == 0 && column % stride == 0;
            Assert.Equal(isTaken ? x[i] : 0, gradient[i]);
        }
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(6, 3)]
    [InlineData(5, 5)]
    [InlineData(4, 1)]
    public void Shuffled_channels(int channels, int groups)
    {
        var image = new ImageLayout(channels, 2, 3, border: 1);
        var x = ImagePanel.Numbers(ImagePanel.Samples * image.Features, seed: groups);
        using var panel = new ImagePanel(image, image, image);
        panel.Set(0, x);
        var slots = panel.Slots;
        panel.Run(3, (in pass) => ChannelPass.Shuffle(
            in pass, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), image, image, groups, accumulate: false));
        panel.Run(2, (in pass) => ChannelPass.Shuffle(
            in pass, ref pass.Slot(slots[1]), ref pass.Slot(slots[2]), image, image, channels / groups, accumulate: false));
        Assert.Equal(x, panel.Get(2));
        var y = panel.Get(1);
        for (var channel = 0; channel < channels; channel++)
        {
            // [groups, each] turned into [each, groups].
            var source = (channel % groups * (channels / groups)) + (channel / groups);
            Assert.Equal(x[(source * 6)..((source + 1) * 6)], y[(channel * 6)..((channel + 1) * 6)]);
        }
    }

    [Fact]
    public void Channels_that_are_not_there_are_refused()
    {
        var image = new ImageLayout(3, 2, 2, border: 0);
        Assert.Throws<ArgumentException>(() => Take(from: 1, to: 0, channels: 3, stride: 1));
        Assert.Throws<ArgumentException>(() => Take(from: 0, to: -1, channels: 1, stride: 1));
        Assert.Throws<ArgumentException>(() => Take(from: 0, to: 0, channels: 0, stride: 1));
        Assert.Throws<ArgumentException>(() => Take(from: 0, to: 0, channels: 1, stride: 2));

        void Take(int from, int to, int channels, int stride)
        {
            using var panel = new ImagePanel(image, image);
            var slots = panel.Slots;
            panel.Run(1, (in pass) => ChannelPass.Take(
                in pass, ref pass.Slot(slots[0]), image, from, ref pass.Slot(slots[1]), image, to, channels, stride, clear: false,
                accumulate: false));
        }
    }

    [Fact]
    public void Larger_images_between_pixels() =>
        CheckUpsample(
            [1, 2, 3, 4], rows: 2, factor: 2, isBilinear: true,
            [1, 1.25f, 1.75f, 2, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3, 3.25f, 3.75f, 4]);

    [Fact]
    public void Larger_images_of_the_nearest_pixels() =>
        CheckUpsample([1, 2], rows: 1, factor: 3, isBilinear: false, [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);

    /// <summary>With the sum of products of a gradient and its result: both are linear.</summary>
    [Theory]
    [InlineData(3, 5, 2, true)]
    [InlineData(1, 1, 3, true)]
    [InlineData(4, 3, 3, true)]
    [InlineData(3, 5, 2, false)]
    [InlineData(4, 3, 4, false)]
    public void Gradients_of_larger_images(int rows, int columns, int factor, bool isBilinear)
    {
        var input = new ImageLayout(3, rows, columns, border: 1);
        var output = new ImageLayout(3, rows * factor, columns * factor, border: 0);
        var x = ImagePanel.Numbers(ImagePanel.Samples * input.Features, seed: 1);
        var dy = ImagePanel.Numbers(ImagePanel.Samples * output.Features, seed: 2);
        var (y, dx) = Upsample(input, output, x, dy, factor, isBilinear, members: 1);
        Assert.Equal(Product(y, dy), Product(x, dx), 1e-4);
        for (var members = 2; members <= 4; members++)
        {
            var (again, gradientAgain) = Upsample(input, output, x, dy, factor, isBilinear, members);
            Assert.Equal(y, again);
            Assert.Equal(dx, gradientAgain);
        }

        static double Product(float[] a, float[] b) => a.Zip(b, (u, v) => (double)u * v).Sum();
    }

    private static void CheckUpsample(float[] image, int rows, int factor, bool isBilinear, float[] expected)
    {
        var columns = image.Length / rows;
        var input = new ImageLayout(1, rows, columns, border: 1);
        var output = new ImageLayout(1, rows * factor, columns * factor, border: 1);
        var x = Repeat(image);
        Assert.Equal(Repeat(expected), Upsample(input, output, x, Repeat(expected), factor, isBilinear, members: 2).Y);
    }

    private static (float[] Y, float[] DX) Upsample(
        ImageLayout input, ImageLayout output, float[] x, float[] dy, int factor, bool isBilinear, int members)
    {
        using var panel = new ImagePanel(input, output, output, input);
        panel.Set(0, x);
        panel.Set(2, dy);
        var slots = panel.Slots;
        panel.Run(members, (in pass) =>
        {
            if (isBilinear)
                UpsamplePass.Bilinear(in pass, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), input, output, factor);
            else
                UpsamplePass.Nearest(in pass, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), input, output, factor);
        });
        foreach (var accumulate in new[] { false, true })
        {
            panel.Run(members, (in pass) =>
            {
                if (isBilinear)
                    UpsamplePass.BilinearGrad(in pass, ref pass.Slot(slots[2]), ref pass.Slot(slots[3]), input, output, factor, accumulate);
                else
                    UpsamplePass.NearestGrad(in pass, ref pass.Slot(slots[2]), ref pass.Slot(slots[3]), input, output, factor, accumulate);
            });
        }
        Assert.True(panel.IsPaddingClear(3));
        return (panel.Get(1), [.. panel.Get(3).Select(gradient => gradient / 2)]);
    }

    private static float[] Repeat(float[] image) => [.. Enumerable.Repeat(image, ImagePanel.Samples).SelectMany(numbers => numbers)];
}
