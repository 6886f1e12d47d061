using SparseSharp.Generator.Planning;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = activation(x)</c>.</summary>
internal sealed record Activate(ActivationKind Kind) : Operation
{
    /// <summary>A method for each row of the table.</summary>
    public static IEnumerable<OperationMethod> Methods { get; } =
        ActivationTable.Rows.Select(row => new OperationMethod(row.Kind.ToString(), _ => new Activate(row.Kind)));

    public override string Name => Kind.ToString();

    public override ActivationKind Function => Kind;

    public override bool KeepsBfloat16 => ActivationTable.Of(Kind).KeepsBfloat16;

    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        var formula = $"{Words.Function(Kind)}({node.Name(x)})";
        node.Add(Elementwise.Forward(node, "Activate", formula, Argument.Activation(Kind), Argument.Read(x), Argument.Write(node.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var saved = ActivationTable.Of(Kind).DerivativeNeedsInput ? node.Operand(0) : node.Result;
        return [new(0, target => Gradient(node.Values, Kind, node.Gradient, saved, target))];
    }

    /// <summary><c>dx (+)= dy * activation'(saved)</c>.</summary>
    public static Call Gradient(ValueTable values, ActivationKind kind, int dy, int saved, GradientTarget dx) => Elementwise.Backward(
        values,
        "ActivateGrad",
        dx,
        $"{values.Name(dy)} * {Words.Function(kind)}'({values.Name(saved)})",
        Argument.Activation(kind),
        Argument.Read(dy),
        Argument.Read(saved));
}
