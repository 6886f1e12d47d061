using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Images;

/// <summary>Pruned images against scalar references.</summary>
public sealed class PruneTests
{
    private const ulong Key = 0x0123456789ABCDEF;

    public static TheoryData<int, int, int, int, int, int, int> Cases() => new()
    {
        // channels, rows, columns, border, N, M, members
        { 4, 3, 8, 1, 2, 4, 1 },
        { 6, 5, 7, 2, 1, 2, 3 },
        { 8, 4, 3, 0, 2, 4, 2 },
        { 8, 1, 1, 1, 3, 8, 1 },
        { 4, 2, 9, 1, 1, 4, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_largest_channels_of_a_pixel(int channels, int rows, int columns, int border, int keep, int group, int members)
    {
        var image = new ImageLayout(channels, rows, columns, border);
        if (channels % group != 0)
            group = 2;
        keep = Math.Min(keep, group - 1);
        var x = ImagePanel.Numbers(ImagePanel.Samples * image.Features, seed: 1);
        using var panel = new ImagePanel(image, image, image);
        panel.Set(0, x);
        var slots = panel.Slots;
        panel.Run(members, (in pass) => PrunePass.Channels(
            in pass, keep, group, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), ref pass.Slot(slots[2]), image));

        var expected = new float[x.Length];
        var area = rows * columns;
        for (var first = 0; first < x.Length; first += group * area)
        {
            for (var pixel = 0; pixel < area; pixel++)
                KeepLargest(x, expected, [.. Enumerable.Range(0, group).Select(i => first + (i * area) + pixel)], keep);
        }
        Assert.Equal(expected, panel.Get(1));
        Assert.All(panel.Get(2).Zip(x, expected), triple => Assert.True(triple.First is 0 or 1 && triple.First * triple.Second == triple.Third));
        panel.Run(members, (in pass) => PrunePass.Channels(
            in pass, keep, group, ref pass.Slot(slots[0]), ref pass.Slot(slots[2]), image));
        Assert.Equal(expected, panel.Get(2));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_largest_pixels_of_a_channel(int channels, int rows, int columns, int border, int keep, int group, int members)
    {
        var image = new ImageLayout(channels, rows, columns, border);
        var x = ImagePanel.Numbers(ImagePanel.Samples * image.Features, seed: 2);
        using var panel = new ImagePanel(image, image);
        panel.Set(0, x);
        var slots = panel.Slots;
        panel.Run(1, (in pass) => ImagePass.ClearBorder(in pass, ref pass.Slot(slots[0]), image));
        panel.Run(members, (in pass) => PrunePass.Pixels(
            in pass, keep, group, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), image));

        var expected = new float[x.Length];
        var area = rows * columns;
        for (var channel = 0; channel < x.Length; channel += area)
        {
            for (var pixel = 0; pixel < area; pixel += group)
                KeepLargest(x, expected, [.. Enumerable.Range(channel + pixel, Math.Min(group, area - pixel))], keep);
        }
        Assert.Equal(expected, panel.Get(1));
        Assert.True(panel.IsPaddingClear(1));
        Assert.Equal(0, panel.Border(1));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_draw_by_sample_channel_and_group(
        int channels, int rows, int columns, int border, int keep, int group, int members)
    {
        const int Start = 16;
        const int Site = 3;
        var image = new ImageLayout(channels, rows, columns, border);
        var dy = ImagePanel.Numbers(ImagePanel.Samples * image.Features, seed: 3);
        using var panel = new ImagePanel(image, image);
        panel.Set(0, dy);
        var slots = panel.Slots;
        panel.Run(
            members,
            (in pass) => PrunePass.Gradient(in pass, Site, keep, group, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), image),
            Start, Key);

        var area = rows * columns;
        var counters = (((area + group - 1) / group) + 3) / 4;
        var drawn = panel.Get(1);
        for (var channel = 0; channel * area < dy.Length; channel++)
        {
            for (var (pixel, g) = (0, 0); pixel < area; pixel += group, g++)
            {
                var number = (((Start * channels) + channel) * counters) + (g / 4);
                var (a, b, c, d) = Philox.Next(Key, (uint)number, Site, 0, (uint)Philox.Purpose.Estimator);
                var word = (g % 4) switch { 0 => a, 1 => b, 2 => c, _ => d };
                var values = new double[group];
                var count = Math.Min(group, area - pixel);
                for (var i = 0; i < count; i++)
                    values[i] = dy[(channel * area) + pixel + i];
                var expected = new double[group];
                MinimumVariance.Prune(values, keep, Philox.Uniform(word), expected);
                for (var i = 0; i < count; i++)
                    Assert.Equal(expected[i], drawn[(channel * area) + pixel + i], tolerance: 1e-5);
            }
        }
        Assert.True(panel.IsPaddingClear(1));
    }

    [Fact]
    public void Wrong_groups_are_refused()
    {
        var image = new ImageLayout(6, 3, 3, border: 0);
        using var panel = new ImagePanel(image, image);
        var slots = panel.Slots;
        panel.Run(1, (in pass) =>
        {
            ref var x = ref pass.Slot(slots[0]);
            ref var y = ref pass.Slot(slots[1]);
            Assert.Contains("no groups", Throws(in pass, ref x, ref y, 2, 4), StringComparison.Ordinal);
            Assert.Contains("no groups", Throws(in pass, ref x, ref y, 3, 3), StringComparison.Ordinal);
        });

        string Throws(in PanelPass pass, ref float x, ref float y, int keep, int group)
        {
            try
            {
                PrunePass.Channels(in pass, keep, group, ref x, ref y, image);
                return "";
            }
            catch (ArgumentException e)
            {
                return e.Message;
            }
        }
    }

    private static void KeepLargest(float[] x, float[] target, int[] places, int keep)
    {
        foreach (var place in places.OrderByDescending(place => Math.Abs(x[place])).ThenBy(place => place).Take(keep))
            target[place] = x[place];
    }
}
