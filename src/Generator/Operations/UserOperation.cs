using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// An operation of the user's own: a static method and its gradient, which the passes call by two methods that are emitted.
/// </summary>
/// <param name="Name">The name of the method.</param>
/// <param name="Method">The method with its class, as code names it.</param>
/// <param name="Gradient">The name of the gradient.</param>
/// <param name="Class">The class of the method and of the gradient, with <c>global::</c>.</param>
/// <param name="Place">Where the two methods are emitted.</param>
internal abstract record UserOperation(string Name, string Method, string Gradient, string Class, PassPlace Place) : Operation
{
    public override string Name { get; } = Name;

    /// <summary>The name of the method with its class.</summary>
    public string MethodPath => $"{Class}.{Method}";

    /// <summary>The gradient with its class.</summary>
    public string GradientPath => $"{Class}.{Gradient}";

    /// <summary>The call of an emitted method.</summary>
    protected Call Call(string method, string comment, IEnumerable<Argument> arguments) =>
        new($"{Place.Path}.{method}", new([Argument.Pass, .. arguments]), comment);
}

/// <summary>A class with the emitted methods of an operation: nested in the model whose <c>Forward</c> applies it.</summary>
/// <param name="Model">The model, with <c>global::</c>.</param>
/// <param name="Container">The class around those of all operations.</param>
/// <param name="Name">The class.</param>
internal sealed record PassPlace(string Model, string Container, string Name)
{
    public string Path => $"{Model}.{Container}.{Name}";
}

/// <summary><c>y = f(x)</c>, element by element.</summary>
internal sealed record UserElementwise(string Name, string Method, string Gradient, string Class, PassPlace Place)
    : UserOperation(Name, Method, Gradient, Class, Place)
{
    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        Argument[] arguments = [Argument.Read(x), Argument.Write(y), Argument.LinesOf(node.Values, y)];
        node.Add(Call("Forward", $"{node.Name(y)} = {Name}({node.Name(x)})", arguments) with { IsElementWise = true });
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var (x, y, dy) = (node.Operand(0), node.Result, node.Gradient);
        return [new(0, dx => GradInput(node.Values, x, y, dy, dx))];
    }

    private Call GradInput(ValueTable values, int x, int y, int dy, GradientTarget dx)
    {
        var sum = dx.Accumulate ? "+=" : "=";
        var formula = $"{values.Name(dx.Value)} {sum} {Gradient}({values.Name(x)}, {values.Name(y)}, {values.Name(dy)})";
        Argument[] read = [Argument.Read(x), Argument.Read(y), Argument.Read(dy)];
        Argument[] written =
            [Argument.Target(dx.Value, dx.Accumulate), Argument.Number(values.Lines(y)), Argument.Accumulate(dx.Accumulate)];
        return Call("Backward", formula, [.. read, .. written]) with { IsElementWise = true };
    }
}

/// <summary><c>y = f(x, …)</c> on the rows of a panel; one call of the gradient adds to those of all operands.</summary>
/// <param name="Operands">How many operands there are.</param>
/// <param name="Outputs">Features of the result, 0 for those of the first operand.</param>
internal sealed record UserRows(string Name, string Method, string Gradient, string Class, PassPlace Place, int Operands, int Outputs)
    : UserOperation(Name, Method, Gradient, Class, Place)
{
    public override bool TakesRows => true;

    public override Shape Infer(OperandShapes operands) => Outputs > 0 ? Shape.Vector(Outputs) : operands[0];

    public override void Forward(ForwardNode node)
    {
        var y = node.Result;
        var operands = Enumerable.Range(0, Operands).Select(node.Operand).ToArray();
        node.Add(Call(
            "Forward",
            $"{node.Name(y)} = {Name}({string.Join(", ", operands.Select(node.Name))})",
            [.. operands.SelectMany(x => Sized(node.Values, x)), Argument.Write(y), Argument.Number(node.Values.Lines(y))]));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [];

    public override Func<IReadOnlyList<GradientTarget>, Call> JointBackward(BackwardNode node)
    {
        var (values, y, dy) = (node.Values, node.Result, node.Gradient);
        var operands = Enumerable.Range(0, Operands).Select(node.Operand).ToArray();
        return targets =>
        {
            int[] arguments = [.. operands, y, dy];
            var results = targets.Select(target => values.Name(target.Value) + (target.Accumulate ? " (added)" : ""));
            return Call(
                "Backward",
                $"{string.Join(", ", results)} = {Gradient}({string.Join(", ", arguments.Select(values.Name))})",
                [
                    .. operands.SelectMany(x => Sized(values, x)), .. Sized(values, y), Argument.Read(dy),
                    .. targets.SelectMany(target => (Argument[])
                        [Argument.Target(target.Value, target.Accumulate), Argument.Text(target.Accumulate ? "true" : "false")]),
                ]);
        };
    }

    private static Argument[] Sized(ValueTable values, int value) => [Argument.Read(value), Argument.Number(values.Lines(value))];
}
