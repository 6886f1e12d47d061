using System.Runtime.InteropServices;
using SparseSharp.Kernels;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Results that were computed with PyTorch in double precision.</summary>
[Trait("Category", "Kernels")]
public sealed class SampleNormGoldenTests
{
    [Fact]
    public void A_layer_normalisation()
    {
        using var model = new NormedFour(seed: 1);
        model.Norm.SetWeight([1, 0.5f, 2, -1]);
        model.Norm.SetBias([0, 0.1f, -0.2f, 0.3f]);
        using var passes = new AutogradPass<NormedFour>(model, seed: 1);
        var y = new float[8];
        var tape = passes.Forward([1, 2, 4, -1, 0, 3, -2, 5], y, training: true);
        Equal([-0.27735, 0.238675, 2.5735, 1.68675, -0.557086, 0.378543, -2.79973, -0.999866], y);

        float[] dy = [.. Enumerable.Range(1, 8).Select(i => i / 10f)];
        var gradients = new[] { new float[4], new float[4] };
        var handles = Array.ConvertAll(gradients, gradient => GCHandle.Alloc(gradient, GCHandleType.Pinned));
        Assert.True(passes.Backward(tape, dy, [], Array.ConvertAll(handles, handle => handle.AddrOfPinnedObject())));
        Array.ForEach(handles, handle => handle.Free());
        Equal([-0.306278, 0.389721, -0.493882, 0.485194], gradients[0]);
        Equal([0.6, 0.8, 1, 1.2], gradients[1]);
    }

    [Fact]
    public void A_constant_sample_becomes_the_terms()
    {
        using var model = new NormedFour(seed: 1);
        model.Norm.SetBias([1, 2, 3, 4]);
        Assert.Equal([1, 2, 3, 4], model.Predict([7, 7, 7, 7]));
        var all = model.Predict([.. Enumerable.Repeat(7f, 4 * 40)]);
        Assert.Equal(Enumerable.Repeat((float[])[1, 2, 3, 4], 40).SelectMany(row => row), all);
    }

    private static void Equal(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
