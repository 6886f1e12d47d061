using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary>Calls of the runtime's element-wise steps: the panel comes first, and the features behind the values.</summary>
internal static class Elementwise
{
    /// <summary>A step of the forward pass.</summary>
    /// <param name="step">The node.</param>
    /// <param name="method">The method.</param>
    /// <param name="formula">What the result is.</param>
    /// <param name="arguments">Those between the panel and the features.</param>
    public static Call Forward(Step step, string method, string formula, params Argument[] arguments) =>
        Call(method, $"{step.Name(step.Result)} = {formula}", [.. arguments, Argument.Number(step.Values.Features(step.Result))]);

    /// <summary>A step of the forward pass that computes an operator of its two operands.</summary>
    /// <param name="step">The node.</param>
    /// <param name="method">The method.</param>
    /// <param name="symbol">The operator.</param>
    public static Call Binary(ForwardStep step, string method, string symbol)
    {
        var (left, right) = (step.Operand(0), step.Operand(1));
        var formula = $"{step.Name(left)} {symbol} {step.Name(right)}";
        return Forward(step, method, formula, Argument.Read(left), Argument.Read(right), Argument.Write(step.Result));
    }

    /// <summary>A step of the backward pass.</summary>
    /// <param name="values">The values of the pass.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The gradient that it writes.</param>
    /// <param name="formula">What it writes, or adds.</param>
    /// <param name="arguments">Those between the panel and the target.</param>
    public static Call Backward(ValueTable values, string method, GradientTarget target, string formula, params Argument[] arguments)
    {
        var (value, accumulate) = (target.Value, target.Accumulate);
        Argument[] last = [Argument.Target(value, accumulate), Argument.Number(values.Features(value)), Argument.Accumulate(accumulate)];
        return Call(method, $"{values.Name(value)} {(accumulate ? "+=" : "=")} {formula}", [.. arguments, .. last]);
    }

    /// <summary>Any step.</summary>
    /// <param name="method">The method.</param>
    /// <param name="comment">What it computes.</param>
    /// <param name="arguments">Those behind the panel.</param>
    public static Call Call(string method, string comment, params Argument[] arguments) =>
        new($"{Surface.Elementwise}.{method}", new([Argument.Pass, .. arguments]), comment) { IsElementWise = true };
}
