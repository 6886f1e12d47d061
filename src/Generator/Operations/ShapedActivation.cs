using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary>An activation with constants, whose gradient is computed from the result.</summary>
internal abstract record ShapedActivation : Operation
{
    /// <summary>The constants in the order of the runtime.</summary>
    protected abstract IEnumerable<float> Constants { get; }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(Call(Name, $"{node.Name(y)} = {Formula(node, x)}", [
            .. Numbers, Argument.Read(x), Argument.Write(y), Argument.LinesOf(node.Values, y)]));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, dx => Gradient(node, dx))];

    private IEnumerable<Argument> Numbers => Constants.Select(Argument.Number);

    private Call Gradient(BackwardNode node, GradientTarget dx) => Call(
        $"{Name}Grad",
        $"{node.Name(dx.Value)} {(dx.Accumulate ? "+=" : "=")} {node.Name(node.Gradient)} * {Formula(node, node.Result)}'",
        [
            .. Numbers, Argument.Read(node.Gradient), Argument.Read(node.Result), Argument.Target(dx.Value, dx.Accumulate),
            Argument.Number(node.Values.Lines(dx.Value)), Argument.Accumulate(dx.Accumulate)]);

    private string Formula(PlannedNode node, int x) =>
        $"{Name.ToLowerInvariant()}({node.Name(x)}{string.Concat(Constants.Select(constant => $", {Words.Number(constant)}"))})";

    private static Call Call(string method, string comment, IEnumerable<Argument> arguments) =>
        new($"{Surface.ShapedActivations}.{method}", new([Argument.Pass, .. arguments]), comment) { IsElementWise = true };
}

/// <summary><c>y = x</c> where x is positive, else <c>slope * x</c>.</summary>
internal sealed record LeakyRelu(float Slope) : ShapedActivation
{
    public static OperationMethod Method { get; } = new(
        nameof(LeakyRelu),
        constants => new LeakyRelu(constants[0]),
        Constants: [new("slope", slope => slope is >= 0 and <= float.MaxValue, Descriptors.OperationNumber, "a number of at least 0")
        {
            Otherwise = 0.01f,
        }]);

    protected override IEnumerable<float> Constants => [Slope];
}

/// <summary><c>y = min(max(x, least), most)</c>.</summary>
internal sealed record Clip(float Least, float Most) : ShapedActivation
{
    public static OperationMethod Method { get; } = new(
        nameof(Clip),
        constants => new Clip(constants[0], constants[1]),
        Constants: [Bound("min"), Bound("max")])
    {
        Check = constants => constants[0] < constants[1]
            ? null
            : new(1, Descriptors.OperationNumber, $"more than {Words.Number(constants[0])}, which is the min"),
    };

    protected override IEnumerable<float> Constants => [Least, Most];

    private static ConstantParameter Bound(string name) =>
        new(name, bound => bound is >= float.MinValue and <= float.MaxValue, Descriptors.OperationNumber, "a finite number");
}

/// <summary><c>y = x</c> where x is positive, else <c>alpha * (exp(x) - 1)</c>.</summary>
internal sealed record Elu(float Alpha) : ShapedActivation
{
    public static OperationMethod Method { get; } = new(
        nameof(Elu),
        constants => new Elu(constants[0]),
        Constants: [new("alpha", alpha => alpha is > 0 and <= float.MaxValue, Descriptors.OperationNumber, "a number of more than 0")
        {
            Otherwise = 1,
        }]);

    protected override IEnumerable<float> Constants => [Alpha];
}
