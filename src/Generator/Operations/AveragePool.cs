using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>Means over windows of an image.</summary>
internal abstract record MeanPooling : Operation
{
    public override bool TakesImages => true;

    /// <summary>The windows in a column and in a row as arguments of the runtime.</summary>
    protected abstract IEnumerable<Argument> Windows { get; }

    /// <summary>Whether a mean is over the pixels of the padding too.</summary>
    protected abstract bool IsOverPadding { get; }

    /// <summary>The windows in words.</summary>
    protected abstract string Description { get; }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Pools}.Mean",
            new([
                Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Image(node.Image(x)), Argument.Image(node.Image(y)),
                .. Windows, CountsPadding]),
            $"{node.Name(y)} = means of {node.Name(x)}, {Description}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, dx => Gradient(node, dx))];

    private Argument CountsPadding => Argument.Text(IsOverPadding ? "true" : "false") with { Name = "countsPadding" };

    private Call Gradient(BackwardNode node, GradientTarget dx) => new(
        $"{Surface.Pools}.MeanGrad",
        new([
            Argument.Pass, Argument.Read(node.Gradient), Argument.Target(dx.Value, dx.Accumulate), Argument.Image(node.Image(dx.Value)),
            Argument.Image(node.Image(node.Gradient)), .. Windows, CountsPadding, Argument.Accumulate(dx.Accumulate)]),
        $"{node.Name(dx.Value)} {(dx.Accumulate ? "+=" : "=")} {node.Name(node.Gradient)} over the windows");
}

/// <summary>The mean of each window of an image.</summary>
/// <param name="Window">The windows.</param>
/// <param name="CountIncludePad">Whether a mean is over the pixels of the padding too, as zeros.</param>
internal sealed record AveragePool(PoolWindow Window, bool CountIncludePad) : MeanPooling
{
    public static OperationMethod Method { get; } = new(
        nameof(AveragePool),
        constants => new AveragePool(PoolWindow.Of(constants), constants[constants.Count - 1] > 0),
        Constants: [.. PoolWindow.Parameters, ConstantParameter.Flag("countIncludePad", otherwise: true)])
    {
        Check = PoolWindow.Check,
    };

    protected override IEnumerable<Argument> Windows => Window.Arguments();

    protected override bool IsOverPadding => CountIncludePad;

    protected override string Description => Window.ToString();

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Window.PartWindow;

    public override Shape Infer(OperandShapes operands) => Window.Infer(operands);
}

/// <summary>The means over parts of an image, as many as are asked for.</summary>
internal sealed record AdaptiveAveragePool(int Rows, int Columns) : MeanPooling
{
    private static readonly Argument _parts = Argument.Text("global::SparseSharp.Kernels.PoolAxis.Parts");

    public static OperationMethod Method { get; } = new(
        nameof(AdaptiveAveragePool),
        constants => new AdaptiveAveragePool((int)constants[0], (int)(constants[1] > 0 ? constants[1] : constants[0])),
        Constants: [ConstantParameter.Integer("rows", least: 1), ConstantParameter.Integer("columns", least: 1, otherwise: 0)]);

    protected override IEnumerable<Argument> Windows => [_parts, _parts];

    protected override bool IsOverPadding => false;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) =>
        new PartWindow(StrideRows: 0, StrideColumns: 0, Border: 0) { Joins = true };

    protected override string Description => $"{Words.Number(Rows)} x {Words.Number(Columns)} parts";

    public override Shape Infer(OperandShapes operands) =>
        operands.ExpectImage() ? Shape.Image(operands[0].Dimensions[0], Rows, Columns) : Shape.Unknown;
}
