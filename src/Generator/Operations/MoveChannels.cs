using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The calls that move whole channels of images.</summary>
/// <remarks>
/// They copy. Where all readers of an image take the same border, the values of a concatenation could lie in its channels from the start,
/// and those of a slice in the channels of its operand: a row of an image holds the same row of all channels, one after the other. A value
/// would then have the row stride of the whole.
/// </remarks>
internal static class MoveChannels
{
    /// <summary>Channels of a value become channels of another one.</summary>
    public static Call Take(ValueTable values, int x, int from, GradientTarget y, int to, int channels, int stride, bool clear) => new(
        $"{Surface.Channels}.Take",
        new([
            Argument.Pass, Argument.Read(x), Image(values, x), Argument.Number(from),
            Argument.Target(y.Value, y.Accumulate || IsPart(values, y.Value, channels, clear)), Image(values, y.Value), Argument.Number(to),
            Argument.Number(channels), Argument.Number(stride), Flag("clear", clear), Argument.Accumulate(y.Accumulate)]),
        Comment(values, y, x, from, channels, stride));

    /// <summary>The gradient of what <see cref="Take"/> has read.</summary>
    public static Call TakeGrad(ValueTable values, int dy, int to, GradientTarget dx, int from, int channels, int stride) => new(
        $"{Surface.Channels}.TakeGrad",
        new([
            Argument.Pass, Argument.Read(dy), Image(values, dy), Argument.Number(to), Argument.Target(dx.Value, dx.Accumulate),
            Image(values, dx.Value), Argument.Number(from), Argument.Number(channels), Argument.Number(stride),
            Argument.Accumulate(dx.Accumulate)]),
        Comment(values, dx, dy, to, channels, 1));

    /// <summary>Channels in another order.</summary>
    public static Call Shuffle(ValueTable values, int x, GradientTarget y, int groups) => new(
        $"{Surface.Channels}.Shuffle",
        new([
            Argument.Pass, Argument.Read(x), Argument.Target(y.Value, y.Accumulate), Image(values, x), Image(values, y.Value),
            Argument.Number(groups), Argument.Accumulate(y.Accumulate)]),
        $"{values.Name(y.Value)} {(y.Accumulate ? "+=" : "=")} {values.Name(x)}, {Words.Number(groups)} groups of channels shuffled");

    /// <summary>Whether some channels keep what was written into them before.</summary>
    private static bool IsPart(ValueTable values, int value, int channels, bool clear) =>
        !clear && channels < values.Layout(value).Image!.Value.Channels;

    private static Argument Image(ValueTable values, int value) => Argument.Image(values.Layout(value).Image!.Value);

    private static Argument Flag(string name, bool value) => Argument.Text(value ? "true" : "false") with { Name = name };

    private static string Comment(ValueTable values, GradientTarget y, int x, int from, int channels, int stride)
    {
        var pixels = stride == 1 ? "" : $", each {Words.Number(stride)}. pixel";
        return $"{values.Name(y.Value)} {(y.Accumulate ? "+=" : "=")} "
            + $"channels {Words.Number(from)} to {Words.Number(from + channels - 1)} of {values.Name(x)}{pixels}";
    }
}

/// <summary>Some neighbouring channels of an image, or features of a vector.</summary>
/// <param name="First">The first one.</param>
/// <param name="Count">How many.</param>
internal sealed record Channels(int First, int Count) : Operation
{
    public static OperationMethod Method { get; } = new(
        nameof(Channels),
        constants => new Channels((int)constants[0], (int)constants[1]),
        Constants: [ConstantParameter.Integer("first", least: 0), ConstantParameter.Integer("count", least: 1)]);

    public override bool MovesChannels => true;

    public override bool KeepsBfloat16 => true;

    public override Shape Infer(OperandShapes operands)
    {
        var x = operands[0];
        if (!x.IsKnown)
            return Shape.Unknown;
        var channels = x.Dimensions[0];
        if (First + Count <= channels)
            return x.WithChannels(Count);
        var what = x.Dimensions.Count == 1 ? "features" : "channels";
        operands.Report(
            $"takes {what} {Words.Number(First)} to {Words.Number(First + Count - 1)}",
            $"of its {Words.Number(channels)} {what} the last one is {Words.Number(channels - 1)}");
        return Shape.Unknown;
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), new GradientTarget(node.Result, Accumulate: false));
        if (node.IsImage(node.Result))
            node.Add(MoveChannels.Take(node.Values, x, First, y, 0, Count, stride: 1, clear: false));
        else
            node.Add(Concat.Take(node.Values, x, FirstRow(node), y));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, dx => node.IsImage(dx.Value)
            ? MoveChannels.TakeGrad(node.Values, node.Gradient, 0, dx, First, Count, stride: 1)
            : InputPart.Put(node.Values, node.Gradient, FirstRow(node), dx)),
    ];

    private int FirstRow(PlannedNode node) => First * (node.Values.Layout(node.Result).Features / Count);
}

/// <summary>All channels of several images, or features of several vectors, one after the other.</summary>
internal sealed record ConcatChannels : Operation
{
    public static OperationMethod Method { get; } = new("Concat", _ => new ConcatChannels()) { TakesMore = true };

    public override string Name => "Concat";

    public override bool MovesChannels => true;

    public override bool KeepsBfloat16 => true;

    public override Shape Infer(OperandShapes operands)
    {
        var channels = 0;
        var first = operands[0];
        for (var operand = 0; operand < operands.Count; operand++)
        {
            var shape = operands[operand];
            if (!shape.IsKnown || !first.IsKnown)
                return Shape.Unknown;
            channels += shape.Dimensions[0];
            if (shape.WithChannels(1).Equals(first.WithChannels(1)))
                continue;
            operands.Report(
                first.IsImage
                    ? $"puts images of {Words.Number(first.Dimensions[1])} x {Words.Number(first.Dimensions[2])} pixels together"
                    : $"puts {first} and others together",
                "give all of them the same dimensions but the first", operand);
            return Shape.Unknown;
        }
        return first.WithChannels(channels);
    }

    public override void Forward(ForwardNode node)
    {
        for (var (operand, first) = (0, 0); operand < node.Operands; operand++)
        {
            var x = node.Operand(operand);
            if (node.IsImage(node.Result))
            {
                var channels = node.Image(x).Channels;
                node.Add(MoveChannels.Take(node.Values, x, 0, new(node.Result, Accumulate: false), first, channels, 1, clear: false));
                first += channels;
                continue;
            }
            node.Add(InputPart.Put(node.Values, x, first, new(node.Result, Accumulate: operand > 0)));
            first += node.Values.Lines(x);
        }
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var first = 0;
        for (var operand = 0; operand < node.Operands; operand++)
        {
            var (x, start) = (node.Operand(operand), first);
            yield return new(operand, dx => node.IsImage(node.Gradient)
                ? MoveChannels.Take(node.Values, node.Gradient, start, dx, 0, node.Image(x).Channels, 1, clear: false)
                : Concat.Take(node.Values, node.Gradient, start, dx));
            first += node.IsImage(node.Gradient) ? node.Image(x).Channels : node.Values.Lines(x);
        }
    }
}

/// <summary>Channels of groups in turn: what lets a convolution with groups see those of others before it.</summary>
internal sealed record ShuffleChannels(int Groups) : Operation
{
    public static OperationMethod Method { get; } = new(
        nameof(ShuffleChannels),
        constants => new ShuffleChannels((int)constants[0]),
        Constants: [ConstantParameter.Integer("groups", least: 1)]);

    public override bool TakesImages => true;

    public override bool KeepsBfloat16 => true;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Operations.PartWindow.Pixel;

    public override Shape Infer(OperandShapes operands)
    {
        if (!operands.ExpectImage())
            return Shape.Unknown;
        var channels = operands[0].Dimensions[0];
        if (channels % Groups == 0)
            return operands[0];
        operands.Report(
            $"takes {Words.Number(Groups)} groups of channels",
            $"{Words.Number(channels)} channels are not a multiple of {Words.Number(Groups)}, so change the groups or the channels");
        return Shape.Unknown;
    }

    public override void Forward(ForwardNode node) =>
        node.Add(MoveChannels.Shuffle(node.Values, node.Operand(0), new(node.Result, Accumulate: false), Groups));

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => MoveChannels.Shuffle(node.Values, node.Gradient, dx, node.Image(dx.Value).Channels / Groups))];
}
