using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The mean of each channel of an image.</summary>
internal sealed record GlobalAveragePool : Operation
{
    public static OperationMethod Method { get; } = new(nameof(GlobalAveragePool), _ => new GlobalAveragePool());

    public override bool TakesImages => true;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Operations.PartWindow.Pixel;

    public override Shape Infer(OperandShapes operands) => operands.ExpectImage() ? Shape.Vector(operands[0].Dimensions[0]) : Shape.Unknown;

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Pools}.GlobalMean",
            new([Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Image(node.Image(x))]),
            $"{node.Name(y)} = means of the channels of {node.Name(x)}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, dx => Gradient(node, dx))];

    private static Call Gradient(BackwardNode node, GradientTarget dx) => new(
        $"{Surface.Pools}.GlobalMeanGrad",
        new([
            Argument.Pass, Argument.Read(node.Gradient), Argument.Target(dx.Value, dx.Accumulate), Argument.Image(node.Image(dx.Value)),
            Argument.Accumulate(dx.Accumulate)]),
        $"{node.Name(dx.Value)} {(dx.Accumulate ? "+=" : "=")} {node.Name(node.Gradient)} over the pixels");
}
