using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the four passes of a model.</summary>
internal sealed class PassEmitter(CodeWriter code, ModelPlan model)
{
    private const string PanelPass = "global::SparseSharp.Kernels.PanelPass pass";
    private const string BatchPass = "global::SparseSharp.Kernels.BatchPass batch";

    public void Emit()
    {
        var loss = model.Training.Forward.Count + 1;
        EmitPanelPass("Infer", model.Inference.Ops, model.Inference.Workspace.Values, 1);
        code.Line();
        EmitPanelPass("Forward", model.Training.Forward, model.Training.Workspace.Values, 1);
        code.Line();
        EmitPanelPass("Backward", model.Training.Backward, model.Training.Workspace.Values, loss + 1);
        code.Line();
        EmitGradWeights(model.Training.GradWeights, model.Training.Workspace.Values);
    }

    /// <summary>The calls of a pass, each one moment later than the one before, with a barrier between two.</summary>
    private void EmitPanelPass(string name, EquatableArray<OpPlan> ops, EquatableArray<ValuePlan> values, int moment)
    {
        using var body = Method(name, PanelPass);
        foreach (var value in Used(ops))
            code.Line($"ref float {values[value].Name} = ref pass.Slot({values[value].Slot});");

        var isNote = false;
        var remaining = ops.Count(op => op is not PassOnOp);
        foreach (var op in ops)
        {
            // Notes that follow each other are one paragraph.
            if (!(isNote && op is PassOnOp))
                code.Line();
            isNote = op is PassOnOp;
            code.Line($"// {moment++}: {Describe.Op(op, model, values)}{(op.IsForInput ? ", where the gradient of the input is asked for" : "")}");
            if (isNote)
                continue;
            if (op.IsForInput)
                code.Line("if (pass.HasInputGradient)");
            using (op.IsForInput ? code.Indent() : default)
                code.Line(Call(op, values));
            if (--remaining > 0)
                code.Line("pass.Sync();");
        }
    }

    private void EmitGradWeights(EquatableArray<OpPlan> ops, EquatableArray<ValuePlan> values)
    {
        using var body = Method("GradWeights", BatchPass);
        foreach (var value in Used(ops))
            code.Line($"const int {values[value].Name} = {values[value].Slot};");
        foreach (var op in ops)
        {
            code.Line();
            code.Line($"// {Describe.Op(op, model, values)}");
            code.Line(Call(op, values));
        }
    }

    private CodeWriter.Closing Method(string name, string pass)
    {
        code.Line(Surface.GeneratedCode);
        return code.Block($"static void global::SparseSharp.ISparseModel<{model.Type.FullName}>.{name}({model.Type.FullName} model, in {pass})");
    }

    private string Call(OpPlan op, EquatableArray<ValuePlan> values)
    {
        return op switch
        {
            LinearOp linear => $"{Layer(linear.Layer, "Forward")}, in pass, {Ref(linear.X)}, {(linear.Z < 0 ? "" : Ref(linear.Z) + ", ")}{Ref(linear.Y)}, {Kind(linear.Activation)});",
            ActivateOp activate => $"{Elementwise("Activate")}, {Kind(activate.Activation)}, {Ref(activate.X)}, {Ref(activate.Y)}, {Features(activate.Y)});",
            AddOp add => $"{Elementwise("Add")}, {Ref(add.Left)}, {Ref(add.Right)}, {Ref(add.Y)}, {Features(add.Y)});",
            SubtractOp subtract => $"{Elementwise("Subtract")}, {Ref(subtract.Left)}, {Ref(subtract.Right)}, {Ref(subtract.Y)}, {Features(subtract.Y)});",
            MultiplyOp multiply => $"{Elementwise("Multiply")}, {Ref(multiply.Left)}, {Ref(multiply.Right)}, {Ref(multiply.Y)}, {Features(multiply.Y)});",
            ScaleOp scale => $"{Elementwise("Scale")}, {Ref(scale.X)}, {CodeWriter.Float(scale.Factor)}, {Ref(scale.Y)}, {Features(scale.Y)});",
            ShiftOp shift => $"{Elementwise("Shift")}, {Ref(shift.X)}, {CodeWriter.Float(shift.Term)}, {Ref(shift.Y)}, {Features(shift.Y)});",
            DropoutOp dropout => $"{Elementwise("Dropout")}, {dropout.Site}, {CodeWriter.Float(dropout.Probability)}, {Ref(dropout.X)}, {Ref(dropout.Y)}, {Ref(dropout.Keep)}, {Features(dropout.Y)});",
            PruneOp prune => $"{Elementwise("Prune")}, {model.Layers[prune.Layer].Spec.Activations!.Keep}, {model.Layers[prune.Layer].Spec.Activations!.Group}, {Ref(prune.X)}, {Ref(prune.Y)}, {(prune.Keep < 0 ? "" : Ref(prune.Keep) + ", ")}{Features(prune.Y)});",
            RoundOp round => $"{Elementwise("Round")}, {Ref(round.X)}, {Ref(round.Y)}, {Features(round.Y)});",
            LinearGradInputOp grad => $"{Layer(grad.Layer, "GradInput")}, in pass, {Ref(grad.Dy)}, {Ref(grad.Dx)}, {(grad.Saved < 0 ? "" : $"{Kind(grad.Derivative)}, {Ref(grad.Saved)}, ")}{Accumulate(grad.Accumulate)});",
            ActivateGradOp grad => $"{Elementwise("ActivateGrad")}, {Kind(grad.Activation)}, {Ref(grad.Dy)}, {Ref(grad.Saved)}, {Ref(grad.Dx)}, {Features(grad.Dx)}, {Accumulate(grad.Accumulate)});",
            MultiplyGradOp grad => $"{Elementwise("MultiplyGrad")}, {Ref(grad.Dy)}, {Ref(grad.Other)}, {Ref(grad.Dx)}, {Features(grad.Dx)}, {Accumulate(grad.Accumulate)});",
            ScaleGradOp grad => $"{Elementwise("ScaleGrad")}, {Ref(grad.Dy)}, {CodeWriter.Float(grad.Factor)}, {Ref(grad.Dx)}, {Features(grad.Dx)}, {Accumulate(grad.Accumulate)});",
            LinearGradWeightOp grad => GradWeight(grad, model.Layers[grad.Layer]),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        };

        string Layer(int layer, string method) => $"{Surface.PassOf(model.Layers[layer].Kernel)}.{method}(model.{model.Layers[layer].Field}";

        string GradWeight(LinearGradWeightOp grad, LayerPlan layer)
        {
            var site = layer.GradWeightKernel.Kind == KernelKind.Lists ? $"site: {grad.Site}, " : "";
            return $"{Surface.PassOf(layer.GradWeightKernel)}.GradWeight(model.{layer.Field}, in batch, x: {values[grad.X].Name}, dy: {values[grad.Dy].Name}, {site}accumulate: {(grad.Accumulate ? "true" : "batch.Accumulate")});";
        }

        string Elementwise(string method) => $"{Surface.Elementwise}.{method}(in pass";

        string Ref(int value) => "ref " + values[value].Name;

        string Kind(ActivationKind kind) => $"{Surface.Activation}.{kind}";

        int Features(int value) => values[value].Features;

        string Accumulate(bool accumulate) => $"accumulate: {(accumulate ? "true" : "false")}";
    }

    /// <summary>The values that some calls name, in the order of the workspace plan.</summary>
    private static IEnumerable<int> Used(EquatableArray<OpPlan> ops) =>
        ops.Where(op => op is not PassOnOp).SelectMany(op => op.Reads.Concat(op.Writes)).Distinct().OrderBy(value => value);
}
