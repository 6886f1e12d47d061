using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class FusedGraphTests
{
    [Fact]
    public void ActivationThatIsTheOnlyUseOfALayerIsFused()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(NodeKind.Silu, builder.Linear(0, 8));

        var nodes = Build(builder);

        Assert.Equal([NodeKind.Input, NodeKind.Linear], nodes.Select(node => node.Kind));
        Assert.Equal(ActivationKind.Silu, nodes[1].Activation);
    }

    [Fact]
    public void ActivationOfALayerThatIsUsedElsewhereStaysAlone()
    {
        var builder = new ModelSpecBuilder(4);
        var linear = builder.Linear(0, 4);
        builder.Combine(NodeKind.Add, builder.Apply(NodeKind.Relu, linear), linear);

        Assert.Equal([NodeKind.Input, NodeKind.Linear, NodeKind.Relu, NodeKind.Add], Build(builder).Select(node => node.Kind));
    }

    [Fact]
    public void DropoutHidesAnActivationInTrainingOnly()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(NodeKind.Relu, builder.Apply(NodeKind.Dropout, builder.Linear(0, 4), 0.5f));

        Assert.Equal([NodeKind.Input, NodeKind.Linear, NodeKind.Dropout, NodeKind.Relu], Build(builder).Select(node => node.Kind));
        Assert.Equal([NodeKind.Input, NodeKind.Linear], Build(builder, training: false).Select(node => node.Kind));
    }

    [Fact]
    public void WhatTheOutputDoesNotDependOnIsGone()
    {
        var builder = new ModelSpecBuilder(4);
        var linear = builder.Linear(0, 4);
        builder.Apply(NodeKind.Relu, linear);
        builder.Apply(NodeKind.Tanh, linear);

        var nodes = Build(builder);

        Assert.Equal(2, nodes.Count);
        Assert.Equal(ActivationKind.Tanh, nodes[1].Activation);
    }

    [Fact]
    public void ModelMayBeTheIdentity()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Apply(NodeKind.Dropout, 0, 0.5f);

        var plan = ModelPlanner.Plan(builder.Build());

        Assert.Empty(plan.Inference.Ops);
        Assert.Equal(plan.Inference.Input, plan.Inference.Output);
    }

    private static IReadOnlyList<FusedNode> Build(ModelSpecBuilder builder, bool training = true)
    {
        var spec = builder.Build();
        return FusedGraph.Build(spec.Graph, ShapeInference.Infer(spec.Graph, spec.Layers).Features, training);
    }
}
