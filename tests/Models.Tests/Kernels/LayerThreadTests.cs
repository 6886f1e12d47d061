using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>What is promised of bits: the same for any number of threads, and for a sample whatever batch it is in.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Kernels")]
public sealed class LayerThreadTests
{
    public static TheoryData<string> Models =>
        [nameof(Dense), nameof(Paired), nameof(PairedStatic), nameof(FourOfEightStatic), nameof(ThreeOfSix), nameof(RowsThreeOfFiveStatic), nameof(PrunedDense), nameof(PrunedPairs),
         nameof(ProductBlocks), nameof(FactorBlocks), nameof(UniformBlocks), nameof(OtherBlocks)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Products_have_the_same_bits_for_any_number_of_threads(string model)
    {
        var layers = KernelModels.Make(model).Linears;
        foreach (var layer in layers)
        {
            foreach (var batch in (int[])[5, 37, 100, 130, 200])
            {
                var expected = Products(layer, batch, threads: 1);
                foreach (var threads in (int[])[2, 3, 5])
                    Assert.Equal(expected, Products(layer, batch, threads));
            }
        }
    }

    /// <summary>
    /// The sums of forward and grad input run over features alone, in the order of the packed weights, in panels of any width. Those of a
    /// few samples run in another order, the same for any few.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_sample_has_the_same_bits_in_any_batch(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var x = Values.Uniform(100 * layer.Inputs, seed: 1);
            var dy = Values.Uniform(100 * layer.Outputs, seed: 2);
            var (y, dx) = (new float[dy.Length], new float[x.Length]);
            layer.Forward(x, y);
            layer.GradInput(dy, dx);
            var slope = new float[layer.Inputs];
            var others = layer.Product.HasSmallBatchKernels ? SmallBatch.MaxSamples : 0;
            var rows = new float[(1 + others) * layer.Outputs];
            foreach (var sample in (int[])[0, 47, 63, 99 - others])
            {
                layer.Forward(x.AsSpan(sample * layer.Inputs, (1 + others) * layer.Inputs), rows);
                layer.GradInput(dy.AsSpan(sample * layer.Outputs, layer.Outputs), slope);
                Assert.Equal(Values.Bits(y.AsSpan(sample * layer.Outputs, rows.Length)), Values.Bits(rows));
                Assert.Equal(Values.Bits(dx.AsSpan(sample * slope.Length, slope.Length)), Values.Bits(slope));
            }
        }
    }

    private static int[] Products(Linear layer, int batch, int threads)
    {
        using var count = new ThreadCount(threads);
        var x = Values.Uniform(batch * layer.Inputs, seed: 1);
        var dy = Values.Uniform(batch * layer.Outputs, seed: 2);
        var (y, dx) = (new float[dy.Length], new float[x.Length]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        layer.GradWeight(x, dy);
        return [.. Values.Bits(y), .. Values.Bits(dx), .. layer.Parameters.SelectMany(parameter => Values.Bits(parameter.Gradient))];
    }
}
