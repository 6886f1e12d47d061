using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = w * x + b</c>, and with fused ReLU <c>y = max(w * x + b, 0)</c>.</summary>
/// <param name="Layer">Index of the layer in <see cref="ModelSpec.Layers"/>.</param>
/// <param name="Norm">In predictions the index of a batch normalisation that its kernel applies to the result; -1 for none.</param>
/// <param name="Adds">In predictions, whether its kernel adds a second operand behind that.</param>
internal sealed record Convolve(int Layer, int Norm = -1, bool Adds = false) : Operation
{
    private const string Pass = "global::SparseSharp.Kernels.ConvolutionPass";

    public override int LayerIndex => Layer;

    public override bool TakesImages => true;

    public override bool Fuses(ActivationKind kind) => kind == ActivationKind.Relu;

    public override int Factors => 1;

    public override Operation? Absorb(Operation next) => next switch
    {
        _ when Adds => null,
        BatchNormalise norm when Norm < 0 => this with { Norm = norm.Layer },
        Add => this with { Adds = true },
        _ => null,
    };

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override bool RoundsOperands(EquatableArray<LayerPlan> layers) => layers[Layer].Kind.Matrices[0].RoundsActivations;

    public override Operation? Preparation(EquatableArray<LayerSpec> layers) =>
        Spec(layers).Matrix.Activations is { Along: PruneAlong.Features } pruned
            ? new PruneChannels(pruned.Keep, pruned.Group, pruned.StraightThrough)
            : null;

    public override int OperandBorder(Shape operand, EquatableArray<LayerSpec> layers) => Spec(layers).Window.InputBorder(operand);

    public override int GradientBorder(Shape operand, EquatableArray<LayerSpec> layers) => Spec(layers).Window.GradientBorder(operand);

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Spec(layers).Window.PartWindow(operand);

    public override Shape Infer(OperandShapes operands)
    {
        var spec = Spec(operands.Layers);
        var (x, window) = (operands[0], spec.Window);
        if (spec.Outputs == 0 || !window.IsValid
            || !operands.ExpectChannels(spec, "give the input three dimensions: channels, rows and columns"))
        {
            return Shape.Unknown;
        }
        var (rows, columns) = window.OutputSize(x);
        if (rows < 1 || columns < 1)
        {
            operands.Report(
                $"has a kernel that reaches over {window.Reach} pixels, more than its input with padding has",
                "make the kernel or the dilation smaller, or add padding");
            return Shape.Unknown;
        }
        return Shape.Image(spec.Outputs, rows, columns);
    }

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        var product = $"{node.Layer(Layer).Spec.Path}({node.Name(x)})";
        if (Norm >= 0)
            product = $"{node.Layer(Norm).Spec.Path}({product})";
        if (Adds)
            product += $" + {node.Name(node.Operand(1))}";
        Argument[] finish =
        [
            .. Norm >= 0 ? [Argument.Layer(Norm)] : Array.Empty<Argument>(),
            .. Adds ? [Argument.Read(node.Operand(1)) with { Name = "residual" }] : Array.Empty<Argument>(),
        ];
        node.Add(new(
            $"{Pass}.Forward",
            new([Use(node, x, y), Argument.Pass, Argument.Read(x), Argument.Write(y), Argument.Activation(node.Activation), .. finish]),
            $"{node.Name(y)} = {(node.Activation == ActivationKind.None ? product : $"{Words.Function(node.Activation)}({product})")}: "
                + $"{Sizes(node, x, y)}"));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var isRead = node.Image(node.Gradient).Border > 0;
        return
        [
            new(
                0,
                target => GradInput(node, target),
                Preparation: isRead ? ClearBorder.Call(node.Values, node.Gradient) : null,
                FusesDerivative: true),
        ];
    }

    /// <summary>The operands of the weight gradient that are pruned, which are values of their own.</summary>
    public override IEnumerable<Call> GradSums(BackwardNode node)
    {
        var matrix = Matrix(node);
        if (matrix.Activations is { Along: PruneAlong.Batch } inputs)
        {
            var x = node.Operand(0);
            yield return PrunePixels.Largest(node, x, node.Make("kept", node.Values.Layout(x)), inputs.Keep, inputs.Group);
        }
        if (matrix.Gradients is { } gradients)
        {
            var kept = node.Make("drawn", node.Values.Layout(node.Gradient));
            yield return PrunePixels.Drawn(node, node.Gradient, kept, gradients.Keep, gradients.Group);
        }
    }

    public override Call GradWeights(BackwardNode node, bool accumulate)
    {
        var matrix = Matrix(node);
        var (x, dy) = (node.Operand(0), node.Gradient);
        var keptX = matrix.Activations is { Along: PruneAlong.Batch } ? node.Made(0) : x;
        var keptDy = matrix.Gradients is null ? dy : node.Made(0);
        Argument[] kept = keptX != x || keptDy != dy
            ? [Argument.Read(keptX) with { Name = "keptX" }, Argument.Read(keptDy) with { Name = "keptDy" }]
            : [];
        return new(
            $"{Pass}.GradWeight",
            new([
                Use(node, x, dy), Argument.Batch, Argument.Read(x) with { Name = "x" }, Argument.Read(dy) with { Name = "dy" }, .. kept,
                Argument.AccumulateBatch(accumulate)]),
            $"{node.Layer(Layer).Spec.Path}: {node.Name(keptDy)} times {node.Name(keptX)}"
                + (accumulate ? ", added to the use before" : ""));
    }

    private MatrixSpec Matrix(BackwardNode node) => node.Layer(Layer).Kind.Matrices[0];

    private static string Sizes(PlannedNode node, int x, int y)
    {
        var (input, output) = (node.Image(x), node.Image(y));
        return $"{input.Channels} x {input.Rows} x {input.Columns} -> {output.Channels} x {output.Rows} x {output.Columns}";
    }

    private Conv2dSpec Spec(EquatableArray<LayerSpec> layers) => (Conv2dSpec)layers[Layer].Kind;

    private ConvolutionArgument Use(PlannedNode node, int x, int y) => new(Layer, node.Image(x), node.Image(y));

    /// <summary><c>dx (+)= transpose(w) * dy</c>, then, fused, 0 where the saved value is not positive.</summary>
    private Call GradInput(BackwardNode node, GradientTarget target)
    {
        var layer = node.Layer(Layer);
        var product = $"transpose({layer.Spec.Path}) * {node.Name(node.Gradient)}";
        return new(
            $"{Pass}.GradInput",
            new([
                Use(node, target.Value, node.Gradient), Argument.Pass, Argument.Read(node.Gradient),
                Argument.Target(target.Value, target.Accumulate), .. target.Derivatives, Argument.Accumulate(target.Accumulate)]),
            $"{node.Formula(target, product)}: {Sizes(node, node.Gradient, target.Value)}");
    }
}
