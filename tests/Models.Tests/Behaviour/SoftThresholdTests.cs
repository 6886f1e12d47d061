using SparseSharp.Masks.Search;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>S-STE: thresholds, the factor that is frozen at the start, and what a layer does with them.</summary>
[Trait("Category", "Kernels")]
public sealed class SoftThresholdTests
{
    public static TheoryData<int, int, float[], float[], double> Golden => new()
    {
        { 2, 4, [1, -2, 3, 4], [0, 0, 1, 2], 2.2 },
        { 2, 4, [3, 3, 3, 1], [0, 0, 0, 0], 1 },
        { 2, 4, [-1, 0, 0, 5], [-1, 0, 0, 5], 1 },
        { 1, 4, [1, -2, 3, 4], [0, 0, 0, 1], 4 },
        { 3, 4, [1, -2, 3, 4], [0, -1, 2, 3], 10.0 / 7 },
        { 4, 8, [0.5f, -1, 2, -4, 8, -0.25f, 1, -3], [0, 0, 1, -3, 7, 0, 0, -2], 76.0 / 63 },
        { 2, 4, [1, -2, 3, 4, 4, 1, -1, -6], [0, 0, 1, 2, 3, 0, 0, -5], 53.0 / 39 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Golden_thresholds_and_factors(int keep, int group, float[] weight, float[] soft, double scale)
    {
        var mask = Mask.Magnitude(weight, 1, weight.Length, new NMPattern(keep, group, Transposable: false));
        Assert.Equal(scale, SoftThreshold.Scale(group, weight, mask));
        Assert.Equal(soft, Apply(group, weight, mask, scale: 1));
    }

    /// <summary>Whole vectors, what is left behind them, groups that fill vectors and groups that do not.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(2, 5)]
    [InlineData(2, 8)]
    [InlineData(8, 16)]
    [InlineData(16, 32)]
    public void Rows_of_any_length_are_thresholded_by_the_smallest_magnitudes(int keep, int group)
    {
        for (var groups = 1; groups < 12; groups++)
        {
            var weight = Values.Uniform(groups * group, seed: groups);
            var mask = Mask.Magnitude(weight, 1, weight.Length, new NMPattern(keep, group, Transposable: false));
            var result = Apply(group, weight, mask, scale: 1.5f);
            for (var i = 0; i < weight.Length; i++)
            {
                var magnitudes = weight.Skip(i / group * group).Take(group).Select(Math.Abs).Order().ToArray();
                var expected = Math.Sign(weight[i]) * 1.5f * MathF.Max(MathF.Abs(weight[i]) - magnitudes[group - keep - 1], 0);
                Assert.Equal(expected, result[i]);
            }
        }
    }

    [Fact]
    public void All_weights_learn_from_the_dense_gradient_and_products_use_what_is_above_the_threshold()
    {
        using var model = new OneSoftGroup();
        var layer = model.Soft;
        layer.SetWeight([1, -2, 3, 4]);
        Assert.Equal(2.2f, layer.ThresholdScale);
        Assert.Equal([0, 0, 2.2f, 4.4f], Effective(layer));
        Steps.Update(layer, [0, -4, 0, 0], new Sgd(0.5f));
        Assert.Equal([1, 0, 3, 4], layer.Weight.ToArray());
        Assert.Equal([0, 0, 2.2f * 2, 2.2f * 3], Effective(layer));
        var (y, dx) = (new float[1], new float[4]);
        layer.Forward([1, 1, 1, 1], y);
        layer.GradInput([1], dx);
        Assert.Equal(2.2f * 2 + 2.2f * 3, y[0], 1e-6f);
        Assert.Equal([0, 0, 2.2f * 2, 2.2f * 3], dx);
    }

    [Fact]
    public void Weights_in_use_change_continuously_where_the_mask_flips()
    {
        using var model = new OneSoftGroup();
        var before = At(2 - 1e-6f);
        var after = At(2 + 1e-6f);
        Assert.NotEqual(before.Mask, after.Mask);
        for (var i = 0; i < 4; i++)
            Assert.Equal(before.Effective[i], after.Effective[i], 1e-5f);

        (string Mask, float[] Effective) At(float second)
        {
            model.Soft.SetWeight([4, second, 2, 1]);
            return (string.Concat(Enumerable.Range(0, 4).Select(i => model.Soft.Mask![0, i])), Effective(model.Soft));
        }
    }

    [Fact]
    public void The_factor_is_taken_from_weights_that_are_set_and_from_nothing_else()
    {
        using var model = new OneSoftGroup();
        var layer = model.Soft;
        layer.SetWeight([1, -2, 3, 4]);
        for (var step = 1; step <= 3; step++)
            Steps.Update(layer, Values.Uniform(4, seed: step), new Sgd(0.5f), step);
        Assert.Equal(2.2f, layer.ThresholdScale);
        var mask = new Mask(1, 4);
        mask[0, 0] = mask[0, 1] = true;
        layer.SetMask(mask);
        Assert.Equal(2.2f, layer.ThresholdScale);
        layer.SetWeight([-1, 0, 0, 5]);
        Assert.Equal(1, layer.ThresholdScale);
    }

    /// <summary>A restored training has its factor, whatever the weights it has come to would give.</summary>
    [Fact]
    public void A_snapshot_brings_the_factor_back()
    {
        using var model = new OneSoftGroup();
        model.Soft.SetWeight([1, -2, 3, 4]);
        Steps.Update(model.Soft, [0, -4, 0, 0], new Sgd(0.5f));
        var (expected, snapshot) = (Effective(model.Soft), SparseSharp.Training.ModelSnapshot.Of(model));
        model.Soft.SetWeight([-1, 0, 0, 5]);
        snapshot.Restore(model);
        Assert.Equal(2.2f, model.Soft.ThresholdScale);
        Assert.Equal(expected, Effective(model.Soft));
        var y = new float[1];
        model.Soft.Forward([1, 1, 1, 1], y);
        Assert.Equal(expected.Sum(), y[0], 1e-6f);
    }

    [Fact]
    public void A_transposable_pattern_is_refused()
    {
        var pattern = new NMPattern(2, 4, Transposable: true, MaskPolicy.SoftThreshold);
        var error = Assert.Throws<ArgumentException>(() => Mask.Magnitude(new float[16], 4, 4, pattern));
        Assert.Contains("a tile may keep smaller weights than it masks", error.Message, StringComparison.Ordinal);
    }

    private static unsafe float[] Apply(int group, float[] weight, Mask mask, float scale)
    {
        var result = new float[weight.Length];
        fixed (float* source = weight)
        fixed (float* target = result)
            SoftThreshold.Apply(group, source, weight.Length, mask.Row(0), scale, target);
        return result;
    }

    private static float[] Effective(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }
}
