using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Pruning;

public sealed class MaskReportTests
{
    [Fact]
    public void A_report_has_the_figures_of_every_mask()
    {
        using var model = WithGaussianWeights();
        var report = MaskReport.Of(model);
        Assert.Equal(["Head", "Shared", "Stem"], report.Layers.Select(layer => layer.Path));
        Assert.Equal(model.Linears.Select(layer => layer.Pattern), report.Layers.Select(layer => layer.Pattern));
        Assert.Equal([.25, .5, .5], report.Layers.Select(layer => layer.Density));
        Assert.Equal([.459, .743, .703], report.Layers.Select(layer => layer.GaussianMass));
        var shared = report.Layers[1];
        Assert.Equal(model.Shared.Mask!.RetainedMass(model.Shared.Weight), shared.RetainedMass);
        Assert.Equal(11.07, shared.Diversity!.Value, .005);
        Assert.Null(report.Layers[2].RetainedMass);
        Assert.All(report.Layers, layer => Assert.False(layer.KeepsLittle));
        Assert.Equal(4, report.ToString().Split('\n').Length);
    }

    [Fact]
    public void A_mask_that_keeps_the_wrong_weights_is_remarked()
    {
        using var model = WithGaussianWeights();
        var opposite = Array.ConvertAll(model.Shared.Weight.ToArray(), weight => 1 / weight);
        model.Shared.SetMask(Mask.Magnitude(opposite, 32, 32, model.Shared.NMPattern()));
        var report = MaskReport.Of(model);
        Assert.True(report.Layers[1].KeepsLittle);
        Assert.Contains("Shared keeps", report.ToString().Split('\n')[^1]);
        Assert.Contains("Gaussian weights would keep 0.743", report.ToString());
    }

    private static Pupil WithGaussianWeights()
    {
        var model = Pupil.Create(2);
        var random = new Random(3);
        foreach (var layer in model.Linears)
        {
            var weight = new float[layer.Inputs * layer.Outputs];
            foreach (ref var value in weight.AsSpan())
                value = MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
            layer.SetWeight(weight);
        }
        return model;
    }
}
