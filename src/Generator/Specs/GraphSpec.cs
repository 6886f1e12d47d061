using SparseSharp.Generator.Operations;

namespace SparseSharp.Generator.Specs;

/// <summary>The forward pass: nodes in order of evaluation, node 0 the input, the last one the output; nested models are inlined.</summary>
internal sealed record GraphSpec(EquatableArray<NodeSpec> Nodes)
{
    public Shape Input => ((Input)Nodes[0].Operation).Shape;

    /// <summary>The shapes of several inputs; empty for a single one.</summary>
    public EquatableArray<Shape> Inputs => ((Input)Nodes[0].Operation).Parts;

    /// <summary>The names of several inputs, as <c>Forward</c> has them.</summary>
    public EquatableArray<string> InputNames => ((Input)Nodes[0].Operation).Names;

    /// <summary>The nodes of several outputs; empty for a single one.</summary>
    public EquatableArray<int> OutputNodes =>
        Nodes[Nodes.Count - 1] is { Operation: Concat, Operands: var outputs } ? outputs : EquatableArray<int>.Empty;
}

/// <param name="Operation">What the node does.</param>
/// <param name="Operands">Indices of the nodes whose values it takes; none for the input.</param>
internal sealed record NodeSpec(Operation Operation, EquatableArray<int> Operands)
{
    public NodeSpec(Operation operation, params int[] operands)
        : this(operation, new EquatableArray<int>(operands))
    {
    }
}
