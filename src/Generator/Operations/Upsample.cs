using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>An image with so many times the rows and columns.</summary>
internal sealed record Upsample(int Factor, UpsampleMode Mode) : Operation
{
    private const int MostPixels = 32767;

    public static OperationMethod Method { get; } = new(
        nameof(Upsample),
        constants => new Upsample((int)constants[0], (UpsampleMode)constants[1]),
        Constants:
        [
            ConstantParameter.Integer("factor", least: 1),
            new(
                "mode", mode => Enum.IsDefined(typeof(UpsampleMode), (int)mode), Descriptors.OperationNumber,
                "UpsampleMode.Nearest or UpsampleMode.Bilinear")
            {
                Otherwise = (float)UpsampleMode.Nearest,
            },
        ]);

    public override bool TakesImages => true;

    public override bool KeepsBfloat16 => Mode == UpsampleMode.Nearest;

    public override Shape Infer(OperandShapes operands)
    {
        if (!operands.ExpectImage())
            return Shape.Unknown;
        var image = operands[0];
        var (rows, columns) = ((long)image.Dimensions[1] * Factor, (long)image.Dimensions[2] * Factor);
        if (rows <= MostPixels && columns <= MostPixels && rows * columns * image.Dimensions[0] <= int.MaxValue)
            return Shape.Image(image.Dimensions[0], (int)rows, (int)columns);
        operands.Report($"makes images {Words.Number(Factor)} times larger", "the result is too large, so make the factor smaller");
        return Shape.Unknown;
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Upsampling}.{Mode}",
            new([
                Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Image(node.Image(x)), Argument.Image(node.Image(y)),
                Argument.Number(Factor)]),
            $"{node.Name(y)} = {node.Name(x)}, {Words.Number(Factor)} times larger, {Mode.ToString().ToLowerInvariant()}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, dx => Gradient(node, dx))];

    private Call Gradient(BackwardNode node, GradientTarget dx) => new(
        $"{Surface.Upsampling}.{Mode}Grad",
        new([
            Argument.Pass, Argument.Read(node.Gradient), Argument.Target(dx.Value, dx.Accumulate), Argument.Image(node.Image(dx.Value)),
            Argument.Image(node.Image(node.Gradient)), Argument.Number(Factor), Argument.Accumulate(dx.Accumulate)]),
        $"{node.Name(dx.Value)} {(dx.Accumulate ? "+=" : "=")} {node.Name(node.Gradient)}, {Words.Number(Factor)} times smaller");
}
