using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Tests.Planning;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Layers;

/// <summary>What is planned and printed for batch normalisations.</summary>
public sealed class BatchNormKindTests
{
    [Fact]
    public void PassesAreCutAtTheStatistics()
    {
        var plan = ModelPlanner.Plan(Model(Spec()));
        Assert.Equal(
            [
                "h1 = Layer0(input): 4 -> 6, dense | statistics2 = means and variances of h1",
                "h2 = relu(Norm(h1)), output = Layer2(h2): 6 -> 3, dense | ",
            ],
            plan.Training.ForwardPhases.Select(Text));
        Assert.Equal(
            [
                "dz2 = (transpose(Layer2) dOutput) * relu'(h2): 3 -> 6, dense | sums2 = those of the batch",
                "dh1 = gradient of Norm for dz2 | ",
            ],
            plan.Training.BackwardPhases.Select(Text));
        Assert.Equal(
            ["Layer2: dOutput times h2", "Norm: sums2", "Layer0: dh1 times input", "Norm: running statistics, with statistics2"],
            plan.Training.GradWeights.Select(call => call.Comment));
        Assert.Equal(
            ["h1 = Layer0(input): 4 -> 6, dense", "h2 = relu(Norm(h1))", "output = Layer2(h2): 6 -> 3, dense"],
            plan.Inference.Calls.Select(call => call.Comment));
        Assert.Equal(2, plan.FewestSamples);
    }

    /// <summary>Nothing is kept of a normalisation but its input; its gradient needs no memory of its own, and no prediction does.</summary>
    [Fact]
    public void ResultsAreWrittenOverOperands()
    {
        var plan = ModelPlanner.Plan(Model(Spec()));
        Assert.Equal(Slot(plan.Training.Workspace, "dz2"), Slot(plan.Training.Workspace, "dh1"));
        Assert.NotEqual(Slot(plan.Training.Workspace, "h1"), Slot(plan.Training.Workspace, "h2"));
        Assert.Equal(Slot(plan.Inference.Workspace, "h1"), Slot(plan.Inference.Workspace, "h2"));

        static int Slot(WorkspacePlan workspace, string name) => workspace.Values.Single(value => value.Name == name).Slot;
    }

    /// <summary>Sums of gradients are there even where the gradient of the input is not asked for.</summary>
    [Fact]
    public void ANormalisedInput()
    {
        var builder = new ModelSpecBuilder(4);
        var norm = builder.Layer("Norm", Spec() with { Features = 4 });
        builder.Linear(builder.Through(builder.Through(0, norm), norm), 3);
        var plan = ModelPlanner.Plan(builder.Build());
        Assert.Equal(3, plan.Training.ForwardPhases.Count);
        Assert.Equal(
            ["Layer1: dOutput times h2", "Norm: sums2", "Norm: sums1, added to the use before", "Norm: running statistics, with statistics1",
                "Norm: running statistics, with statistics2"],
            plan.Training.GradWeights.Select(call => call.Comment));
        var code = ModelEmitter.Emit(plan);
        Assert.Contains("Remember(model._norm, in batch, statistics1, 1, accumulate: batch.Accumulate);", code, StringComparison.Ordinal);
        Assert.Contains("Remember(model._norm, in batch, statistics2, 1, accumulate: true);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsPrinted()
    {
        var code = ModelEmitter.Emit(ModelPlanner.Plan(Model(Spec())));
        Assert.Contains("FewestSamples = 2,", code, StringComparison.Ordinal);
        Assert.Contains("_norm = new(6, new(), seed, firstStream + 1);", code, StringComparison.Ordinal);
        Assert.Contains("model._norm.Prepare(training);", code, StringComparison.Ordinal);
        Assert.Contains("new(\"Norm\", 6, 6, true, \"dense\", 1) { DenseFlops = 0 },", code, StringComparison.Ordinal);
        Assert.Contains("/// <summary>6 features, normalised over the batch.</summary>", code, StringComparison.Ordinal);
        Assert.Contains(
            "BatchNormPass.Forward(model._norm, in pass, ref h1, ref statistics2, ref h2, PassActivation.Relu);", code,
            StringComparison.Ordinal);
        Assert.Contains("BatchNormPass.Statistics(model._norm, in batch, h1, statistics2);", code, StringComparison.Ordinal);
        Assert.Contains("BatchNormPass.GradStatistics(model._norm, in batch, h1, statistics2, dz2, sums2);", code, StringComparison.Ordinal);
        Assert.Contains("BatchNormPass.Infer(model._norm, in pass, ref h1, ref h2, PassActivation.Relu);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsArePrintedWhereTheyAreNotTheDefaults()
    {
        var spec = Spec() with
        {
            Momentum = 0.25,
            Epsilon = 1e-3,
            Affine = false,
            Ghost = 32,
            Range = RangeNorm.Paper,
        };
        Assert.Equal(
            "6, new() { Momentum = 0.25, Epsilon = 0.001, Affine = false, Ghost = 32, Range = global::SparseSharp.RangeNorm.Paper }, seed, 7",
            Arguments(spec));
        Assert.Equal("6, new() { Cumulative = true }, seed, 7", Arguments(Spec() with { Cumulative = true }));
        Assert.Equal("6 features, normalised over ghost batches of 32 samples, without factors", spec.Shape);
        Assert.Empty(spec.Vectors);

        static string Arguments(BatchNormSpec spec) => spec.Arguments(null!, new(_ => "", "seed", "7"));
    }

    /// <summary>Ranges are gone through by all panels together.</summary>
    [Fact]
    public void GradientsOfRangesTakeTheBatch()
    {
        var plan = ModelPlanner.Plan(Model(Spec() with { Range = RangeNorm.Paper }));
        Assert.Equal(
            ["dz2 = (transpose(Layer2) dOutput) * relu'(h2): 3 -> 6, dense | sums2 = those of the batch, dh1 = gradient of Norm for dz2", " | "],
            plan.Training.BackwardPhases.Select(Text));
    }

    private static BatchNormSpec Spec() => new("BatchNorm1d", false, 6, 0.1, false, 1e-5, true, 0, RangeNorm.None);

    private static Specs.ModelSpec Model(BatchNormSpec spec)
    {
        var builder = new ModelSpecBuilder(4);
        var x = builder.Linear(0, spec.Features);
        x = builder.Through(x, builder.Layer("Norm", spec));
        builder.Linear(builder.Apply(ActivationKind.Relu, x), 3);
        return builder.Build();
    }

    private static string Text(PassPhase phase) =>
        $"{string.Join(", ", phase.Calls.Select(call => call.Comment))} | {string.Join(", ", phase.Reduction.Select(call => call.Comment))}";
}
