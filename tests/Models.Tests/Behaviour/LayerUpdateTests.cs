using SparseSharp.Models.Tests.Kernels;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>
/// Optimizer steps on layers of every pattern and of odd shapes: the weights afterwards, and the products with them. Packing has vector
/// paths of its own, so this runs on all of them.
/// </summary>
[Trait("Category", "Kernels")]
public sealed class LayerUpdateTests
{
    private const float Rate = 0.5f;

    public static TheoryData<string> Models => KernelModels.Names;

    /// <summary>
    /// Step 1 leaves the masks of transposable patterns as they are, step 40 refreshes all that are not static, step 100 second masks;
    /// thresholds move with every step.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Weights_and_products_follow_an_update(string name)
    {
        // Factors of blocks change the gradient; they have tests of their own.
        foreach (var layer in KernelModels.Make(name, seed: 2).Linears.Where(layer => layer.BlockScales.IsEmpty))
        {
            AssertProducts(layer); // Both orientations exist from here on.
            foreach (var step in (int[])[1, 40, 41, 100])
            {
                var gradient = Values.Uniform(layer.Inputs * layer.Outputs, seed: step);
                var expected = Expected(layer, gradient);
                Steps.Update(layer, gradient, new Sgd(Rate), step);
                AssertClose(expected, layer.Weight);
                if (layer.Pattern is NMPattern pattern)
                    Assert.True(layer.Mask!.Follows(pattern));
                AssertProducts(layer);
            }
        }
    }

    /// <summary><c>w - rate·(g + λ·(1-m)·w)</c>, for kept weights only under a static mask.</summary>
    private static float[] Expected(Linear layer, float[] gradient)
    {
        var (weight, mask) = (layer.Weight.ToArray(), layer.Mask);
        for (var i = 0; i < weight.Length; i++)
        {
            var kept = mask is null || mask[i / layer.Inputs, i % layer.Inputs];
            var decay = !kept
                && layer.Pattern is NMPattern { Policy: MaskPolicy.SrSte or MaskPolicy.BiMask } pattern ? pattern.Decay * weight[i] : 0;
            if (kept || !layer.Matrix.IsPacked)
                weight[i] -= Rate * (gradient[i] + decay);
        }
        return weight;
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= 1e-6f))
                Assert.Fail($"weight {i} is {actual[i]}, not {expected[i]}");
        }
    }

    private static void AssertProducts(Linear layer)
    {
        var reference = new LayerReference(layer);
        var x = Values.Uniform(2 * layer.Inputs, seed: 3);
        var dy = Values.Uniform(2 * layer.Outputs, seed: 4);
        var (y, dx) = (new float[dy.Length], new float[x.Length]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        Assert.InRange(Values.MaxError(reference.Forward(x), y), 0, 1e-5);
        Assert.InRange(Values.MaxError(reference.GradInput(dy), dx), 0, 1e-5);
    }
}
