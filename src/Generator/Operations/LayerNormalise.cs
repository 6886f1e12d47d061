using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = (x - mean) / sqrt(variance + epsilon)·w + b</c> over the features of each sample; with fused ReLU its maximum with 0.
/// </summary>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
internal sealed record LayerNormalise(int Layer) : Operation
{
    private const string Pass = "global::SparseSharp.Kernels.LayerNormPass";

    public override int LayerIndex => Layer;

    public override bool TakesRows => true;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override Shape Infer(OperandShapes operands)
    {
        var shape = ((LayerNormSpec)operands.Layers[Layer].Kind).Value;
        operands.Expect(shape, operands[0]);
        return operands[0].IsKnown ? operands[0] : shape;
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        var statistics = node.Save("statistics", new ValueLayout(2));
        node.Add(new(
            $"{Pass}.Statistics", Arguments(Argument.Read(x), Argument.Write(statistics)),
            $"{node.Name(statistics)} = mean and deviation of {node.Name(x)}"));
        node.Add(new(
            $"{Pass}.Forward",
            Arguments(Argument.Read(x), Argument.ReadWhole(statistics), Argument.Write(y), Argument.Activation(node.Activation)),
            NormWords.Result(node, Layer, x))
        {
            IsElementWise = true,
        });
    }

    public override IEnumerable<Call> GradSums(BackwardNode node)
    {
        var (x, statistics, dy) = (node.Operand(0), node.Saved(0), node.Gradient);
        var sums = node.Make("sums", new ValueLayout(2));
        yield return new(
            $"{Pass}.GradStatistics", Arguments(Argument.Read(x), Argument.ReadWhole(statistics), Argument.Read(dy), Argument.Write(sums)),
            $"{node.Name(sums)} = sums of {node.Name(dy)} and of its products with {node.Name(x)}");
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, target => new(
            $"{Pass}.GradInput",
            Arguments(
                Argument.Read(node.Gradient), Argument.Read(node.Operand(0)), Argument.ReadWhole(node.Saved(0)),
                Argument.ReadWhole(node.Made(0)), Argument.Target(target.Value, target.Accumulate),
                Argument.Accumulate(target.Accumulate)),
            NormWords.Gradient(node, Layer, target))
        {
            IsElementWise = true,
        }),
    ];

    public override Call GradWeights(BackwardNode node, bool accumulate) => new(
        $"{Pass}.GradWeight",
        new([
            Argument.Layer(Layer), Argument.Batch, Argument.Read(node.Operand(0)), Argument.ReadWhole(node.Saved(0)),
            Argument.Read(node.Gradient), Argument.AccumulateBatch(accumulate)]),
        $"{node.Layer(Layer).Spec.Path}: {node.Name(node.Gradient)} times normalised {node.Name(node.Operand(0))}"
            + (accumulate ? ", added to the use before" : ""));

    private EquatableArray<Argument> Arguments(params Argument[] values) => new([Argument.Layer(Layer), Argument.Pass, .. values]);
}

/// <summary>Comments on the calls of normalisations.</summary>
internal static class NormWords
{
    public static string Result(ForwardNode node, int layer, int x)
    {
        var result = $"{node.Layer(layer).Spec.Path}({node.Name(x)})";
        return $"{node.Name(node.Result)} = {(node.Activation == ActivationKind.None ? result : $"{Words.Function(node.Activation)}({result})")}";
    }

    public static string Gradient(BackwardNode node, int layer, GradientTarget target) =>
        $"{node.Name(target.Value)} {(target.Accumulate ? "+=" : "=")} gradient of {node.Layer(layer).Spec.Path} "
            + $"for {node.Name(node.Gradient)}";
}
