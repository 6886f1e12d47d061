using System.Globalization;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>The words of the comments in emitted code.</summary>
internal static class Describe
{
    /// <summary>A name as a reader knows it: without the mark of names that are keywords too.</summary>
    public static string Name(string name) => name.Replace("@", "");

    /// <summary>For example <c>2:4 transposable</c> or <c>RBGP4 87.5 %, bfloat16</c>: the words of a layer's pattern and precision at run time.</summary>
    public static string Pattern(LayerPlan layer) => layer.Matrix.Words + layer.Matrix.PrecisionWords;

    /// <summary>For example <c>784 to 1024 features with a bias, 2:4 transposable: 401,408 of 802,816 weights, 0.8 MFLOP per sample; kernel PairKernel.</summary>
    public static string Layer(LayerPlan layer)
    {
        var spec = layer.Spec;
        var all = spec.Matrix.Weights;
        var shape = $"{spec.Inputs} to {spec.Outputs} features with{(spec.Bias ? " a" : "out a")} bias";
        var work = layer.Matrix.Kept switch
        {
            null => $", {Pattern(layer)}: at most {Count(all)} weights and {Work(all)}",
            { } kept when kept == all => $"{layer.Matrix.PrecisionWords}: {Count(all)} weights, {Work(all)}",
            { } kept => $", {Pattern(layer)}: {Count(kept)} of {Count(all)} weights, {Work(kept)}",
        };
        return $"{shape}{work} per sample; kernel {layer.Kernel.Name}.";

        static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

        static string Work(long weights) => weights >= 500_000
            ? (2e-6 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " MFLOP"
            : (2e-3 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " kFLOP";
    }

    /// <summary>For example <c>h1 = relu(Stem(input)): 784 -> 1024, 2:4 transposable</c>.</summary>
    public static string Op(OpPlan op, ModelPlan model, EquatableArray<ValuePlan> values)
    {
        return op switch
        {
            LinearOp linear => $"{Product(linear)}: {Shape(linear.Layer)}, {Pattern(model.Layers[linear.Layer])}",
            ActivateOp activate => $"{Name(activate.Y)} = {Function(activate.Activation)}({Name(activate.X)})",
            AddOp add => $"{Name(add.Y)} = {Name(add.Left)} + {Name(add.Right)}",
            SubtractOp subtract => $"{Name(subtract.Y)} = {Name(subtract.Left)} - {Name(subtract.Right)}",
            MultiplyOp multiply => $"{Name(multiply.Y)} = {Name(multiply.Left)} * {Name(multiply.Right)}",
            ScaleOp scale => $"{Name(scale.Y)} = {Name(scale.X)} * {Number(scale.Factor)}",
            ShiftOp shift => $"{Name(shift.Y)} = {Name(shift.X)} + {Number(shift.Term)}",
            DropoutOp dropout => $"{Name(dropout.Y)} = {Name(dropout.X)} * {Name(dropout.Keep)}, a dropout of {Number(dropout.Probability)}",
            PruneOp prune => $"{Name(prune.Y)} = {Layer(prune.Layer).Activations!.Keep} of {Layer(prune.Layer).Activations!.Group} features of {Name(prune.X)}",
            RoundOp round => $"{Name(round.Y)} = bfloat16({Name(round.X)})",
            LinearGradInputOp grad => $"{GradInput(grad)}: {Layer(grad.Layer).Outputs} -> {Layer(grad.Layer).Inputs}, {Pattern(model.Layers[grad.Layer])}",
            ActivateGradOp grad => $"{Target(grad.Dx, grad.Accumulate)} {Name(grad.Dy)} * {Function(grad.Activation)}'({Name(grad.Saved)})",
            MultiplyGradOp grad => $"{Target(grad.Dx, grad.Accumulate)} {Name(grad.Dy)} * {Name(grad.Other)}",
            ScaleGradOp { Factor: 1 } grad => $"{Target(grad.Dx, grad.Accumulate)} {Name(grad.Dy)}",
            ScaleGradOp grad => $"{Target(grad.Dx, grad.Accumulate)} {Name(grad.Dy)} * {Number(grad.Factor)}",
            PassOnOp pass => $"{Name(pass.Dx)} = {Name(pass.Dy)}, the same memory",
            LinearGradWeightOp grad => $"{Layer(grad.Layer).Path}: {Gradient(grad)} times {Input(grad)}{(grad.Accumulate ? ", added to the use before" : "")}",
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        };

        string Name(int value) => values[value].Name;

        LayerSpec Layer(int layer) => model.Layers[layer].Spec;

        string Shape(int layer) => $"{Layer(layer).Inputs} -> {Layer(layer).Outputs}";

        string Product(LinearOp linear)
        {
            var product = $"{Layer(linear.Layer).Path}({Name(linear.X)})";
            return linear.Z >= 0 ? $"{Name(linear.Z)} = {product}, {Name(linear.Y)} = {Function(linear.Activation)}({Name(linear.Z)})"
                : linear.Activation == ActivationKind.None ? $"{Name(linear.Y)} = {product}"
                : $"{Name(linear.Y)} = {Function(linear.Activation)}({product})";
        }

        string GradInput(LinearGradInputOp grad)
        {
            var product = $"transpose({Layer(grad.Layer).Path}) {Name(grad.Dy)}";
            if (grad.Derivative == ActivationKind.None)
                return $"{Target(grad.Dx, grad.Accumulate)} {product}";
            var sum = grad.Accumulate ? $"({Name(grad.Dx)} + {product})" : $"({product})";
            return $"{Name(grad.Dx)} = {sum} * {Function(grad.Derivative)}'({Name(grad.Saved)})";
        }

        string Gradient(LinearGradWeightOp grad) =>
            Layer(grad.Layer).Gradients is { } pruned ? $"{pruned.Keep} of {pruned.Group} samples of {Name(grad.Dy)}" : Name(grad.Dy);

        string Input(LinearGradWeightOp grad) =>
            Layer(grad.Layer).Activations is { Along: PruneAlong.Batch } pruned ? $"{pruned.Keep} of {pruned.Group} samples of {Name(grad.X)}" : Name(grad.X);

        string Target(int value, bool accumulate) => $"{Name(value)} {(accumulate ? "+=" : "=")}";
    }

    private static string Function(ActivationKind activation) => activation.ToString().ToLowerInvariant();

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
