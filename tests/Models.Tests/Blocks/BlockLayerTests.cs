using SparseSharp.Generated;
using SparseSharp.Kernels;
using SparseSharp.Runtime.Tests.Blocks;

namespace SparseSharp.Models.Tests.Blocks;

/// <summary>Layers made by hand from graphs that are written down.</summary>
[Trait("Category", "Kernels")]
public sealed class BlockLayerTests
{
    [Fact]
    public void The_products_of_the_example()
    {
        using var layer = new Linear(16, 16, false, Graphs.Tiny, BlockPass<Block2x2Kernel>.Operations, 1, 0);
        layer.SetWeight(Series(256, i => i));
        var (x, dy) = (Series(16, i => i + 1), Series(16, i => i + 1));
        var (y, dx) = (new float[16], new float[16]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        layer.GradWeight(x, dy);
        Assert.Equal([500, 1556, 2212, 2980, 3444, 5012, 5412, 6180, 1844, 3284, 2980, 3236, 2740, 4692, 4132, 4388], y);
        Assert.Equal([8768, 8816, 10408, 10460, 9800, 9850, 9772, 9822, 1216, 1232, 1800, 1820, 1624, 1642, 1532, 1550], dx);
        var gradient = layer.Parameters[0].Gradient.ToArray();
        Assert.Equal([9, 45, 10, 50, 13, 65, 14, 70, 22, 66, 24, 72, 30, 90, 32, 96], gradient[..16]);
        Assert.Equal(3616, gradient.Sum());
        Assert.Equal(64, gradient.Length);
        Assert.Equal(8160, layer.Weight.ToArray().Sum());
    }

    /// <summary>On small integers nothing is rounded, so that the three products agree exactly.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(96)]
    [InlineData(97)]
    public void Products_are_adjoint(int batch)
    {
        using var layer = new Linear(1024, 1024, false, Graphs.Square1024, BlockPass<Block4x4Kernel>.Operations, 1, 0);
        var random = new Random(batch);
        layer.SetWeight(Series(1024 * 1024, _ => random.Next(-3, 4)));
        var (x, dy) = (Series(batch * 1024, _ => random.Next(-3, 4)), Series(batch * 1024, _ => random.Next(-3, 4)));
        var (y, dx) = (new float[x.Length], new float[x.Length]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        layer.GradWeight(x, dy);
        var expected = Dot(dy, y);
        Assert.Equal(expected, Dot(dx, x));
        var weight = new float[1024 * 1024];
        layer.Matrix.Export(layer.Parameters[0].Gradient, weight);
        Assert.Equal(expected, Dot(weight, layer.Weight));
        for (var i = 0; i < weight.Length; i++)
            Assert.True(Graphs.Square1024.Position(i / 1024, i % 1024) >= 0 || weight[i] == 0);
    }

    [Fact]
    public void The_mask_is_that_of_the_pattern_and_initial_weights_are_scaled_for_those_that_exist()
    {
        using var layer = new Linear(1024, 1024, true, Graphs.Square1024, BlockPass<Block4x4Kernel>.Operations, 1, 0);
        Assert.Equal(Graphs.Square1024.ToMask().Words.ToArray(), layer.Mask!.Words.ToArray());
        Assert.Equal(0.25, layer.Density);
        Assert.Equal(262144, layer.Parameters[0].Length);
        var bound = 1 / Math.Sqrt(256);
        Assert.InRange(layer.Weight.ToArray().Max(), 0.999 * bound, bound);
        Assert.InRange(layer.Bias.ToArray().Max(), 0.99 * bound, bound);
        var offset = (int)Graphs.Square1024.Position(361, 497);
        Assert.Equal(layer.Weight[(361 * 1024) + 497], layer.Parameters[0].Values[offset]);
    }

    [Fact]
    public void Kernels_for_other_blocks_are_refused()
    {
        var error =
            Assert.Throws<ArgumentException>(() => new Linear(16, 16, false, Graphs.Tiny, BlockPass<Block4x4Kernel>.Operations, 1, 0));
        Assert.StartsWith("RBGP4 75 % needs kernels for blocks of 2 rows by 2 columns.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Linear(16, 16, false, Graphs.Tiny, DensePass.Operations, 1, 0));
    }

    [Fact]
    public void A_mask_of_other_weights_is_refused()
    {
        using var layer = new Linear(16, 16, false, Graphs.Tiny, BlockPass<Block2x2Kernel>.Operations, 1, 0);
        var mask = Graphs.Tiny.ToMask();
        mask[0, 0] = true;
        var error = Assert.Throws<ArgumentException>(() => layer.SetMask(mask));
        Assert.StartsWith("The mask is not RBGP4 75 %: row 0 keeps column 0.", error.Message, StringComparison.Ordinal);
    }

    private static float[] Series(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
