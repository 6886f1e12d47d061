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

    public override bool FusesActivations => true;

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

    public override void Forward(ForwardStep step)
    {
        var layer = step.Layer(Layer);
        var (x, z, y) = (step.Operand(0), step.ActivationInput, step.Result);
        var product = $"{layer.Spec.Path}({step.Name(x)})";
        var formula = z >= 0 ? $"{step.Name(z)} = {product}, {step.Name(y)} = {Words.Function(step.Activation)}({step.Name(z)})"
            : step.Activation == ActivationKind.None ? $"{step.Name(y)} = {product}"
            : $"{step.Name(y)} = {Words.Function(step.Activation)}({product})";
        Argument[] input = z >= 0 ? [Argument.Write(z)] : [];
        step.Add(new(
            $"{Surface.PassOf(layer.Matrices[0].Kernel)}.Forward",
            new([
                Argument.Layer(Layer), Argument.Pass, Argument.Read(x), .. input, Argument.Write(y), Argument.Activation(step.Activation)]),
            $"{formula}: {Words.Number(layer.Kind.Inputs)} -> {Words.Number(layer.Kind.Outputs)}, {Describe.Pattern(layer)}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(0, target => GradInput(step, target), FusesDerivative: true)];

    /// <summary><c>dx (+)= transpose(W) dy</c>, then, fused, <c>dx = dx * derivative'(saved)</c>.</summary>
    private Call GradInput(BackwardStep step, GradientTarget target)
    {
        var layer = step.Layer(Layer);
        var dx = step.Name(target.Value);
        var product = $"transpose({layer.Spec.Path}) {step.Name(step.Gradient)}";
        var isFused = target.Derivative != ActivationKind.None;
        var sum = target.Accumulate ? $"{dx} + {product}" : product;
        var formula = isFused
            ? $"{dx} = ({sum}) * {Words.Function(target.Derivative)}'({step.Name(target.Saved)})"
            : $"{dx} {(target.Accumulate ? "+=" : "=")} {product}";
        Argument[] derivative = isFused ? [Argument.Activation(target.Derivative), Argument.Read(target.Saved)] : [];
        return new(
            $"{Surface.PassOf(layer.Matrices[0].Kernel)}.GradInput",
            new([
                Argument.Layer(Layer), Argument.Pass, Argument.Read(step.Gradient), Argument.Target(target.Value, target.Accumulate),
                .. derivative, Argument.Accumulate(target.Accumulate)]),
            $"{formula}: {Words.Number(layer.Kind.Outputs)} -> {Words.Number(layer.Kind.Inputs)}, {Describe.Pattern(layer)}");
    }

    public override Call GradWeights(BackwardStep step, int site, bool accumulate)
    {
        var layer = step.Layer(Layer);
        var (matrix, kernel) = (layer.Kind.Matrices[0], layer.Matrices[0].GradWeightKernel);
        var (x, dy) = (step.Operand(0), step.Gradient);
        var (gradient, input) = (step.Name(dy), step.Name(x));
        if (matrix.Gradients is { } pruned)
            gradient = $"{Kept(pruned.Keep, pruned.Group)} of {gradient}";
        if (matrix.Activations is { Along: PruneAlong.Batch } along)
            input = $"{Kept(along.Keep, along.Group)} of {input}";

        // Where the gradient is pruned, each use draws from a random stream of its own.
        Argument[] stream = kernel.Kind == KernelKind.Lists ? [Argument.Number(site) with { Name = "site" }] : [];
        return new(
            $"{Surface.PassOf(kernel)}.GradWeight",
            new([
                Argument.Layer(Layer), Argument.Batch, Argument.Read(x) with { Name = "x" }, Argument.Read(dy) with { Name = "dy" },
                .. stream, accumulate ? Argument.Accumulate(true) : Argument.Text("batch.Accumulate") with { Name = "accumulate" }]),
            $"{layer.Spec.Path}: {gradient} times {input}{(accumulate ? ", added to the use before" : "")}");

        static string Kept(int keep, int group) => $"{Words.Number(keep)} of {Words.Number(group)} samples";
    }
}
