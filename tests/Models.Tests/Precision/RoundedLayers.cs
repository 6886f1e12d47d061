using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Kernels;

namespace SparseSharp.Models.Tests.Precision;

/// <summary>Layers of every kind, in float32 and with the same weights in bfloat16, that learn from the same gradients.</summary>
internal static class RoundedLayers
{
    private static readonly Dictionary<string, Func<ISparseModel>> Others = new(StringComparer.Ordinal)
    {
        [nameof(RegrowTiles)] = () => new RegrowTiles(),
        [nameof(RegrowEights)] = () => new RegrowEights(),
        [nameof(RegrowSixes)] = () => new RegrowSixes(),
        [nameof(RegrowRows)] = () => new RegrowRows(),
        [nameof(AnnealedByChannel)] = () => new AnnealedByChannel(),
        [nameof(AnnealedByLayer)] = () => new AnnealedByLayer(),
        [nameof(AnnealedByWeight)] = () => new AnnealedByWeight(),
        [nameof(AnnealedReached)] = () => new AnnealedReached(),
        [nameof(AnnealedBudget)] = () => new AnnealedBudget(),
        [nameof(AnnealedPattern)] = () => new AnnealedPattern(),
    };

    public static TheoryData<string> Names => [.. KernelModels.Keys, .. Others.Keys];

    public static ISparseModel Make(string name) => Others.TryGetValue(name, out var make) ? make() : KernelModels.Make(name);

    /// <summary>A layer of the same kind with other precision; equal streams give equal weights.</summary>
    public static Linear Copy(Linear layer, Bfloat16Use use, int stream = 0)
    {
        var copy = new Linear(layer.Inputs, layer.Outputs, !layer.Bias.IsEmpty, layer.Pattern, layer.Product.Kernels, seed: 1, stream, use);
        if (!layer.Bias.IsEmpty)
            copy.SetBias(new float[layer.Outputs]);
        return copy;
    }

    /// <summary>One update of a layer alone, with all that a training does for it.</summary>
    public static unsafe void Learn(Linear layer, float[] gradient, Optimizer optimizer, long step)
    {
        layer.Weights.BeginGradients(step);
        if (layer.Matrix.MaskedGradient is var masked && masked != null)
            gradient.CopyTo(new Span<float>(masked, gradient.Length));
        var weight = layer.Parameters[0];
        layer.Matrix.Import(gradient, weight.GradientBuffer);
        layer.Weights.PrepareState(optimizer.StateCount);
        var update = new UpdateStep(step, optimizer.LearningRate, GradientScale: 1, Decay: true);
        Steps.RunPhases(layer, optimizer, in update);
    }

    /// <summary>
    /// The weights that the forward product multiplies with, <c>[in, out]</c>: its results for the unit vectors, which are exact.
    /// </summary>
    public static float[] InForward(Linear layer)
    {
        var y = new float[layer.Inputs * layer.Outputs];
        layer.Forward(Unit(layer.Inputs), y);
        return y;
    }

    /// <summary>The weights that the gradient of the input multiplies with, <c>[out, in]</c>.</summary>
    public static float[] InGradInput(Linear layer)
    {
        var dx = new float[layer.Inputs * layer.Outputs];
        layer.GradInput(Unit(layer.Outputs), dx);
        return dx;
    }

    /// <summary>The values as bfloat16 holds them.</summary>
    public static float[] Rounded(ReadOnlySpan<float> values)
    {
        var rounded = values.ToArray();
        BFloat16.RoundInPlace(rounded);
        return rounded;
    }

    private static float[] Unit(int size)
    {
        var unit = new float[size * size];
        for (var i = 0; i < size; i++)
            unit[(i * size) + i] = 1;
        return unit;
    }
}
