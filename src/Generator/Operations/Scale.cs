using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = x * factor</c>.</summary>
internal sealed record Scale(float Factor) : Operation
{
    public override void Forward(ForwardStep step)
    {
        var x = step.Operand(0);
        var formula = $"{step.Name(x)} * {Words.Number(Factor)}";
        step.Add(Elementwise.Forward(step, "Scale", formula, Argument.Read(x), Argument.Number(Factor), Argument.Write(step.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(0, target => Gradient(step.Values, step.Gradient, Factor, target))];

    /// <summary><c>dx (+)= dy * factor</c>; with factor 1 a copy or a sum of gradients.</summary>
    public static Call Gradient(ValueTable values, int dy, float factor, GradientTarget dx)
    {
        var formula = factor == 1 ? values.Name(dy) : $"{values.Name(dy)} * {Words.Number(factor)}";
        return Elementwise.Backward(values, "ScaleGrad", dx, formula, Argument.Read(dy), Argument.Number(factor));
    }
}
