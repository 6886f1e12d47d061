using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Blocks;

/// <summary>Blocks that are chosen at first, dropped while training, or scaled.</summary>
public sealed class ChosenBlockTests
{
    [Fact]
    public void Uniform_blocks_are_the_largest_of_the_weights_that_a_layer_is_given()
    {
        using var model = new BlockNet(seed: 1);
        var layer = model.Even;
        Assert.Equal(64 * 128 / 2, layer.Parameters[0].Length);
        var first = layer.Mask!.Copy();
        var weight = Values.Uniform(64 * 128, seed: 5);
        layer.SetWeight(weight);
        Assert.NotEqual(0, layer.Mask!.Flips(first));
        for (var row = 0; row < 64; row += 4)
        {
            var kept = Enumerable.Range(0, 32).Where(block => layer.Mask[row, 4 * block]).ToArray();
            Assert.Equal(16, kept.Length);
            Assert.True(kept.Min(block => Squares(row, block)) >= Enumerable.Range(0, 32).Except(kept).Max(block => Squares(row, block)));
        }
        for (var i = 0; i < weight.Length; i++)
            Assert.Equal(layer.Mask[i / 128, i % 128] ? weight[i] : 0, layer.Weight[i]);

        double Squares(int row, int block) =>
            Enumerable.Range(0, 16).Sum(i => Math.Pow(weight[((row + (i / 4)) * 128) + (4 * block) + (i % 4)], 2));
    }

    /// <summary>
    /// Large blocks go in the first half, small ones in the second; in the end the counts are exact, and nothing ever comes back.
    /// </summary>
    [Fact]
    public void Hierarchical_blocks_are_dropped_on_schedule()
    {
        using var model = new BlockNet(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<BlockNet>(model, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        var optimizer = new Sgd(0.05f, 0.9f);
        var (nested, additive) = (model.Nested.Mask!, model.Additive.Mask!);
        Assert.Equal((1.0, 1.0), (nested.Density, additive.Density));
        for (var step = 1; step <= 20; step++)
        {
            Steps.Run(pass, batch, optimizer, step);
            AssertShrinks(ref nested, model.Nested, 16);
            AssertShrinks(ref additive, model.Additive, 16);
            // Of four large blocks per row two are left, whole until the middle of the schedule.
            if (step == 8)
                Assert.Equal((0.5, 8), (nested.Density, WholeBlocks(nested, 16, 16)));
        }
        // Two of four large blocks, and in them two of four small ones per row.
        Assert.Equal(0.25, nested.Density);
        for (var row = 0; row < 64; row += 4)
        {
            for (var column = 0; column < 64; column += 16)
            {
                var kept = Enumerable.Range(0, 4).Count(block => nested[row, column + (4 * block)]);
                Assert.Equal(Enumerable.Range(0, 4).Any(below => Enumerable.Range(
                    0, 4).Any(block => nested[(row / 16 * 16) + (4 * below), column + (4 * block)])) ? 2 : 0, kept);
            }
        }
        // 819 of 4096 weights; five large blocks of 128, and eleven small ones of 16.
        Assert.Equal(51 * 16, additive.Count);
        Assert.InRange(WholeBlocks(additive, 8, 16), 5, 6);
        Assert.Equal(nested.Count, model.Nested.Parameters[0].Length);
        Assert.Equal(0.25, model.Nested.Density);
    }

    [Fact]
    public void What_is_left_keeps_its_values_and_its_optimizer_state()
    {
        using var model = new BlockNet(seed: 1);
        var layer = model.Nested;
        var optimizer = new Sgd(0.1f, 0.9f);
        var gradient = Values.Uniform(64 * 64, seed: 3);
        Steps.Update(layer, gradient, optimizer, step: 1);
        var (before, mask) = (layer.Weight.ToArray(), layer.Mask!.Copy());
        Steps.Update(layer, gradient, optimizer, step: 8);
        Assert.True(layer.Mask!.Count < mask.Count);
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(layer.Mask[i / 64, i % 64]
                ? before[i] - (0.1f * (gradient[i] + (0.9f * gradient[i])))
                : 0, layer.Weight[i], 1e-6f);
        var moved = layer.Weight.ToArray();
        Steps.Update(layer, new float[64 * 64], optimizer, step: 9);
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(layer.Mask[i / 64, i % 64] ? moved[i] - (0.1f * 0.9f * 1.9f * gradient[i]) : 0, layer.Weight[i], 1e-6f);
    }

    [Fact]
    public void The_gradients_of_the_example_with_scales()
    {
        using var model = new Pairs(seed: 1);
        var layer = model.Layer;
        layer.SetWeight([1, 2, 3, 4, 5, 6, 7, 8]);
        layer.Matrix.SetScales([1.5f, -0.2f]);
        var effective = new float[8];
        layer.CopyEffectiveWeight(effective);
        Assert.Equal([1, 2, 0, 0, 5, 6, 0, 0], effective);
        var y = new float[2];
        layer.Forward([1, 10, 100, 1000], y);
        Assert.Equal([21, 65], y);

        Steps.Update(layer, [1, 0, 2, 1, 0, 1, 1, 0], new Sgd(1));
        var scales = layer.Parameters[^1];
        Assert.Equal("block_scales", scales.Name);
        Assert.Equal(7.1f, scales.Gradient[0], 1e-5f);
        Assert.Equal(16.9f, scales.Gradient[1], 1e-5f);
        Assert.Equal([0, 2, 3, 4, 5, 5, 7, 8], layer.Weight.ToArray());
        Assert.Equal(1.5f - 7.1f, layer.BlockScales[0], 1e-5f);
        Assert.Equal(-0.2f - 16.9f, layer.BlockScales[1], 1e-5f);
        Assert.Equal(0, layer.Density);
    }

    /// <summary>The norm of a gradient is taken before the update; it is that of what the update uses.</summary>
    [Fact]
    public void The_norm_has_the_scales_in_it()
    {
        using var model = new Pairs(seed: 1);
        var layer = model.Layer;
        layer.SetWeight([1, 2, 3, 4, 5, 6, 7, 8]);
        layer.Matrix.SetScales([1.5f, -0.2f]);
        layer.Matrix.Import([1, 0, 2, 1, 0, 1, 1, 0], layer.Parameters[0].GradientBuffer);
        Assert.Equal(
            2 + (7.1 * 7.1) + (16.9 * 16.9), Enumerable.Range(0, layer.Weights.GradientTasks).Sum(layer.Weights.GradientSquares), 1e-3);
    }

    [Fact]
    public void Folded_blocks_compute_the_same_in_less_time()
    {
        using var model = new BlockNet(seed: 1);
        var layer = model.Scaled;
        var scales = new float[layer.BlockScales.Length];
        for (var i = 0; i < scales.Length; i++)
            scales[i] = (i % 7) switch { 0 or 3 => -0.5f, 5 => 2, var other => other / 8f };
        layer.Matrix.SetScales(scales);
        var x = Values.Uniform(5 * 64, seed: 6);
        var (before, after) = (new float[5 * 32], new float[5 * 32]);
        layer.Forward(x, before);
        var density = layer.Density;
        Assert.Equal(scales.Count(scale => scale > 0) / (double)scales.Length, density);
        Assert.Equal(density, MaskReport.Of(model).Layers.Single(mask => mask.Path == "Scaled").Density);
        layer.FoldBlocks();
        layer.Forward(x, after);
        Assert.Equal(before, after);
        Assert.Equal(scales.Count(scale => scale > 0), layer.BlockScales.Length);
        Assert.Equal(-1, layer.BlockScales.IndexOfAnyExcept(1f));
        Assert.Equal(layer.Parameters[0].Length / (64.0 * 32), layer.Density);
        Assert.Equal(density, layer.Density);
        model.Product.FoldBlocks();
    }

    /// <summary>Scales that nothing but the penalty moves swing around 0: a threshold drops those above it as well.</summary>
    [Fact]
    public void Blocks_with_a_small_scale_are_dropped_as_well_if_asked()
    {
        using var model = new BlockNet(seed: 1);
        var layer = model.Scaled;
        float[] scales = [.. Enumerable.Range(
            0, layer.BlockScales.Length).Select(i => (i % 5) switch { 0 => -0.001f, 1 => 0.001f, 2 => 0.01f, _ => 0.5f })];
        layer.Matrix.SetScales(scales);
        layer.FoldBlocks(threshold: 0.01f);
        Assert.Equal(scales.Count(scale => scale > 0.01f), layer.BlockScales.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.FoldBlocks(threshold: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.FoldBlocks(threshold: -0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.FoldBlocks(threshold: float.NaN));
    }

    /// <summary>With a penalty blocks lose their scale, and without one they keep it.</summary>
    [Fact]
    public void A_penalty_drops_blocks()
    {
        using var model = new BlockNet(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<BlockNet>(model, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        for (var step = 1; step <= 60; step++)
            Steps.Run(pass, batch, new Sgd(0.5f), step);
        Assert.InRange(model.Scaled.Density, 0, 0.9);
        Assert.Equal(64 * 32, model.Scaled.Parameters[0].Length);
    }

    private static void AssertShrinks(ref Mask before, Linear layer, int blockSize)
    {
        var mask = layer.Mask!;
        for (var i = 0; i < mask.Words.Length; i++)
            Assert.Equal(0UL, mask.Words[i] & ~before.Words[i]);
        Assert.Equal(0, mask.Count % blockSize);
        Assert.Null(layer.Pattern!.FirstFault(mask));
        before = mask.Copy();
    }

    private static int WholeBlocks(Mask mask, int rows, int columns) =>
        (from row in Enumerable.Range(0, mask.Rows / rows)
         from column in Enumerable.Range(0, mask.Columns / columns)
         where Enumerable.Range(0, rows * columns).All(i => mask[(row * rows) + (i / columns), (column * columns) + (i % columns)])
         select row).Count();
}
