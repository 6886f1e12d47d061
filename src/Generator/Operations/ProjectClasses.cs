using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = α·W·x/‖x‖ + b</c>, of which <c>W</c> does not learn.</summary>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
internal sealed record ProjectClasses(int Layer) : Operation
{
    private const string Pass = "global::SparseSharp.Kernels.FixedProjectionPass";

    public override int LayerIndex => Layer;

    public override bool TakesRows => true;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override Shape Infer(OperandShapes operands)
    {
        var spec = operands.Layers[Layer].Kind;
        operands.Expect(Shape.Vector(spec.Inputs), operands[0]);
        return Shape.Vector(spec.Outputs);
    }

    public override void Forward(ForwardNode node)
    {
        var spec = (FixedClassifierSpec)node.Layer(Layer).Kind;
        var (x, y) = (node.Operand(0), node.Result);
        var norms = node.Save("norms", new ValueLayout(2));
        var projected = node.Save("projected", new ValueLayout(spec.ProjectedRows));
        var path = node.Layer(Layer).Spec.Path;
        node.Add(new(
            $"{Pass}.Forward",
            Arguments(Argument.Read(x), Argument.Write(norms), Argument.Write(projected), Argument.Write(y)),
            $"{node.Name(projected)} = rows of {path} times {node.Name(x)} / {node.Name(norms)}, "
                + $"{node.Name(y)} = {path}({node.Name(x)}): {Words.Number(spec.Features)} -> {Words.Number(spec.Classes)}"));
    }

    public override IEnumerable<Call> GradSums(BackwardNode node)
    {
        var spec = (FixedClassifierSpec)node.Layer(Layer).Kind;
        var (norms, projected, dy) = (node.Saved(0), node.Saved(1), node.Gradient);
        var (rows, slopes) = (node.Make("rows", new ValueLayout(spec.GradientRows)), node.Make("slopes", new ValueLayout(1)));
        yield return new(
            $"{Pass}.GradSums",
            Arguments(Argument.Read(norms), Argument.Read(projected), Argument.Read(dy), Argument.Write(rows), Argument.Write(slopes)),
            $"{node.Name(rows)} = transpose({node.Layer(Layer).Spec.Path}) {node.Name(dy)} / {node.Name(norms)}, "
                + $"{node.Name(slopes)} = products of {node.Name(dy)} with {node.Name(projected)}");
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, target => new(
            $"{Pass}.GradInput",
            Arguments(
                Argument.Read(node.Operand(0)), Argument.Read(node.Made(0)), Argument.Read(node.Made(1)),
                Argument.Target(target.Value, target.Accumulate), Argument.Accumulate(target.Accumulate)),
            node.Formula(target, $"{node.Name(node.Made(0))} - {node.Name(node.Made(1))} * {node.Name(node.Operand(0))}"))),
    ];

    public override Call GradWeights(BackwardNode node, bool accumulate) => new(
        $"{Pass}.GradWeight",
        new([
            Argument.Layer(Layer), Argument.Batch, Argument.Read(node.Saved(1)), Argument.Read(node.Gradient),
            Argument.AccumulateBatch(accumulate)]),
        $"{node.Layer(Layer).Spec.Path}: {node.Name(node.Gradient)} times {node.Name(node.Saved(1))}"
            + (accumulate ? ", added to the use before" : ""));

    private EquatableArray<Argument> Arguments(params Argument[] values) => new([Argument.Layer(Layer), Argument.Pass, .. values]);
}
