using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>Some pixels of all channels, with channels of zeros around them.</summary>
/// <param name="Stride">From a pixel that is taken to the next.</param>
internal abstract record StridedChannels(int Stride) : Operation
{
    public override bool TakesImages => true;

    public override bool KeepsBfloat16 => true;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => new PartWindow(Stride, Stride, Border: 0);

    /// <summary>Channels of zeros before and behind those of the operand.</summary>
    protected abstract (int Before, int After) Zeros(int channels);

    public override Shape Infer(OperandShapes operands)
    {
        if (!operands.ExpectImage())
            return Shape.Unknown;
        var image = operands[0];
        var (before, after) = Zeros(image.Dimensions[0]);
        return Shape.Image(before + image.Dimensions[0] + after, Taken(image.Dimensions[1]), Taken(image.Dimensions[2]));
    }

    public override void Forward(ForwardNode node)
    {
        var (x, channels) = (node.Operand(0), node.Image(node.Operand(0)).Channels);
        var target = new GradientTarget(node.Result, Accumulate: false);
        node.Add(MoveChannels.Take(node.Values, x, 0, target, Zeros(channels).Before, channels, Stride, clear: true));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var channels = node.Image(node.Operand(0)).Channels;
        return [new(0, dx => MoveChannels.TakeGrad(node.Values, node.Gradient, Zeros(channels).Before, dx, 0, channels, Stride))];
    }

    private int Taken(int pixels) => (pixels + Stride - 1) / Stride;
}

/// <summary>Channels of zeros before and behind those of an image.</summary>
internal sealed record PadChannels(int Before, int After) : StridedChannels(1)
{
    public static OperationMethod Method { get; } = new(
        nameof(PadChannels),
        constants => new PadChannels((int)constants[0], (int)constants[1]),
        Constants: [ConstantParameter.Integer("before", least: 0), ConstantParameter.Integer("after", least: 0)]);

    protected override (int Before, int After) Zeros(int channels) => (Before, After);
}

/// <summary>Some rows and columns of an image.</summary>
internal sealed record Subsample(int Stride) : StridedChannels(Stride)
{
    public static OperationMethod Method { get; } = new(
        nameof(Subsample),
        constants => new Subsample((int)constants[0]),
        Constants: [ConstantParameter.Integer("stride", least: 1)]);

    protected override (int Before, int After) Zeros(int channels) => (0, 0);
}

/// <summary>The shortcut of a residual block without weights, which is ResNet's option A.</summary>
/// <param name="Channels">Channels of the result.</param>
/// <param name="Stride">From a pixel that is taken to the next.</param>
internal sealed record Shortcut(int Channels, int Stride) : StridedChannels(Stride)
{
    public static OperationMethod Method { get; } = new(
        nameof(Shortcut),
        constants => new Shortcut((int)constants[0], (int)constants[1]),
        Constants: [ConstantParameter.Integer("channels", least: 1), ConstantParameter.Integer("stride", least: 1, otherwise: 1)]);

    public override Shape Infer(OperandShapes operands)
    {
        if (!operands[0].IsImage || operands[0].Dimensions[0] <= Channels)
            return base.Infer(operands);
        operands.Report($"gives {Words.Number(Channels)} channels", "it adds channels and takes none away, so ask for as many or more");
        return Shape.Unknown;
    }

    protected override (int Before, int After) Zeros(int channels)
    {
        var before = (Channels - channels) / 2;
        return (before, Channels - channels - before);
    }
}
