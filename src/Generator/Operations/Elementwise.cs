using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary>Calls of the runtime's element-wise steps: the panel comes first, and the features behind the values.</summary>
internal static class Elementwise
{
    /// <summary>A call of the forward pass.</summary>
    /// <param name="node">The node.</param>
    /// <param name="method">The method.</param>
    /// <param name="formula">What the result is.</param>
    /// <param name="arguments">Those between the panel and the features.</param>
    public static Call Forward(PlannedNode node, string method, string formula, params Argument[] arguments) =>
        Call(method, $"{node.Name(node.Result)} = {formula}", [.. arguments, Argument.LinesOf(node.Values, node.Result)]);

    /// <summary>A call of the forward pass that computes an operator of its two operands.</summary>
    /// <param name="node">The node.</param>
    /// <param name="method">The method.</param>
    /// <param name="symbol">The operator.</param>
    public static Call Binary(ForwardNode node, string method, string symbol)
    {
        var (left, right) = (node.Operand(0), node.Operand(1));
        var formula = $"{node.Name(left)} {symbol} {node.Name(right)}";
        return Forward(node, method, formula, Argument.Read(left), Argument.Read(right), Argument.Write(node.Result));
    }

    /// <summary>A call of the backward pass.</summary>
    /// <param name="values">The values of the pass.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The gradient that it writes.</param>
    /// <param name="formula">What it writes, or adds.</param>
    /// <param name="arguments">Those between the panel and the target.</param>
    public static Call Backward(ValueTable values, string method, GradientTarget target, string formula, params Argument[] arguments)
    {
        var (value, accumulate) = (target.Value, target.Accumulate);
        Argument[] last = [Argument.Target(value, accumulate), Argument.Number(values.Lines(value)), Argument.Accumulate(accumulate)];
        return Call(method, $"{values.Name(value)} {(accumulate ? "+=" : "=")} {formula}", [.. arguments, .. last]);
    }

    /// <summary>Any node.</summary>
    /// <param name="method">The method.</param>
    /// <param name="comment">What it computes.</param>
    /// <param name="arguments">Those behind the panel.</param>
    public static Call Call(string method, string comment, params Argument[] arguments) =>
        new($"{Surface.Elementwise}.{method}", new([Argument.Pass, .. arguments]), comment) { IsElementWise = true };
}
