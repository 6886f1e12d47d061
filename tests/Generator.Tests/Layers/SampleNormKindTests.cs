using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Generator.Tests.Planning;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Layers;

/// <summary>What is planned and printed for normalisations of samples, and for those that predictions compute with convolutions.</summary>
public sealed class SampleNormKindTests
{
    /// <summary>No panel waits for another, so nothing cuts the passes.</summary>
    [Fact]
    public void ALayerNormalisation()
    {
        var builder = new ModelSpecBuilder(4);
        var x = builder.Through(builder.Linear(0, 6), builder.Layer("Norm", new LayerNormSpec(Shape.Vector(6), 1e-5, true)));
        builder.Linear(builder.Apply(ActivationKind.Relu, x), 3);
        var plan = ModelPlanner.Plan(builder.Build());
        Assert.Equal(
            ["h1 = Layer0(input): 4 -> 6, dense", "statistics2 = mean and deviation of h1", "h2 = relu(Norm(h1))",
                "output = Layer2(h2): 6 -> 3, dense"],
            Assert.Single(plan.Training.ForwardPhases).Calls.Select(call => call.Comment));
        Assert.Equal(
            ["dz2 = (transpose(Layer2) dOutput) * relu'(h2): 3 -> 6, dense", "sums2 = sums of dz2 and of its products with h1",
                "dh1 = gradient of Norm for dz2"],
            Assert.Single(plan.Training.BackwardPhases).Calls.Select(call => call.Comment));
        var code = ModelEmitter.Emit(plan);
        Assert.Contains("_norm = new(1E-05, true, 6);", code, StringComparison.Ordinal);
        Assert.Contains("LayerNormPass.Statistics(model._norm, in pass, ref h1, ref statistics2);", code, StringComparison.Ordinal);
        Assert.Contains(
            "LayerNormPass.GradWeight(model._norm, in batch, h1, statistics2, dz2, accumulate: batch.Accumulate);", code,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatSpecsSay()
    {
        var images = new LayerNormSpec(Shape.Image(6, 5, 4), 1e-3, false);
        Assert.Equal("120 (6 x 5 x 4) features of a sample, normalised, without factors", images.Shape);
        Assert.Equal("0.001, false, 6, 5, 4", images.Arguments(null!, new(_ => "", "seed", "7")));
        var groups = new GroupNormSpec(4, 8, 1e-5, true);
        Assert.Equal("8 channels of a sample, normalised in groups of 2", groups.Shape);
        Assert.Equal("4, 8, 1E-05, true", groups.Arguments(null!, new(_ => "", "seed", "7")));
        Assert.Equal(["weight", "bias"], groups.Vectors);
        Assert.Empty(images.Vectors);
    }

    /// <summary>A convolution computes one normalisation, and only of a result that it alone reads.</summary>
    [Fact]
    public void AConvolutionTakesOverOneBatchNormalisation()
    {
        var convolution = new Convolve(1);
        var folded = Assert.IsType<Convolve>(convolution.Absorb(new BatchNormalise(2, OfImages: true)));
        Assert.Equal((1, 2), (folded.Layer, folded.Norm));
        Assert.Null(folded.Absorb(new BatchNormalise(3, OfImages: true)));
        Assert.Null(convolution.Absorb(new GroupNormalise(2)));
    }
}
