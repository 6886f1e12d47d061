using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>The maximum of each window of an image.</summary>
internal sealed record MaxPool(PoolWindow Window) : Operation
{
    public static OperationMethod Method { get; } =
        new(nameof(MaxPool), constants => new MaxPool(PoolWindow.Of(constants)), Constants: [.. PoolWindow.Parameters])
        {
            Check = PoolWindow.Check,
        };

    public override bool TakesImages => true;

    public override bool KeepsBfloat16 => true;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Window.PartWindow;

    public override Shape Infer(OperandShapes operands) => Window.Infer(operands);

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Pools}.Max",
            new([
                Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Image(node.Image(x)), Argument.Image(node.Image(y)),
                .. Window.Arguments(), Argument.Activation(node.Activation)]),
            $"{node.Name(y)} = {Of(node.Activation, $"maxima of {node.Name(x)}, {Window}")}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => Gradient(node, dx), FusesDerivative: true)];

    /// <summary>The words for a maximum with the activation that is fused into it.</summary>
    public static string Of(ActivationKind activation, string maxima) =>
        activation == ActivationKind.None ? maxima : $"{Words.Function(activation)} of {maxima}";

    /// <summary>The words for its gradient.</summary>
    public static string GradientOf(PlannedNode node, int dy, GradientTarget dx)
    {
        var formula = $"{node.Name(dx.Value)} {(dx.Accumulate ? "+=" : "=")} {node.Name(dy)} at the first maxima";
        return dx.Derivative == ActivationKind.None ? formula : $"{formula}, times {Words.Function(dx.Derivative)}'({node.Name(dx.Saved)})";
    }

    private Call Gradient(BackwardNode node, GradientTarget dx) => new(
        $"{Surface.Pools}.MaxGrad",
        new([
            Argument.Pass, Argument.Read(node.Gradient), Argument.Read(node.Operand(0)), Argument.Read(node.Result),
            Argument.Target(dx.Value, dx.Accumulate), Argument.Image(node.Image(dx.Value)), Argument.Image(node.Image(node.Gradient)),
            .. Window.Arguments(), Argument.Activation(dx.Derivative), Argument.Accumulate(dx.Accumulate)]),
        GradientOf(node, node.Gradient, dx));
}

/// <summary>The maximum of each channel of an image.</summary>
internal sealed record GlobalMaxPool : Operation
{
    public static OperationMethod Method { get; } = new(nameof(GlobalMaxPool), _ => new GlobalMaxPool());

    public override bool TakesImages => true;

    public override bool KeepsBfloat16 => true;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Operations.PartWindow.Pixel;

    public override Shape Infer(OperandShapes operands) => operands.ExpectImage() ? Shape.Vector(operands[0].Dimensions[0]) : Shape.Unknown;

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Pools}.GlobalMax",
            new([
                Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Image(node.Image(x)), Argument.Activation(node.Activation)]),
            $"{node.Name(y)} = {MaxPool.Of(node.Activation, $"maxima of the channels of {node.Name(x)}")}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => Gradient(node, dx), FusesDerivative: true)];

    private static Call Gradient(BackwardNode node, GradientTarget dx) => new(
        $"{Surface.Pools}.GlobalMaxGrad",
        new([
            Argument.Pass, Argument.Read(node.Gradient), Argument.Read(node.Operand(0)), Argument.Read(node.Result),
            Argument.Target(dx.Value, dx.Accumulate), Argument.Image(node.Image(dx.Value)), Argument.Activation(dx.Derivative),
            Argument.Accumulate(dx.Accumulate)]),
        MaxPool.GradientOf(node, node.Gradient, dx));
}
