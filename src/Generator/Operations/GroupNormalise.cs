using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = (x - mean) / sqrt(variance + epsilon)·w + b</c> over groups of channels of each image; with fused ReLU its maximum with 0.
/// </summary>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
internal sealed record GroupNormalise(int Layer) : Operation
{
    private const string Pass = "global::SparseSharp.Kernels.GroupNormPass";

    public override int LayerIndex => Layer;

    public override bool TakesImages => true;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override Shape Infer(OperandShapes operands)
    {
        var spec = (GroupNormSpec)operands.Layers[Layer].Kind;
        var x = operands[0];
        if (!x.IsKnown || spec.Channels == 0)
            return x;
        if (!operands.ExpectChannels(spec, "give the input three dimensions, or use LayerNorm for features"))
            return Shape.Unknown;
        if (spec.Channels == spec.Groups && x.Features == spec.Channels)
            operands.Report("normalises single values, as groups of one channel of one pixel are", "give it fewer groups");
        return x;
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        var statistics = node.Save("statistics", new ValueLayout(3 * Channels(node)));
        node.Add(new(
            $"{Pass}.Sums", Arguments(node, Argument.Read(x), Argument.Write(statistics)),
            $"{node.Name(statistics)} = sums of the channels of {node.Name(x)}"));
        node.Add(new(
            $"{Pass}.Statistics", Arguments(node, Argument.Target(statistics, accumulate: true)),
            $"{node.Name(statistics)} = means and variances of groups"));
        node.Add(new(
            $"{Pass}.Forward",
            Arguments(node, Argument.Read(x), Argument.ReadWhole(statistics), Argument.Write(y), Argument.Activation(node.Activation)),
            NormWords.Result(node, Layer, x))
        {
            IsElementWise = true,
        });
    }

    public override IEnumerable<Call> GradSums(BackwardNode node)
    {
        var (x, statistics, dy) = (node.Operand(0), node.Saved(0), node.Gradient);
        var sums = node.Make("sums", new ValueLayout(4 * Channels(node)));
        yield return new(
            $"{Pass}.GradSums",
            Arguments(node, Argument.Read(x), Argument.ReadWhole(statistics), Argument.Read(dy), Argument.Write(sums)),
            $"{node.Name(sums)} = sums of the channels of {node.Name(dy)} and of its products with {node.Name(x)}");
        yield return new(
            $"{Pass}.GradStatistics", Arguments(node, Argument.ReadWhole(statistics), Argument.Target(sums, accumulate: true)),
            $"{node.Name(sums)}: those of groups beside them");
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, target => new(
            $"{Pass}.GradInput",
            Arguments(
                node, Argument.Read(node.Gradient), Argument.Read(node.Operand(0)), Argument.ReadWhole(node.Saved(0)),
                Argument.ReadWhole(node.Made(0)), Argument.Target(target.Value, target.Accumulate), Argument.Accumulate(target.Accumulate)),
            NormWords.Gradient(node, Layer, target))
        {
            IsElementWise = true,
        }),
    ];

    public override Call GradWeights(BackwardNode node, bool accumulate) => new(
        $"{Pass}.GradWeight",
        new([Argument.Layer(Layer), Argument.Batch, Argument.ReadWhole(node.Made(0)), Argument.AccumulateBatch(accumulate)]),
        $"{node.Layer(Layer).Spec.Path}: {node.Name(node.Made(0))}{(accumulate ? ", added to the use before" : "")}");

    private int Channels(PlannedNode node) => node.Layer(Layer).Kind.Inputs;

    private EquatableArray<Argument> Arguments(PlannedNode node, params Argument[] values) => new(
        [Argument.Layer(Layer), Argument.Pass, .. values, Argument.Image(node.Image(node.Operand(0))) with { Name = "image" }]);
}
