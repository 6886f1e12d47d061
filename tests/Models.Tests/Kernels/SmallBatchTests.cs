using SparseSharp.Kernels;
using SparseSharp.Matrices;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>Forward products of a few samples, with weights in a stream.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Kernels")]
public sealed class SmallBatchTests
{
    private const double Tolerance = 1e-5;

    /// <summary>Largest difference per term of a sum, relative to the sum of the magnitudes of its terms: two roundings.</summary>
    private const double RoundingPerTerm = 1 / 16777216.0;

    /// <summary>Models whose layers all have such kernels.</summary>
    public static TheoryData<string> Streamed =>
    [
        nameof(Dense), nameof(Paired), nameof(PairedStatic), nameof(Halves), nameof(HalvesStatic), nameof(Quarters),
        nameof(QuartersStatic), nameof(ThreeQuartersStatic),
        nameof(FourOfEight), nameof(FourOfEightStatic), nameof(TwoOfEightStatic), nameof(RowsTwoOfFour), nameof(RowsTwoOfFourStatic),
        nameof(RowsOneOfFourStatic),
        nameof(RowsOneOfEightStatic), nameof(RowsThreeOfEightStatic), nameof(RowsFourOfEight), nameof(RowsTwoOfFourBi),
        nameof(RowsTwoOfFourSoft), nameof(RowsFourOfEightSoft), nameof(PrunedDense), nameof(PrunedPairs), nameof(FourBlocks),
    ];

    /// <summary>Models with layers that have none.</summary>
    public static TheoryData<string> Others =>
        [nameof(EightOfSixteenStatic), nameof(ThreeOfSixStatic), nameof(TenOfTwelveStatic), nameof(RowsThreeOfFiveStatic),
            nameof(UniformBlocks)];

    private static int MostSamples => SmallBatch.MaxSamples;

    [Theory]
    [MemberData(nameof(Streamed))]
    public void Every_number_of_samples_gives_the_product(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            Assert.True(layer.Product.HasSmallBatchKernels);
            var x = Values.Uniform((MostSamples + 1) * layer.Inputs, seed: 1);
            var expected = new LayerReference(layer).Forward(x);
            for (var samples = MostSamples + 1; samples > 0; samples--)
            {
                var y = new float[samples * layer.Outputs];
                layer.Forward(x.AsSpan(0, samples * layer.Inputs), y);
                Assert.InRange(Values.MaxError(expected.AsSpan(0, y.Length), y), 0, Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_patterns_go_to_panels(string model) =>
        Assert.Contains(KernelModels.Make(model).Linears, layer => !layer.Product.HasSmallBatchKernels);

    [Theory]
    [MemberData(nameof(Streamed))]
    public void A_sample_has_the_same_bits_among_any_few_and_with_any_number_of_threads(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var x = Values.Uniform(MostSamples * layer.Inputs, seed: 1);
            var expected = Forward(layer, x, MostSamples, threads: 1);
            for (var samples = 1; samples <= MostSamples; samples++)
            {
                foreach (var threads in (int[])[1, 2, 3])
                    Assert.Equal(expected[..(samples * layer.Outputs)], Forward(layer, x, samples, threads));
            }
        }
    }

    /// <summary>Above all those with more outputs than a tile takes at once, in a number that it does not divide.</summary>
    [Theory]
    [InlineData(1000, 1, 4)]
    [InlineData(1000, 2, 4)]
    [InlineData(330, 3, 4)]
    [InlineData(1000, 4, 8)]
    [InlineData(0, 1, 1)]
    public void Two_threads_share_the_outputs(int outputs, int keep, int group)
    {
        outputs = outputs == 0 ? 777 : outputs;
        using var layer = Layer(512, outputs, keep, group, halves: false);
        var x = Values.Uniform(MostSamples * layer.Inputs, seed: 4);
        var expected = new LayerReference(layer).Forward(x);
        foreach (var threads in (int[])[1, 2, 3, 5])
        {
            var y = new float[MostSamples * outputs];
            using (new ThreadCount(threads))
                layer.Forward(x, y);
            Assert.InRange(Values.MaxError(expected, y), 0, Tolerance);
            Assert.True(SmallBatchProducts.IsWorthSharing([layer.Product], MostSamples));
        }
    }

    /// <summary>
    /// What is stored as bfloat16 gives what floats do that bfloat16 can hold, but for the rounding of sums; products of such weights are
    /// the same.
    /// </summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(1, 1)]
    public void Weights_stored_as_bfloat16_give_what_rounded_floats_do(int keep, int group)
    {
        using var layer = Layer(200, 88, keep, group, halves: false);
        using var stored = Layer(200, 88, keep, group, halves: true);
        var rounded = layer.Weight.ToArray();
        BFloat16.RoundInPlace(rounded);
        stored.SetWeight(rounded);
        layer.SetWeight(rounded);
        Assert.Equal(layer.Mask?.Words.ToArray(), stored.Mask?.Words.ToArray());

        for (var samples = 1; samples <= MostSamples; samples++)
        {
            var x = Values.Uniform(samples * layer.Inputs, seed: samples);
            var (expected, y) = (new float[samples * layer.Outputs], new float[samples * layer.Outputs]);
            layer.Forward(x, expected);
            stored.Forward(x, y);
            for (var i = 0; i < y.Length; i++)
            {
                var terms = 0.0;
                for (var k = 0; k < layer.Inputs; k++)
                    terms += Math.Abs((double)rounded[(i % layer.Outputs * layer.Inputs) + k] * x[(i / layer.Outputs * layer.Inputs) + k]);
                Assert.InRange(Math.Abs(y[i] - expected[i]), 0, layer.Inputs * RoundingPerTerm * terms);
            }
        }
    }

    [Fact]
    public void A_stream_of_two_of_four_has_as_many_bytes_as_planned()
    {
        // Per vector of outputs and 32 inputs: a word of selectors and 16 weights for each output.
        Assert.Equal(64L * (128 / 32) * 17 * sizeof(float), StreamOf(halves: false).Bytes);
        Assert.Equal(64L * (128 / 32) * 9 * sizeof(float), StreamOf(halves: true).Bytes);

        static OutputStream StreamOf(bool halves)
        {
            using var layer = Layer(128, 64, 2, 4, halves);
            layer.Product.SmallBatch.Prepare();
            return (OutputStream)layer.Product.SmallBatch.Stream;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocks_are_streamed_as_they_are_stored(bool rounds)
    {
        foreach (var template in KernelModels.Make(nameof(FourBlocks)).Linears)
        {
            using var layer = new Linear(
                template.Inputs, template.Outputs, bias: true, template.Pattern, template.Product.Kernels, seed: 3, stream: 0,
                rounds ? Bfloat16Use.Weights : Bfloat16Use.None);
            var weight = new float[layer.Inputs * layer.Outputs];
            layer.CopyEffectiveWeight(weight);
            for (var samples = 1; samples <= MostSamples; samples++)
            {
                var x = Values.Uniform(samples * layer.Inputs, seed: samples);
                var y = new float[samples * layer.Outputs];
                layer.Forward(x, y);
                for (var i = 0; i < y.Length; i++)
                {
                    var (expected, terms) = ((double)layer.Bias[i % layer.Outputs], 0.0);
                    for (var k = 0; k < layer.Inputs; k++)
                    {
                        var term = (double)weight[(i % layer.Outputs * layer.Inputs) + k] * x[(i / layer.Outputs * layer.Inputs) + k];
                        expected += term;
                        terms += Math.Abs(term);
                    }
                    Assert.InRange(Math.Abs(y[i] - expected), 0, layer.Inputs * RoundingPerTerm * (terms + Math.Abs(expected)));
                }
            }
            Assert.IsType<BlockStream>(layer.Product.SmallBatch.Stream);
        }
    }

    private static Linear Layer(int inputs, int outputs, int keep, int group, bool halves)
    {
        var name = (keep, group) switch
        {
            (1, 1) => nameof(Dense),
            (_, 4) => keep == 1 ? nameof(RowsOneOfFourStatic) : keep == 2 ? nameof(RowsTwoOfFourStatic) : nameof(ThreeQuartersStatic),
            _ => keep switch
            {
                1 =>
                nameof(RowsOneOfEightStatic),
                2 =>
                    nameof(TwoOfEightStatic),
                3 => nameof(RowsThreeOfEightStatic),
                _ => nameof(RowsFourOfEight)
            },
        };
        var pattern = group == 1 ? null : new NMPattern(keep, group, Transposable: false, MaskPolicy.Static);
        return new Linear(inputs, outputs, bias: true, pattern, KernelModels.Make(name).Linears[0].Product.Kernels, seed: 3, stream: 0,
            halves ? Bfloat16Use.Weights : Bfloat16Use.None);
    }

    private static int[] Forward(Linear layer, float[] x, int samples, int threads)
    {
        using var count = new ThreadCount(threads);
        var y = new float[samples * layer.Outputs];
        layer.Forward(x.AsSpan(0, samples * layer.Inputs), y);
        return Values.Bits(y);
    }
}
