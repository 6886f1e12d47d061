using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Numerics;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Pruning;

/// <summary>
/// Pruned inputs of layers. Gradients along the features are checked by central differences, with those of all other models.
/// </summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Kernels")]
public sealed unsafe class PrunedActivationTests
{
    [Theory]
    [InlineData(new float[] { 3, -3, 3, 1 }, 2, "1100")]
    [InlineData(new float[] { 0, 0, 0, 0 }, 2, "1100")]
    [InlineData(new[] { 0.1f, -0.9f, 0.4f, -0.4f }, 2, "0110")]
    [InlineData(new[] { -0.0f, 0.0f, -1e-30f, 0 }, 2, "1010")]
    [InlineData(new float[] { -1, 2, -3, 4, -5, 6, -7, 8 }, 4, "00001111")]
    [InlineData(new float[] { 5, -5 }, 1, "10")]
    public void Worked_masks_are_met(float[] group, int keep, string expected)
    {
        var lanes = PanelGeometry.Lanes;
        using var values = new NativeBuffer<float>(group.Length * 2 * lanes);
        using var marks = new NativeBuffer<float>(values.Length);
        for (var i = 0; i < values.Length; i++)
            values.Pointer[i] = group[i / (2 * lanes)];
        LargestLanes.Mark(keep, group.Length, values.Pointer, 2 * lanes, 2 * lanes, marks.Pointer);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i / (2 * lanes)] - '0', marks.Pointer[i]);
    }

    /// <summary>Along the batch only the gradient of the weights differs, and it is that of the largest inputs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(67)]
    [InlineData(130)]
    public void Along_the_batch_the_gradient_of_the_weights_sees_the_largest_inputs(int batch)
    {
        using var model = new PrunedInputs(seed: 1);
        var x = Values.Uniform(batch * 37, seed: 2);
        var dy = Values.Uniform(batch * 21, seed: 3);
        foreach (var (layer, keep, group) in new[] { (model.A, 2, 4), (model.B, 1, 2), (model.C, 3, 5) })
        {
            var expected = new double[37 * 21];
            for (var i = 0; i < 37; i++)
            {
                for (var first = 0; first < batch; first += group)
                {
                    var kept = Enumerable.Range(first, Math.Min(group, batch - first))
                        .OrderByDescending(s => Math.Abs(x[(s * 37) + i]))
                        .ThenBy(s => s)
                        .Take(keep);
                    foreach (var s in kept)
                    {
                        for (var o = 0; o < 21; o++)
                            expected[(o * 37) + i] += (double)dy[(s * 21) + o] * x[(s * 37) + i];
                    }
                }
            }
            layer.GradWeight(x, dy);
            Assert.InRange(Values.MaxError(expected, layer.Parameters[0].Gradient), 0, 1e-5);
        }
    }

    /// <summary>y = B·keep(A·x): the gradient of A is that without the mask, at the pruned values of the layer behind.</summary>
    [Fact]
    public void Straight_through_hands_the_gradient_on_to_dropped_values()
    {
        using var model = new PrunedThrough(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<PrunedThrough>(model, pool);
        using var batch = Steps.RandomBatch(1, 8, 4, seed: 2);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0);

        var output = new float[4];
        model.Predict(batch.Inputs, output);
        var slope = model.B.Parameters[1].Gradient;
        var bias = model.A.Parameters[1].Gradient;
        for (var i = 0; i < 8; i++)
        {
            var expected = 0.0;
            for (var o = 0; o < 4; o++)
                expected += (double)slope[o] * model.B.Weight[(o * 8) + i];
            Assert.Equal(expected, bias[i], 1e-5);
        }

        // The layer itself saw pruned values.
        var seen = Enumerable.Range(0, 8).Count(i => model.B.Parameters[0].Gradient[i] != 0);
        Assert.Equal(4, seen);
    }

    [Fact]
    public void Predictions_are_those_of_the_training_pass_and_do_not_depend_on_threads()
    {
        using var model = new PrunedThrough(seed: 3);
        var x = Values.Uniform(90 * 8, seed: 4);
        var expected = new float[90 * 4];
        model.Predict(x, expected);
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var count = new ThreadCount(threads);
            var actual = new float[90 * 4];
            model.Predict(x, actual);
            Assert.Equal(Values.Bits(expected), Values.Bits(actual));
        }
    }
}
