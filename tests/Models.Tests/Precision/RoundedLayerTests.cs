using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Precision;

/// <summary>What a layer in bfloat16 keeps, and what its products use, beside the same layer in float32.</summary>
[Trait("Category", "Kernels")]
public sealed class RoundedLayerTests
{
    private const int Updates = 7;

    public static TheoryData<string> Models => RoundedLayers.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Masters_learn_in_float32_and_both_products_use_them_rounded(string model)
    {
        foreach (var (layer, stream) in RoundedLayers.Make(model).Linears.Select((layer, stream) => (layer, stream)))
        {
            using var full = RoundedLayers.Copy(layer, Bfloat16Use.None, stream);
            using var rounded = RoundedLayers.Copy(layer, Bfloat16Use.Weights, stream);
            AssertUses(full, rounded);
            var optimizer = new Sgd(0.1f, momentum: 0.9f);
            for (var step = 1; step <= Updates; step++)
            {
                var gradient = Values.Uniform(layer.Inputs * layer.Outputs, seed: step);
                RoundedLayers.Learn(full, gradient, optimizer, step);
                RoundedLayers.Learn(rounded, gradient, optimizer, step);
                if (step is 1 or Updates)
                    AssertUses(full, rounded);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void New_weights_and_masks_are_rounded_too(string model)
    {
        foreach (var layer in RoundedLayers.Make(model).Linears)
        {
            using var full = RoundedLayers.Copy(layer, Bfloat16Use.None);
            using var rounded = RoundedLayers.Copy(layer, Bfloat16Use.Weights);
            RoundedLayers.InGradInput(rounded); // Makes the weights of the other orientation, which have to follow.
            var weight = layer.Pattern is RamanujanPattern ? layer.Weight.ToArray() : Values.Uniform(layer.Inputs * layer.Outputs, seed: 1);
            full.SetWeight(weight);
            rounded.SetWeight(weight);
            AssertUses(full, rounded);
            if (layer.Mask is null)
                continue;
            full.SetMask(layer.Mask);
            rounded.SetMask(layer.Mask);
            AssertUses(full, rounded);
        }
    }

    private static void AssertUses(Linear full, Linear rounded)
    {
        Assert.Equal(Values.Bits(full.Weight), Values.Bits(rounded.Weight));
        Assert.Equal(RoundedLayers.Rounded(RoundedLayers.InForward(full)), RoundedLayers.InForward(rounded));
        Assert.Equal(RoundedLayers.Rounded(RoundedLayers.InGradInput(full)), RoundedLayers.InGradInput(rounded));
        var (inUse, roundedInUse) = (new float[full.Weight.Length], new float[full.Weight.Length]);
        full.CopyEffectiveWeight(inUse);
        rounded.CopyEffectiveWeight(roundedInUse);
        Assert.Equal(RoundedLayers.Rounded(inUse), roundedInUse);
        Assert.Contains(inUse.Zip(roundedInUse), pair => pair.First != pair.Second);
    }
}
