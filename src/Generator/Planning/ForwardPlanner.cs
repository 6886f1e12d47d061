using System.Globalization;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Planning;

/// <summary>The forward calls of a pass, and the values that its nodes have.</summary>
internal sealed class ForwardOps(IReadOnlyList<FusedNode> nodes, EquatableArray<LayerPlan> layers)
{
    public IReadOnlyList<FusedNode> Nodes => nodes;

    public EquatableArray<LayerPlan> Layers => layers;

    public ValueTable Table { get; } = new();

    /// <summary>The value of each node.</summary>
    public int[] Values { get; } = new int[nodes.Count];

    /// <summary>The operands of each node as its operation takes them: rounded where it wants that.</summary>
    public int[][] Operands { get; } = new int[nodes.Count][];

    /// <summary>For each node the input of a fused activation, where the backward pass needs it; else -1.</summary>
    public int[] ActivationInputs { get; } = new int[nodes.Count];

    /// <summary>For each node what else the backward pass needs of it.</summary>
    public List<int>[] Saved { get; } = [.. nodes.Select(_ => new List<int>())];

    /// <summary>What tells the names of a node's values apart, for example <c>1</c> in <c>h1</c>, <c>z1</c> and <c>dh1</c>.</summary>
    public string[] Suffixes { get; } = new string[nodes.Count];

    /// <summary>Steps so far that draw random numbers.</summary>
    public int Sites { get; set; }

    /// <summary>The values of several inputs; empty where the input is one.</summary>
    public List<PackedInput> Packed { get; } = [];

    public List<Call> Calls { get; } = [];

    public int Input => Values[0];

    public int Output => Values[Values.Length - 1];
}

/// <summary>Turns a fused graph into calls.</summary>
internal static class ForwardPlanner
{
    private const string OutputSuffix = "Output";

    /// <param name="nodes">The fused graph.</param>
    /// <param name="numbers">Number of each node of the original graph in the names of its values, so that both passes call them
    /// alike.</param>
    /// <param name="layers">The layers of the model.</param>
    /// <param name="training">Whether a backward pass follows.</param>
    public static ForwardOps Plan(
        IReadOnlyList<FusedNode> nodes, IReadOnlyDictionary<int, int> numbers, EquatableArray<LayerPlan> layers, bool training)
    {
        var plan = new ForwardOps(nodes, layers);
        var rounded = new RoundedOperands(plan);
        for (var index = 0; index < nodes.Count; index++)
        {
            var node = nodes[index];
            var (name, suffix) = Names(index);
            plan.Suffixes[index] = suffix;
            plan.Values[index] = plan.Table.Add(name, node.Layout);
            var isInputSaved = training && node.IsFused && ActivationTable.Of(node.Epilogue).DerivativeNeedsInput;
            plan.ActivationInputs[index] = isInputSaved ? plan.Table.Add("z" + suffix, node.Layout) : -1;
            plan.Operands[index] = rounded.Of(node);
            node.Operation.Forward(new ForwardNode(plan, index, training));
            if (node.ReadBorder > 0)
                plan.Calls.Add(ClearBorder.Call(plan.Table, plan.Values[index]));
            else if (node.ReadsEdges && !training)
                plan.Calls.Add(ShareEdges.Call(plan.Table, plan.Values[index]));
        }
        return plan;

        (string Name, string Suffix) Names(int index)
        {
            if (index == 0)
                return ("input", "Input");
            if (index == nodes.Count - 1)
                return ("output", OutputSuffix);
            if (nodes[index].Operation.ValueName is { } name)
                return (name, char.ToUpperInvariant(name[0]) + name.Substring(1));
            var number = numbers[nodes[index].Source].ToString(CultureInfo.InvariantCulture);
            return ("h" + number, number);
        }
    }
}
