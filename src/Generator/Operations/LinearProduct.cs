using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary><c>z = W x + b</c>, and with a fused activation <c>y = activation(z)</c>.</summary>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
internal sealed record LinearProduct(int Layer) : Operation
{
    public override int LayerIndex => Layer;

    public override bool TakesRows => true;

    public override bool Fuses(ActivationKind kind) => true;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override bool RoundsOperands(EquatableArray<LayerPlan> layers) => layers[Layer].Kind.Matrices[0].RoundsActivations;

    public override Operation? Preparation(EquatableArray<LayerSpec> layers) =>
        layers[Layer].Kind.Matrices[0].Activations is { Along: PruneAlong.Features } pruned
            ? new Prune(pruned.Keep, pruned.Group, pruned.StraightThrough)
            : null;

    public override Shape Infer(OperandShapes operands)
    {
        var matrix = operands.Layers[Layer].Kind.Matrices[0];
        operands.Expect(Shape.Vector(matrix.Depth), operands[0]);
        return Shape.Vector(matrix.Rows);
    }

    public override void Forward(ForwardNode node)
    {
        var layer = node.Layer(Layer);
        var (x, z, y) = (node.Operand(0), node.ActivationInput, node.Result);
        var product = $"{layer.Spec.Path}({node.Name(x)})";
        var formula = z >= 0 ? $"{node.Name(z)} = {product}, {node.Name(y)} = {Words.Function(node.Activation)}({node.Name(z)})"
            : node.Activation == ActivationKind.None ? $"{node.Name(y)} = {product}"
            : $"{node.Name(y)} = {Words.Function(node.Activation)}({product})";
        Argument[] input = z >= 0 ? [Argument.Write(z)] : [];
        node.Add(new(
            $"{Surface.PassOf(layer.Matrices[0].Kernel)}.Forward",
            new([
                Argument.Layer(Layer), Argument.Pass, Argument.Read(x), .. input, Argument.Write(y), Argument.Activation(node.Activation)]),
            $"{formula}: {Words.Number(layer.Kind.Inputs)} -> {Words.Number(layer.Kind.Outputs)}, {Describe.Pattern(layer)}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, target => GradInput(node, target), FusesDerivative: true)];

    /// <summary><c>dx (+)= transpose(W) dy</c>, then, fused, <c>dx = dx * derivative'(saved)</c>.</summary>
    private Call GradInput(BackwardNode node, GradientTarget target)
    {
        var layer = node.Layer(Layer);
        var product = $"transpose({layer.Spec.Path}) {node.Name(node.Gradient)}";
        return new(
            $"{Surface.PassOf(layer.Matrices[0].Kernel)}.GradInput",
            new([
                Argument.Layer(Layer), Argument.Pass, Argument.Read(node.Gradient), Argument.Target(target.Value, target.Accumulate),
                .. target.Derivatives, Argument.Accumulate(target.Accumulate)]),
            $"{node.Formula(target, product)}: {Words.Number(layer.Kind.Outputs)} -> {Words.Number(layer.Kind.Inputs)}, "
                + Describe.Pattern(layer));
    }

    public override Call GradWeights(BackwardNode node, bool accumulate)
    {
        var layer = node.Layer(Layer);
        var (matrix, kernel) = (layer.Kind.Matrices[0], layer.Matrices[0].GradWeightKernel);
        var (x, dy) = (node.Operand(0), node.Gradient);
        var (gradient, input) = (node.Name(dy), node.Name(x));
        if (matrix.Gradients is { } pruned)
            gradient = $"{Kept(pruned.Keep, pruned.Group)} of {gradient}";
        if (matrix.Activations is { Along: PruneAlong.Batch } along)
            input = $"{Kept(along.Keep, along.Group)} of {input}";

        // Where the gradient is pruned, each use draws from a random stream of its own.
        Argument[] stream = kernel.Kind == KernelKind.Lists ? [Argument.Number(node.Site) with { Name = "site" }] : [];
        return new(
            $"{Surface.PassOf(kernel)}.GradWeight",
            new([
                Argument.Layer(Layer), Argument.Batch, Argument.Read(x) with { Name = "x" }, Argument.Read(dy) with { Name = "dy" },
                .. stream, Argument.AccumulateBatch(accumulate)]),
            $"{layer.Spec.Path}: {gradient} times {input}{(accumulate ? ", added to the use before" : "")}");

        static string Kept(int keep, int group) => $"{Words.Number(keep)} of {Words.Number(group)} samples";
    }
}
