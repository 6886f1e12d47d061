using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = (x - mean) / sqrt(variance + epsilon)·w + b</c>, and with fused ReLU its maximum with 0: by the statistics of the batch in a
/// training, else by running ones.
/// </summary>
/// <remarks>
/// Of images, each panel computes sums, then all have statistics in common, then each is normalised. Of features there is one value for
/// each sample, so sums of a panel would say no more.
/// </remarks>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
/// <param name="OfImages">Whether it takes images, else features.</param>
internal sealed record BatchNormalise(int Layer, bool OfImages) : Operation
{
    private const string Pass = "global::SparseSharp.Kernels.BatchNormPass";

    public override int LayerIndex => Layer;

    public override bool TakesImages => OfImages;

    public override bool TakesRows => !OfImages;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Operations.PartWindow.Pixel;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override int FewestSamples(Shape operand) => Positions(operand) > 1 ? 1 : 2;

    public override Shape Infer(OperandShapes operands)
    {
        var spec = (BatchNormSpec)operands.Layers[Layer].Kind;
        var x = operands[0];
        if (!x.IsKnown || spec.Features == 0)
            return x;
        if (!OfImages)
        {
            operands.Expect(Shape.Vector(spec.Features), x);
            return Shape.Vector(spec.Features);
        }
        if (!operands.ExpectChannels(spec, "give the input three dimensions, or use BatchNorm1d for features"))
            return Shape.Unknown;
        if (spec.Ghost == 1 && Positions(x) == 1)
            operands.Report("normalises single values, as images of one pixel in ghost batches of 1 are", "make the ghost batches larger");
        return x;
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        if (!node.Training)
        {
            node.Add(new(
                $"{Pass}.Infer", Arguments(node, Argument.Pass, [Argument.Read(x), Argument.Write(y), Argument.Activation(node.Activation)]),
                Comment(node, x))
            {
                IsElementWise = true,
            });
            return;
        }
        var statistics = node.Save("statistics", new ValueLayout((3 * Spec(node).Features) + 1));
        var hasSums = HasSums(node);
        if (hasSums)
        {
            node.Add(new(
                $"{Pass}.Sums", Arguments(node, Argument.Pass, [Argument.Read(x), Argument.Write(statistics)]),
                $"{node.Name(statistics)} = sums of the channels of {node.Name(x)}"));
        }
        node.Add(new(
            $"{Pass}.Statistics", Arguments(node, Argument.Batch, [Argument.Read(x), Argument.Target(statistics, accumulate: hasSums)]),
            $"{node.Name(statistics)} = means and variances of {node.Name(x)}")
        {
            IsBatchWide = true,
        });
        node.Add(new(
            $"{Pass}.Forward",
            Arguments(
                node, Argument.Pass,
                [Argument.Read(x), Argument.ReadWhole(statistics), Argument.Write(y), Argument.Activation(node.Activation)]),
            Comment(node, x))
        {
            IsElementWise = true,
        });
    }

    public override IEnumerable<Call> GradSums(BackwardNode node)
    {
        var (x, statistics, dy) = (node.Operand(0), node.Saved(0), node.Gradient);
        var sums = node.Make("sums", new ValueLayout(4 * Spec(node).Features));
        var hasSums = OfImages;
        if (hasSums)
        {
            yield return new(
                $"{Pass}.GradSums",
                Arguments(
                    node, Argument.Pass, [Argument.Read(x), Argument.ReadWhole(statistics), Argument.Read(dy), Argument.Write(sums)]),
                $"{node.Name(sums)} = sums of the channels of {node.Name(dy)} and of its products with {node.Name(x)}");
        }
        yield return new(
            $"{Pass}.GradStatistics",
            Arguments(
                node, Argument.Batch,
                [Argument.Read(x), Argument.ReadWhole(statistics), Argument.Read(dy), Argument.Target(sums, accumulate: hasSums)]),
            $"{node.Name(sums)} = those of the batch")
        {
            IsBatchWide = true,
        };
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, target => GradInput(node, target))];

    public override Call GradWeights(BackwardNode node, bool accumulate)
    {
        var (statistics, sums) = (node.Saved(0), node.Made(0));
        return new(
            $"{Pass}.GradWeight",
            new([
                Argument.Layer(Layer), Argument.Batch, Argument.ReadWhole(statistics), Argument.ReadWhole(sums), PositionsOf(node),
                Argument.Accumulate(accumulate)]),
            $"{node.Layer(Layer).Spec.Path}: {node.Name(sums)}{(accumulate ? ", added to the use before" : "")}");
    }

    public override Call Remember(BackwardNode node, bool accumulate) => new(
        $"{Pass}.Remember",
        new([
            Argument.Layer(Layer), Argument.Batch, Argument.ReadWhole(node.Saved(0)), PositionsOf(node),
            Argument.AccumulateBatch(accumulate)]),
        $"{node.Layer(Layer).Spec.Path}: running statistics, with {node.Name(node.Saved(0))}");

    private static int Positions(Shape shape) => shape.IsImage ? shape.Dimensions[1] * shape.Dimensions[2] : 1;

    /// <summary>The gradient of the input; by ranges it takes the whole batch.</summary>
    private Call GradInput(BackwardNode node, GradientTarget target)
    {
        var (x, statistics, dy, sums) = (node.Operand(0), node.Saved(0), node.Gradient, node.Made(0));
        var isBatchWide = Spec(node).Range != RangeNorm.None;
        return new(
            $"{Pass}.GradInput",
            Arguments(
                node, isBatchWide ? Argument.Batch : Argument.Pass,
                [
                    Argument.Read(dy), Argument.Read(x), Argument.ReadWhole(statistics), Argument.ReadWhole(sums),
                    Argument.Target(target.Value, target.Accumulate), Argument.Accumulate(target.Accumulate),
                ]),
            $"{node.Name(target.Value)} {(target.Accumulate ? "+=" : "=")} gradient of {node.Layer(Layer).Spec.Path} for {node.Name(dy)}")
        {
            IsElementWise = true,
            IsBatchWide = isBatchWide,
        };
    }

    /// <summary>Whether panels compute sums: where ranges are measured, the batch is gone through at once.</summary>
    private bool HasSums(PlannedNode node) => OfImages && Spec(node).Range == RangeNorm.None;

    private BatchNormSpec Spec(PlannedNode node) => (BatchNormSpec)node.Layer(Layer).Kind;

    private EquatableArray<Argument> Arguments(PlannedNode node, Argument pass, Argument[] values) => new(
    [
        Argument.Layer(Layer), pass, .. values,
        .. OfImages ? (Argument[])[Argument.Image(node.Image(node.Operand(0))) with { Name = "image" }] : [],
    ]);

    private Argument PositionsOf(PlannedNode node)
    {
        var layout = node.Values.Layout(node.Operand(0));
        return Argument.Number(layout.Image is { } image ? image.Rows * image.Columns : 1);
    }

    private string Comment(ForwardNode node, int x)
    {
        var result = $"{node.Layer(Layer).Spec.Path}({node.Name(x)})";
        return $"{node.Name(node.Result)} = {(node.Activation == ActivationKind.None ? result : $"{Words.Function(node.Activation)}({result})")}";
    }
}
