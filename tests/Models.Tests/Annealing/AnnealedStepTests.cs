using SparseSharp.Matrices;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Annealing;

/// <summary>
/// Single steps of annealed layers against their definition in double precision, from the gradients that the passes computed.
/// </summary>
public sealed class AnnealedStepTests
{
    private const float Rate = 0.5f;
    private const float Alpha = 0.25f;

    [Theory]
    [InlineData(typeof(AnnealedByLayer), -2.5f, true)]
    [InlineData(typeof(AnnealedByChannel), -2.5f, true)]
    [InlineData(typeof(AnnealedByWeight), -2.5f, true)]
    [InlineData(typeof(AnnealedByLayer), -2.1f, false)]
    [InlineData(typeof(AnnealedByChannel), -2.1f, false)]
    [InlineData(typeof(AnnealedByWeight), -2.1f, false)]
    [Trait("Category", "Kernels")]
    public void Thresholds_and_weights_follow_their_gradients(Type model, float threshold, bool dense) =>
        typeof(AnnealedStepTests).GetMethod(
            nameof(Follows), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(model).Invoke(null, [threshold, dense]);

    private static void Follows<TModel>(float threshold, bool dense)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(1);
        using var pass = new TrainingPass<TModel>(model, WorkerPool.Shared);
        using var batch = Steps.RandomBatch(48, 40, 4, seed: 5);
        var optimizer = new Sgd(Rate, momentum: 0.5f, weightDecay: 0.01f);
        var layer = model.Linears[0];
        var thresholds = ((AnnealedMatrix)layer.Matrix).Thresholds!;
        thresholds.Set([.. Enumerable.Repeat(threshold, thresholds.Parameter.Length)]);
        layer.SetWeight(layer.Weight.ToArray());
        Assert.Equal(dense, layer.UsesDenseKernels);
        var reference = new AnnealedReference(layer, Alpha);
        layer.Weights.Annealing!.Anneal(Alpha);
        for (var step = 1; step <= 7; step++)
        {
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0, step);
            reference.Learn(layer.Matrix.Parameter.Gradient, Rate, 0.5, 0.01);
            pass.Update(optimizer, new UpdateStep(step, Rate, GradientScale: 1, Decay: true));
            reference.Refresh(step);

            Assert.InRange(Values.MaxError(reference.Weight, layer.Weight), 0, 1e-5);
            Assert.InRange(Values.MaxError(reference.Thresholds, thresholds.Parameter.Values), 0, 1e-5);
            var inUse = new float[layer.Weight.Length];
            layer.CopyEffectiveWeight(inUse);
            Assert.InRange(Values.MaxError(reference.InUse(), inUse), 0, 1e-5);
            Assert.Equal(reference.Density(), layer.Density, 1e-12);
        }
        Assert.InRange(layer.Density, 0.05, 0.95);
    }

    /// <summary>
    /// A frozen mask: kept weights learn in packed order, with their momentum, and are where others look for them whenever they look.
    /// </summary>
    [Theory]
    [InlineData(typeof(AnnealedByLayer), false)]
    [InlineData(typeof(AnnealedByChannel), false)]
    [InlineData(typeof(AnnealedByChannel), true)]
    [Trait("Category", "Kernels")]
    public void Kept_weights_of_a_frozen_mask_follow_their_gradients(Type model, bool looksEachStep) =>
        typeof(AnnealedStepTests).GetMethod(
            nameof(FollowsFrozen), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(model).Invoke(null, [looksEachStep]);

    private static void FollowsFrozen<TModel>(bool looksEachStep)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(1);
        using var pass = new TrainingPass<TModel>(model, WorkerPool.Shared);
        using var batch = Steps.RandomBatch(48, 40, 4, seed: 5);
        var optimizer = new Sgd(Rate, momentum: 0.5f, weightDecay: 0.01f);
        var layer = model.Linears[0];
        var thresholds = ((AnnealedMatrix)layer.Matrix).Thresholds!;
        thresholds.Set([.. Enumerable.Repeat(-2f, thresholds.Parameter.Length)]);
        layer.SetWeight(layer.Weight.ToArray());
        layer.Weights.Annealing!.Anneal(0);
        layer.Weights.Annealing.Freeze();
        Assert.NotNull(((AnnealedMatrix)layer.Matrix).Packed);
        var reference = new AnnealedReference(layer, alpha: 0, freezes: true);
        for (var step = 1; step <= 7; step++)
        {
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0, step);
            layer.Matrix.Parameter.GradientBuffer.Clear();
            Spread(layer);
            reference.Learn(layer.Matrix.Parameter.Gradient, Rate, 0.5, 0.01);
            pass.Update(optimizer, new UpdateStep(step, Rate, GradientScale: 1, Decay: true));
            if (looksEachStep)
                Assert.InRange(Values.MaxError(reference.Weight, layer.Weight), 0, 1e-5);
        }
        Assert.InRange(Values.MaxError(reference.Weight, layer.Weight), 0, 1e-5);
        Assert.InRange(Values.MaxError(reference.Thresholds, thresholds.Parameter.Values), 0, 1e-5);
        var inUse = new float[layer.Weight.Length];
        layer.CopyEffectiveWeight(inUse);
        Assert.InRange(Values.MaxError(reference.InUse(), inUse), 0, 1e-5);
        Assert.InRange(layer.Density, 0.01, 0.45);
    }

    /// <summary>
    /// Products use the weights in use, packed or dense, and the gradient of a frozen layer is that of all weights where it keeps them.
    /// </summary>
    [Theory]
    [InlineData(-1.5f, false)]
    [InlineData(-3.5f, true)]
    [Trait("Category", "Kernels")]
    public void Products_use_the_weights_in_use(float threshold, bool dense)
    {
        const int Batch = 37;
        using var model = new AnnealedByChannel(seed: 1);
        var layer = model.Stem;
        var weight = Values.Uniform(layer.Weight.Length, seed: 2).Select(w => w * 0.25f).ToArray();
        ((AnnealedMatrix)layer.Matrix).Thresholds!.Set([.. Enumerable.Repeat(threshold, layer.Outputs)]);
        layer.SetWeight(weight);
        Assert.Equal(dense, layer.UsesDenseKernels);
        var inUse = new float[weight.Length];
        layer.CopyEffectiveWeight(inUse);
        Assert.Equal(layer.Density, inUse.Count(w => w != 0) / (double)weight.Length, 1e-12);

        var (x, dy) = (Values.Uniform(Batch * 40, seed: 3), Values.Uniform(Batch * 72, seed: 4));
        var (y, dx) = (new float[Batch * 72], new float[Batch * 40]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        var (expectedY, expectedDx) = (new double[y.Length], new double[dx.Length]);
        for (var s = 0; s < Batch; s++)
        {
            for (var o = 0; o < 72; o++)
            {
                expectedY[(s * 72) + o] = layer.Bias[o];
                for (var i = 0; i < 40; i++)
                {
                    expectedY[(s * 72) + o] += (double)inUse[(o * 40) + i] * x[(s * 40) + i];
                    expectedDx[(s * 40) + i] += (double)inUse[(o * 40) + i] * dy[(s * 72) + o];
                }
            }
        }
        Assert.InRange(Values.MaxError(expectedY, y), 0, 1e-5);
        Assert.InRange(Values.MaxError(expectedDx, dx), 0, 1e-5);

        layer.GradWeight(x, dy);
        var all = layer.Matrix.Parameter.Gradient.ToArray();
        layer.Weights.Annealing!.Freeze();
        Assert.Equal(dense, layer.UsesDenseKernels);
        layer.Matrix.Parameter.GradientBuffer.Clear();
        layer.GradWeight(x, dy);
        Spread(layer);
        for (var i = 0; i < all.Length; i++)
        {
            if (layer.Mask![i / 40, i % 40])
                Assert.Equal(all[i], layer.Matrix.Parameter.Gradient[i], 1e-4 * Batch);
            else if (!dense)
                Assert.Equal(0, layer.Matrix.Parameter.Gradient[i]);
        }
    }

    /// <summary>Brings the gradient of kept weights to the places that they have in the gradient of all.</summary>
    private static unsafe void Spread(Linear layer)
    {
        if (layer.Matrix.KeptGradient == null)
            return;
        var positions = new int[((BucketMatrix)layer.Matrix).Forward.Values.Length];
        ((BucketMatrix)layer.Matrix).Packer.Positions(positions);
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                layer.Matrix.Parameter.GradientBuffer[positions[i]] = layer.Matrix.KeptGradient[i];
        }
    }

    /// <summary>The largest weights of the two layers together, of equal ones the first.</summary>
    [Fact]
    public void A_budget_over_the_model_keeps_its_largest_weights()
    {
        using var model = new AnnealedBudget(seed: 1);
        using var pass = new TrainingPass<AnnealedBudget>(model, WorkerPool.Shared);
        using var batch = Steps.RandomBatch(16, 40, 4, seed: 5);
        Assert.Equal(0.2, model.Stem.Density, 1e-3);
        Assert.Equal(0.2, model.Mixer.Density, 1e-3);
        for (var step = 1; step <= 2; step++)
            Steps.Run(pass, batch, new Sgd(0.01f), step);

        Linear[] layers = [model.Stem, model.Mixer];
        var weights = layers.SelectMany(layer => layer.Weight.ToArray()).ToArray();
        var kept = layers.SelectMany(
            layer => Enumerable.Range(0, layer.Weight.Length).Select(i => layer.Mask![i / layer.Inputs, i % layer.Inputs])).ToArray();
        var expected = Enumerable.Range(0, weights.Length).OrderByDescending(i => Math.Abs(weights[i])).ThenBy(i => i)
            .Take((int)Math.Ceiling(0.2 * weights.Length)).Order();
        Assert.Equal(expected, Enumerable.Range(0, kept.Length).Where(i => kept[i]));
        Assert.NotEqual(model.Stem.Density, model.Mixer.Density, 1e-3);
    }

    /// <summary>With a share of 1 an annealed pattern is the straight-through rule, and with 0 masked weights wait for a refresh.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_hard_pattern_lies_between_straight_through_and_a_static_mask(double alpha)
    {
        using var annealed = new AnnealedHalf(seed: 1);
        using var straight = new StraightHalf(seed: 1);
        using var batch = Steps.RandomBatch(32, 40, 8, seed: 5);
        using (var pass = new TrainingPass<AnnealedHalf>(annealed, WorkerPool.Shared))
        using (var other = new TrainingPass<StraightHalf>(straight, WorkerPool.Shared))
        {
            annealed.Stem.Weights.Annealing!.Anneal(alpha);
            var before = annealed.Stem.Weight.ToArray();
            for (var step = 1; step <= 5; step++)
            {
                var mask = annealed.Stem.Mask!.Copy();
                var weights = annealed.Stem.Weight.ToArray();
                Steps.Run(pass, batch, new Sgd(0.1f), step);
                Steps.Run(other, batch, new Sgd(0.1f), step);
                for (var i = 0; i < weights.Length && alpha == 0; i++)
                    Assert.True(mask[i / 40, i % 40] || weights[i] == annealed.Stem.Weight[i]);
            }
            Assert.NotEqual(before, annealed.Stem.Weight.ToArray());
            Assert.Equal(alpha == 1, Values.Bits(annealed.Stem.Weight).SequenceEqual(Values.Bits(straight.Stem.Weight)));
        }
    }

    /// <summary>
    /// Golden values of the N:M modes: gradients through the mask [1, 0, 1, 0] of W = [3, -1, 2, 0.5], and of a soft threshold of 2.
    /// </summary>
    [Theory]
    [InlineData(0, ".1 0 -.3 0")]
    [InlineData(.25, ".1 .05 -.3 .1")]
    [InlineData(1, ".1 .2 -.3 .4")]
    public void Golden_hard_pattern(double alpha, string golden)
    {
        using var model = new AnnealedHalf(seed: 1);
        var layer = model.Stem;
        var weight = Tile([3, -1, 2, .5f], layer);
        layer.SetWeight(weight);
        layer.Weights.Annealing!.Anneal(alpha);
        Steps.Update(layer, Tile([.1f, .2f, -.3f, .4f], layer), new Sgd(1), step: 1);
        var expected = golden.Split(' ').Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        for (var i = 0; i < weight.Length; i++)
            Assert.Equal(weight[i] - expected[i % 4], layer.Weight[i], 1e-6);
    }

    [Fact]
    public void Golden_soft_pattern()
    {
        using var model = new AnnealedSoftHalf(seed: 1);
        var layer = model.Stem;
        var weight = Tile([1, -2, 3, 4], layer);
        layer.SetWeight(weight);
        layer.Weights.Annealing!.Anneal(.25);
        var inUse = new float[weight.Length];
        layer.CopyEffectiveWeight(inUse);
        Assert.Equal([0, 0, layer.ThresholdScale, 2 * layer.ThresholdScale], inUse[..4]);
        Steps.Update(layer, Tile([.1f, .2f, .3f, .4f], layer), new Sgd(1), step: 1);
        double[] expected = [.025, .05, .3, .4];
        for (var i = 0; i < weight.Length; i++)
            Assert.Equal(weight[i] - expected[i % 4], layer.Weight[i], 1e-6);
    }

    private static float[] Tile(float[] group, Linear layer) =>
        [.. Enumerable.Range(0, layer.Inputs * layer.Outputs).Select(i => group[i % group.Length])];
}
