using SparseSharp.Layers;
using SparseSharp.Learning;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Training steps without a trainer.</summary>
internal static class Steps
{
    /// <summary>A batch of random inputs and random targets.</summary>
    public static Batch RandomBatch(int count, int features, int targets, int seed)
    {
        var batch = new Batch(count, features, targets) { Count = count };
        Values.Uniform(batch.Inputs.Length, seed).CopyTo(batch.Inputs);
        Values.Uniform(batch.Targets.Length, seed + 1).CopyTo(batch.Targets);
        return batch;
    }

    /// <summary>One step: passes and update.</summary>
    public static void Run<TModel>(TrainingPass<TModel> pass, Batch batch, Optimizer optimizer, long step)
        where TModel : class, ISparseModel<TModel>
    {
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: (ulong)step, step);
        pass.Update(optimizer, new UpdateStep(step, optimizer.LearningRate, GradientScale: 1, Decay: true));
    }

    /// <summary>Applies the optimizer to a layer alone, with a gradient that the test gives as <c>[out, in]</c>.</summary>
    public static void Update(Linear layer, ReadOnlySpan<float> gradient, Optimizer optimizer, long step = 1, float scale = 1)
    {
        var weight = layer.Parameters[0];
        layer.Matrix.Import(gradient, weight.GradientBuffer);
        layer.Weights.PrepareState(optimizer.StateCount);
        var update = new UpdateStep(step, optimizer.LearningRate, scale, Decay: true);
        RunPhases(layer, optimizer, in update);
    }

    /// <summary>Takes a layer through the phases of a step whose gradients are there.</summary>
    public static void RunPhases(Linear layer, Optimizer optimizer, in UpdateStep step)
    {
        foreach (var part in layer.Parts.Learned)
        {
            foreach (var phase in part.Phases(in step))
                Run(part, phase, in step);
        }

        void Run(LearnedPart part, UpdatePhase phase, in UpdateStep step)
        {
            phase.Begin(optimizer, in step);
            for (var task = 0; task < phase.Tasks; task++)
                part.Update(phase, task, optimizer, in step);
        }
    }

    /// <summary>All weights, masks and biases of a model as bits.</summary>
    public static int[] Bits(ISparseModel model) =>
    [
        .. from layer in model.Linears
           from bits in (IEnumerable<int[]>)[Values.Bits(layer.Weight), Values.Bits(layer.Bias), MaskBits(layer)]
           from word in bits
           select word,
    ];

    private static int[] MaskBits(Linear layer) =>
        layer.Mask is { } mask ? [.. from word in mask.Words.ToArray() from half in (int[])[(int)word, (int)(word >> 32)] select half] : [];
}
