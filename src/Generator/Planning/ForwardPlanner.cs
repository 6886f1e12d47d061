using System.Globalization;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>The forward ops of a pass.</summary>
/// <param name="Values">Value of each node of the fused graph.</param>
/// <param name="Operands">First operand of each node of a layer, as its products take it: rounded where the layer wants that; else -1.</param>
/// <param name="Saved">What the backward pass needs besides: the input of an activation that is fused into its layer, the multipliers of a dropout and the mask of pruned values; else -1.</param>
/// <param name="Suffixes">What tells the names of a node's values apart, for example <c>1</c> in <c>h1</c>, <c>z1</c> and <c>dh1</c>.</param>
internal sealed record ForwardOps(IReadOnlyList<FusedNode> Nodes, ValueTable Table, int[] Values, int[] Operands, int[] Saved, string[] Suffixes, List<OpPlan> Ops)
{
    public int Input => Values[0];

    public int Output => Values[Values.Length - 1];
}

/// <summary>Turns a fused graph into ops, one per node.</summary>
internal static class ForwardPlanner
{
    private const string OutputSuffix = "Output";

    /// <param name="nodes">The fused graph.</param>
    /// <param name="numbers">Number of each node of the original graph in the names of its values, so that both passes call them alike.</param>
    /// <param name="layers">The layers of the model.</param>
    /// <param name="training">Whether a backward pass follows.</param>
    public static ForwardOps Plan(IReadOnlyList<FusedNode> nodes, IReadOnlyDictionary<int, int> numbers, EquatableArray<LayerSpec> layers, bool training)
    {
        var plan = new ForwardOps(nodes, new(), new int[nodes.Count], new int[nodes.Count], new int[nodes.Count], new string[nodes.Count], []);
        var rounded = new RoundedOperands(nodes, layers);
        var sites = 0;
        for (var index = 0; index < nodes.Count; index++)
        {
            var node = nodes[index];
            var (name, suffix) = Names(index);
            plan.Suffixes[index] = suffix;
            plan.Saved[index] = plan.Operands[index] = -1;
            var y = plan.Values[index] = plan.Table.Add(name, node.Features);

            switch (node.Kind)
            {
                case NodeKind.Input:
                    break;
                case NodeKind.Linear:
                    if (training && node.Activation.DerivativeNeedsInput())
                        plan.Saved[index] = plan.Table.Add("z" + suffix, node.Features);
                    plan.Operands[index] = rounded.Left(plan, node);
                    plan.Ops.Add(new LinearOp(node.Layer, plan.Operands[index], plan.Saved[index], y, node.Activation));
                    break;
                case NodeKind.Add:
                    plan.Ops.Add(new AddOp(plan.Values[node.Left], plan.Values[node.Right], y));
                    break;
                case NodeKind.Subtract:
                    plan.Ops.Add(new SubtractOp(plan.Values[node.Left], plan.Values[node.Right], y));
                    break;
                case NodeKind.Multiply:
                    plan.Ops.Add(new MultiplyOp(plan.Values[node.Left], plan.Values[node.Right], y));
                    break;
                case NodeKind.Scale:
                    plan.Ops.Add(new ScaleOp(plan.Values[node.Left], node.Value, y));
                    break;
                case NodeKind.Shift:
                    plan.Ops.Add(new ShiftOp(plan.Values[node.Left], node.Value, y));
                    break;
                case NodeKind.Dropout:
                    var keep = plan.Saved[index] = plan.Table.Add("keep" + suffix, node.Features);
                    plan.Ops.Add(new DropoutOp(sites++, node.Value, plan.Values[node.Left], y, keep));
                    break;
                case NodeKind.Prune:
                    if (training && node.Value == 0)
                        plan.Saved[index] = plan.Table.Add("keep" + suffix, node.Features);
                    plan.Ops.Add(new PruneOp(node.Layer, plan.Values[node.Left], y, plan.Saved[index]));
                    break;
                default:
                    plan.Ops.Add(new ActivateOp(node.Activation, plan.Values[node.Left], y));
                    break;
            }
        }
        return plan;

        (string Name, string Suffix) Names(int index)
        {
            if (index == 0)
                return ("input", "Input");
            if (index == nodes.Count - 1)
                return ("output", OutputSuffix);
            var number = numbers[nodes[index].Source].ToString(CultureInfo.InvariantCulture);
            return ("h" + number, number);
        }
    }
}
