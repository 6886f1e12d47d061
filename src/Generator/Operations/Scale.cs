using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = x * factor</c>.</summary>
internal sealed record Scale(float Factor) : Operation
{
    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        var formula = $"{node.Name(x)} * {Words.Number(Factor)}";
        node.Add(Elementwise.Forward(node, "Scale", formula, Argument.Read(x), Argument.Number(Factor), Argument.Write(node.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, target => Gradient(node.Values, node.Gradient, Factor, target))];

    /// <summary><c>dx (+)= dy * factor</c>; with factor 1 a copy or a sum of gradients.</summary>
    public static Call Gradient(ValueTable values, int dy, float factor, GradientTarget dx)
    {
        var formula = factor == 1 ? values.Name(dy) : $"{values.Name(dy)} * {Words.Number(factor)}";
        return Elementwise.Backward(values, "ScaleGrad", dx, formula, Argument.Read(dy), Argument.Number(factor));
    }
}
