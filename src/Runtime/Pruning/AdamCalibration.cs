using System.Numerics.Tensors;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Pruning;

/// <summary>
/// Tunes the kept weights and the bias of a layer by Adam on the mean squared error of its output. What is trained is the difference to the
/// dense layer: its output is the error itself, and masked positions hold the negated dense weight and stay as they are.
/// </summary>
internal static class AdamCalibration
{
    /// <summary>Runs all iterations from the given start.</summary>
    /// <param name="dense">The dense weights and their bias; they are not changed.</param>
    /// <param name="kernels">The kernels of their products.</param>
    /// <param name="inputs">Calibration inputs, row-major <c>[samples, inputs]</c>.</param>
    /// <param name="mask">Which weights are kept.</param>
    /// <param name="start">Masked weights to start from.</param>
    /// <param name="options">Iterations, batch and learning rates.</param>
    /// <returns>The masked weights <c>[out, in]</c> and the bias, empty if the layer has none.</returns>
    public static (float[] Weight, float[] Bias) Solve(
        DenseRows dense, ProductKernels kernels, float[] inputs, Mask mask, float[] start, AdaPruneOptions options)
    {
        using var layer =
            new Linear(dense.Columns, dense.Rows, dense.HasBias, null, kernels.WithFullGradient, seed: 0, stream: 0);
        var difference = new float[start.Length];
        TensorPrimitives.Subtract(start, dense.Weight, difference);
        layer.SetWeight(difference);
        if (dense.HasBias)
            layer.SetBias(new float[dense.Rows]);
        foreach (var part in layer.Parts.Learned)
            part.PrepareState(2);

        var (samples, batch) = (inputs.Length / dense.Columns, Math.Min(options.BatchSize, inputs.Length / dense.Columns));
        var (x, error) = (new float[batch * dense.Columns], new float[batch * dense.Rows]);
        var order = new int[samples];
        var (weightRule, biasRule) = (Rule(options.LearningRate), Rule(options.BiasLearningRate));
        var next = samples;
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            if (next + batch > samples)
            {
                Permutation.Fill(order, options.Seed, (uint)iteration);
                next = 0;
            }
            for (var i = 0; i < batch; i++, next++)
                inputs.AsSpan(order[next] * dense.Columns, dense.Columns).CopyTo(x.AsSpan(i * dense.Columns));
            layer.Forward(x, error);
            layer.GradWeight(x, error);
            mask.Clear(layer.Matrix.Parameter.GradientBuffer);

            // Falling to 0: at a constant rate the weights would end where the last few batches left them.
            var rest = 1 - (iteration / (float)options.Iterations);
            var step = new UpdateStep(iteration + 1, 0, 2f / error.Length, Decay: false);
            Update(layer.Matrix.Parameter, weightRule, step with { LearningRate = rest * (float)options.LearningRate });
            layer.Matrix.NoteChange();
            if (layer.Weights.Bias?.Parameter is not { } bias)
                continue;
            Update(bias, biasRule, step with { LearningRate = rest * (float)options.BiasLearningRate });
            layer.SetBias(bias.Values);
        }
        return (Sum(dense.Weight, layer.Weight), Sum(dense.Bias, layer.Bias));
    }

    private static AdamW Rule(double learningRate) => new(learningRate, weightDecay: 0);

    private static void Update(Parameter parameter, AdamW rule, in UpdateStep step) =>
        rule.Update(parameter.Values, parameter.Gradient, parameter.State(0), parameter.State(1), in step);

    private static float[] Sum(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = new float[first.Length];
        TensorPrimitives.Add(first, second, sum);
        return sum;
    }
}
