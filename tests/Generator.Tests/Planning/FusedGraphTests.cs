using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class FusedGraphTests
{
    [Fact]
    public void ActivationThatIsTheOnlyUseOfALayerIsFused()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(ActivationKind.Silu, builder.Linear(0, 8));

        var nodes = Build(builder);

        Assert.Equal(["Input", "LinearProduct"], Names(nodes));
        Assert.Equal(ActivationKind.Silu, nodes[1].Activation);
    }

    [Fact]
    public void ActivationOfALayerThatIsUsedElsewhereStaysAlone()
    {
        var builder = new ModelSpecBuilder(4);
        var linear = builder.Linear(0, 4);
        builder.Apply(new Add(), builder.Apply(ActivationKind.Relu, linear), linear);

        Assert.Equal(["Input", "LinearProduct", "Relu", "Add"], Names(Build(builder)));
    }

    [Fact]
    public void DropoutHidesAnActivationInTrainingOnly()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(ActivationKind.Relu, builder.Apply(new Dropout(0.5f), builder.Linear(0, 4)));

        Assert.Equal(["Input", "LinearProduct", "Dropout", "Relu"], Names(Build(builder)));
        Assert.Equal(["Input", "LinearProduct"], Names(Build(builder, training: false)));
    }

    [Fact]
    public void WhatTheOutputDoesNotDependOnIsGone()
    {
        var builder = new ModelSpecBuilder(4);
        var linear = builder.Linear(0, 4);
        builder.Apply(ActivationKind.Relu, linear);
        builder.Apply(ActivationKind.Tanh, linear);

        var nodes = Build(builder);

        Assert.Equal(2, nodes.Count);
        Assert.Equal(ActivationKind.Tanh, nodes[1].Activation);
    }

    [Fact]
    public void ModelMayBeTheIdentity()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(new Dropout(0.5f), 0);

        var plan = ModelPlanner.Plan(builder.Build());

        Assert.Empty(plan.Inference.Calls);
        Assert.Equal(plan.Inference.Input, plan.Inference.Output);
    }

    private static IEnumerable<string> Names(IEnumerable<FusedNode> nodes) => nodes.Select(node => node.Operation.Name);

    private static IReadOnlyList<FusedNode> Build(ModelSpecBuilder builder, bool training = true)
    {
        var spec = builder.Build();
        return FusedGraph.Build(ImageGraph.Of(spec.Graph, spec.Layers), training);
    }
}
