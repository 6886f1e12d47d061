using System.Runtime.InteropServices;
using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>The masks of dropout. That gradients use the mask of their step is tested with the gradients.</summary>
public sealed unsafe class DropoutTests
{
    private const int Features = 50;

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Elements_are_zero_with_the_given_probability_and_scaled_otherwise(float probability)
    {
        const int Samples = 1024;
        var keep = Keep(key: 5, site: 0, probability, Samples, maxVectors: 1, members: 1);
        var scale = 1 / (1 - probability);
        Assert.All(keep, factor => Assert.True(factor == 0 || factor == scale));
        // Within five deviations of a binomial distribution, over all elements and for single features and samples.
        AssertShare(keep, probability);
        for (var f = 0; f < Features; f++)
            AssertShare(keep.AsSpan(f * Samples, Samples).ToArray(), probability);
        for (var s = 0; s < Samples; s += 97)
            AssertShare([.. Enumerable.Range(0, Features).Select(f => keep[(f * Samples) + s])], probability);
    }

    [Fact]
    public void A_mask_depends_on_the_seed_and_the_site()
    {
        var mask = Keep(key: 5, site: 0, 0.5f, 256, maxVectors: 1, members: 1);
        Assert.Equal(mask, Keep(key: 5, site: 0, 0.5f, 256, maxVectors: 1, members: 1));
        foreach (var other in (float[][])[Keep(6, 0, 0.5f, 256, 1, 1), Keep(5UL << 32, 0, 0.5f, 256, 1, 1), Keep(5, 1, 0.5f, 256, 1, 1)])
        {
            var same = mask.Zip(other, (a, b) => a == b).Count(equal => equal) / (double)mask.Length;
            Assert.InRange(same, 0.45, 0.55);
        }
    }

    [Fact]
    public void A_mask_does_not_depend_on_panels_or_threads()
    {
        var expected = Keep(key: 7, site: 2, 0.3f, 256, maxVectors: 1, members: 1);
        Assert.Equal(expected, Keep(key: 7, site: 2, 0.3f, 256, PanelGeometry.MaxVectors, members: 1));
        Assert.Equal(expected, Keep(key: 7, site: 2, 0.3f, 256, PanelGeometry.MaxVectors, members: 3));
    }

    /// <summary>The factors of all elements, <c>[features, samples]</c>.</summary>
    private static float[] Keep(ulong key, int site, float probability, int samples, int maxVectors, int members)
    {
        var width = maxVectors * PanelGeometry.Lanes;
        const int Rows = (Features + 3) / 4 * 4;
        using var workspace = new NativeBuffer<float>(3L * Rows * (samples + width));
        var all = new float[Features * samples];
        var barrier = new TeamBarrier();
        for (var start = 0; start < samples; start += width)
        {
            for (var member = 0; member < members; member++)
            {
                var pass =
                    new PanelPass(workspace.Pointer, 3 * Rows, start, maxVectors, width, training: true, key, member, members, ref barrier);
                if (member == 0)
                    MemoryMarshal.CreateSpan(ref pass.Slot(0), Features * width).Fill(2);
                Elementwise.Dropout(in pass, site, probability, ref pass.Slot(0), ref pass.Slot(Rows), ref pass.Slot(2 * Rows), Features);
            }
            var panel = new PanelPass(workspace.Pointer, 3 * Rows, start, maxVectors, width, training: true, key, 0, 1, ref barrier);
            var y = MemoryMarshal.CreateSpan(ref panel.Slot(Rows), Features * width);
            var keep = MemoryMarshal.CreateSpan(ref panel.Slot(2 * Rows), Features * width);
            for (var i = 0; i < keep.Length; i++)
            {
                Assert.Equal(2 * keep[i], y[i]);
                all[(i / width * samples) + start + (i % width)] = keep[i];
            }
        }
        return all;
    }

    private static void AssertShare(float[] keep, double probability)
    {
        var deviation = Math.Sqrt(probability * (1 - probability) / keep.Length);
        Assert.InRange(
            keep.Count(factor => factor == 0) / (double)keep.Length, probability - (5 * deviation), probability + (5 * deviation));
    }
}
