using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>
/// The products of single layers against sums in double precision, on the vector path of the processor or of the environment.
/// </summary>
[Trait("Category", "Kernels")]
public sealed class LayerProductTests
{
    /// <summary>
    /// Sums of up to 784 products: the rounding of a random walk is below 2e-6 of the largest sum, so a lost product shows.
    /// </summary>
    private const double Tolerance = 1e-5;

    private const int Guard = 64;
    private const float Sentinel = 12345.5f;

    private static readonly int[] Batches = [1, 5, 9, 16, 29, 37, 64, 100, 130, 200];

    public static TheoryData<string> Models => KernelModels.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Forward_is_the_product_with_the_kept_weights(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var x = Values.Uniform(Batches[^1] * layer.Inputs, seed: 1);
            var expected = new LayerReference(layer).Forward(x);
            // Large batches first: what they leave in the workspace must not show in smaller ones.
            foreach (var batch in Batches.Reverse())
            {
                var y = Guarded(batch * layer.Outputs);
                layer.Forward(x.AsSpan(0, batch * layer.Inputs), Inside(y));
                AssertClose(expected.AsSpan(0, batch * layer.Outputs), y, $"{Describe(layer)}, batch {batch}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void GradInput_is_the_product_with_the_transposed_kept_weights(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var dy = Values.Uniform(Batches[^1] * layer.Outputs, seed: 2);
            var expected = new LayerReference(layer).GradInput(dy);
            foreach (var batch in Batches.Reverse())
            {
                var dx = Guarded(batch * layer.Inputs);
                layer.GradInput(dy.AsSpan(0, batch * layer.Outputs), Inside(dx));
                AssertClose(expected.AsSpan(0, batch * layer.Inputs), dx, $"{Describe(layer)}, batch {batch}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void GradWeight_is_dense_where_masked_weights_learn_and_at_kept_positions_elsewhere(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var x = Values.Uniform(Batches[^1] * layer.Inputs, seed: 3);
            var dy = Values.Uniform(Batches[^1] * layer.Outputs, seed: 4);
            var reference = new LayerReference(layer);
            var weight = new double[layer.Inputs * layer.Outputs];
            var bias = new double[layer.Outputs];
            var summed = 0;
            foreach (var batch in Batches)
            {
                // What is pruned away depends on the batch.
                if (layer.Gradients is not null)
                    (weight, bias, summed) = (new double[weight.Length], new double[bias.Length], 0);
                reference.AddGradWeight(x, dy, summed, batch, weight, bias);
                if (layer.Gradients is not null)
                    weight = reference.PrunedGradWeight(x, dy, batch);
                summed = batch;
                layer.GradWeight(x.AsSpan(0, batch * layer.Inputs), dy.AsSpan(0, batch * layer.Outputs));
                AssertGradients(layer, weight, bias, $"{Describe(layer)}, batch {batch}");
            }
        }
    }

    /// <summary>Narrow panels have kernels of another shape, which add in the same order.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Samples_have_the_same_bits_in_panels_of_any_width(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var (x, dy) = (Values.Uniform(64 * layer.Inputs, seed: 11), Values.Uniform(64 * layer.Outputs, seed: 12));
            var (y, dx) = (new float[dy.Length], new float[x.Length]);
            layer.Forward(x, y);
            layer.GradInput(dy, dx);
            foreach (var batch in new[] { 9, 12, 23, 33 })
            {
                var (fewY, fewDx) = (new float[batch * layer.Outputs], new float[batch * layer.Inputs]);
                layer.Forward(x.AsSpan(0, batch * layer.Inputs), fewY);
                layer.GradInput(dy.AsSpan(0, batch * layer.Outputs), fewDx);
                Assert.Equal(y[..fewY.Length], fewY);
                Assert.Equal(dx[..fewDx.Length], fewDx);
            }
        }
    }

    [Theory]
    [InlineData("PairedStatic")]
    [InlineData("FourOfEightStatic")]
    [InlineData("RowsThreeOfFiveStatic")]
    [InlineData("ThreeOfSix")]
    public void Products_follow_new_weights_masks_and_biases(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var x = Values.Uniform(5 * layer.Inputs, seed: 5);
            var dy = Values.Uniform(5 * layer.Outputs, seed: 6);
            var dx = Guarded(x.Length);
            layer.GradInput(dy, Inside(dx)); // Makes the packed weights of the other orientation, which then have to follow.
            layer.SetWeight(Values.Uniform(layer.Inputs * layer.Outputs, seed: 7));
            if (!layer.Bias.IsEmpty)
                layer.SetBias(Values.Uniform(layer.Outputs, seed: 8));
            var reference = new LayerReference(layer);
            var y = Guarded(dy.Length);
            layer.Forward(x, Inside(y));
            layer.GradInput(dy, Inside(dx));
            AssertClose(reference.Forward(x), y, Describe(layer));
            AssertClose(reference.GradInput(dy), dx, Describe(layer));
        }
    }

    /// <summary>
    /// Room in the packed weights of the other orientation is what the fullest column needs: here it is all that there is.
    /// </summary>
    [Theory]
    [InlineData("RowsTwoOfFourStatic", 4)]
    [InlineData("RowsOneOfEightStatic", 8)]
    [InlineData("RowsThreeOfFiveStatic", 5)]
    public void Products_follow_a_mask_that_fills_columns(string model, int group)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var dy = Values.Uniform(5 * layer.Outputs, seed: 12);
            var dx = Guarded(5 * layer.Inputs);
            layer.GradInput(dy, Inside(dx));
            var weights = Values.Uniform(layer.Inputs * layer.Outputs, seed: 13);
            for (var i = 0; i < weights.Length; i++)
                weights[i] = group - (i % layer.Inputs % group) + (0.4f * weights[i]);
            layer.SetWeight(weights);
            for (var row = 0; row < layer.Outputs; row++)
                Assert.True(layer.Mask![row, 0]);
            layer.GradInput(dy, Inside(dx));
            AssertClose(new LayerReference(layer).GradInput(dy), dx, Describe(layer));
        }
    }

    /// <summary>Padding in packed weights multiplies with zero, which would turn infinity into something that is not a number.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_not_a_number_reaches_those_who_keep_it(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var (x, dy) = (Values.Uniform(layer.Inputs, seed: 9), Values.Uniform(layer.Outputs, seed: 10));
            var (y, dx) = (new float[layer.Outputs], new float[layer.Inputs]);
            x[layer.Inputs / 2] = dy[layer.Outputs / 2] = float.PositiveInfinity;
            layer.Forward(x, y);
            layer.GradInput(dy, dx);
            for (var o = 0; o < layer.Outputs; o++)
                Assert.Equal(layer.Mask?[o, layer.Inputs / 2] ?? true, !float.IsFinite(y[o]));
            for (var i = 0; i < layer.Inputs; i++)
                Assert.Equal((layer.Matrix.SecondMask ?? layer.Mask)?[layer.Outputs / 2, i] ?? true, !float.IsFinite(dx[i]));
        }
    }

    [Fact]
    public void Lengths_that_are_no_batch_are_refused()
    {
        using var model = new Paired();
        var error = Assert.Throws<ArgumentException>(() => model.C.Forward(new float[39], new float[20]));
        Assert.Equal("39 input and 20 output values are not a batch of this layer: it takes 40 and 20 per sample.", error.Message);
        Assert.Throws<ArgumentException>(() => model.C.Forward(new float[80], new float[20]));
        Assert.Throws<ArgumentException>(() => model.C.GradInput([], []));
        Assert.Throws<ArgumentException>(() => model.C.GradWeight(new float[40], new float[21]));
    }

    private static void AssertGradients(Linear layer, double[] weight, double[] bias, string what)
    {
        var expected = weight;
        if (layer.Matrix.IsPacked)
        {
            expected = [.. weight];
            for (var i = 0; i < expected.Length; i++)
                expected[i] = layer.Mask![i / layer.Inputs, i % layer.Inputs] ? expected[i] : 0;
        }
        var actual = new float[weight.Length];
        layer.Matrix.Export(layer.Parameters[0].Gradient, actual);
        Assert.True(Values.MaxError(expected, actual) < Tolerance, $"weight of {what}: {Values.MaxError(expected, actual):E1}");
        if (layer.Parameters.Count > 1)
            Assert.True(Values.MaxError(bias, layer.Parameters[1].Gradient) < Tolerance, $"bias of {what}");
    }

    private static string Describe(Linear layer) => $"{layer.Pattern?.ToString() ?? "dense"} {layer.Inputs} to {layer.Outputs}";

    /// <summary>Memory that may be written in its middle only, and that no kernel may read: it holds NaN.</summary>
    private static float[] Guarded(int count)
    {
        var values = new float[count + (2 * Guard)];
        values.AsSpan().Fill(Sentinel);
        Inside(values).Fill(float.NaN);
        return values;
    }

    private static Span<float> Inside(float[] guarded) => guarded.AsSpan(Guard, guarded.Length - (2 * Guard));

    private static void AssertClose(ReadOnlySpan<double> expected, float[] guarded, string what)
    {
        var error = Values.MaxError(expected, Inside(guarded));
        Assert.True(error < Tolerance, $"{what}: {error:E1}");
        Assert.Equal(-1, guarded.AsSpan(0, Guard).IndexOfAnyExcept(Sentinel));
        Assert.Equal(-1, guarded.AsSpan(guarded.Length - Guard).IndexOfAnyExcept(Sentinel));
    }
}
