using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Precision;

/// <summary>The products of single layers in bfloat16: float32 sums of rounded operands.</summary>
[Trait("Category", "Kernels")]
public sealed class RoundedProductTests
{
    /// <summary>Small ones too: they have kernels of their own, which may hold weights in 16 bits.</summary>
    private static readonly int[] Batches = [1, 5, 37];

    public static TheoryData<string> Models => RoundedLayers.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Products_are_those_of_rounded_operands_to_the_rounding_of_sums(string model)
    {
        foreach (var source in RoundedLayers.Make(model).Linears)
        {
            using var layer = RoundedLayers.Copy(source, Bfloat16Use.WeightsAndActivations);
            foreach (var batch in Batches)
                CheckProducts(layer, batch);
        }
    }

    private static void CheckProducts(Linear layer, int batch)
    {
        var (inputs, outputs) = (layer.Inputs, layer.Outputs);
        var x = Values.Uniform(batch * inputs, seed: 1);
        var dy = Values.Uniform(batch * outputs, seed: 2);
        var (y, dx) = (new float[dy.Length], new float[x.Length]);
        layer.Forward(x, y);
        layer.GradInput(dy, dx);
        layer.GradWeight(x, dy);

        var (rx, rdy, weight) = (RoundedLayers.Rounded(x), RoundedLayers.Rounded(dy), new float[inputs * outputs]);
        layer.CopyEffectiveWeight(weight);
        for (var s = 0; s < batch; s++)
        {
            for (var o = 0; o < outputs; o++)
                AssertSum(y[(s * outputs) + o], inputs, i => (weight[(o * inputs) + i], rx[(s * inputs) + i]));
            for (var i = 0; i < inputs; i++)
                AssertSum(
                    dx[(s * inputs) + i], outputs,
                    o => (layer.Matrix.SecondMask?[o, i] ?? true ? weight[(o * inputs) + i] : 0, rdy[(s * outputs) + o]));
        }
        if (layer.Gradients is not null)
            return;
        var gradient = new float[weight.Length];
        layer.Matrix.Export(layer.Parameters[0].Gradient, gradient);
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
            {
                if (!layer.Matrix.IsPacked || layer.Mask![o, i])
                    AssertSum(gradient[(o * inputs) + i], batch, s => (rdy[(s * outputs) + o], rx[(s * inputs) + i]));
            }
        }
    }

    /// <summary>Terms too small for the sum so far, if that were a bfloat16.</summary>
    [Fact]
    public void Sums_are_float32()
    {
        using var layer = new Linear(257, 1, false, null, DensePass.Operations, 1, 0, Bfloat16Use.WeightsAndActivations);
        var terms = Enumerable.Repeat(0.0625f, 257).ToArray();
        terms[0] = 1;
        layer.SetWeight(terms);
        var y = new float[1];
        layer.Forward(terms, y);
        Assert.Equal(2, y[0]);

        float sum = 0;
        foreach (var term in terms)
            sum = (BFloat16)(sum + (term * term));
        Assert.Equal(1, sum);
    }

    /// <summary>Ten updates of a thousandth: each alone is less than a bfloat16 next to 1 can tell.</summary>
    [Fact]
    public void Masters_are_float32()
    {
        using var layer = new Linear(1, 1, false, null, DensePass.Operations, 1, 0, Bfloat16Use.Weights);
        layer.SetWeight([1]);
        var (inUse, master) = (new float[1], 1f);
        for (var step = 1; step <= 10; step++)
        {
            RoundedLayers.Learn(layer, [0.001f], new Sgd(1), step);
            master = (BFloat16)(master - 0.001f);
        }
        layer.CopyEffectiveWeight(inUse);
        Assert.Equal(0x3F7D, ((BFloat16)inUse[0]).Bits);
        Assert.Equal(0x3F80, ((BFloat16)master).Bits);
        Assert.Equal(1, master);
        Assert.NotEqual(inUse[0], layer.Weight[0]);
    }

    [Fact]
    public void A_use_that_is_none_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Linear(4, 4, false, null, DensePass.Operations, 1, 0, (Bfloat16Use)7));

    private static void AssertSum(float actual, int count, Func<int, (float A, float B)> term)
    {
        var (sum, magnitude) = (0.0, 0.0);
        for (var k = 0; k < count; k++)
        {
            var (a, b) = term(k);
            var product = (double)a * b;
            sum += product;
            magnitude += Math.Abs(product);
        }
        Assert.True(Math.Abs(sum - actual) <= count * Math.Pow(2, -24) * magnitude, $"{actual} instead of {sum}");
    }
}
