using SparseSharp.Generator.Operations;
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
        EmitPanelPass("Infer", model.Inference.Calls, model.Inference.Workspace.Values, 1);
        code.Line();
        EmitPanelPass("Forward", model.Training.Forward, model.Training.Workspace.Values, 1);
        code.Line();
        EmitPanelPass("Backward", model.Training.Backward, model.Training.Workspace.Values, loss + 1);
        code.Line();
        EmitGradWeights(model.Training.GradWeights, model.Training.Workspace.Values);
    }

    /// <summary>The calls of a pass, each one moment later than the one before, with a barrier between two.</summary>
    private void EmitPanelPass(string name, EquatableArray<Call> calls, EquatableArray<ValuePlan> values, int moment)
    {
        using var body = Method(name, PanelPass);
        foreach (var value in Used(calls))
            code.Line($"ref float {values[value].Name} = ref pass.Slot({values[value].Slot});");

        var isNote = false;
        var remaining = calls.Count(call => !call.IsNote);
        foreach (var call in calls)
        {
            // Notes that follow each other are one paragraph.
            if (!(isNote && call.IsNote))
                code.Line();
            isNote = call.IsNote;
            code.Line($"// {moment++}: {call.Comment}{(call.IsForInput ? ", where the gradient of the input is asked for" : "")}");
            if (isNote)
                continue;
            if (call.IsForInput)
                code.Line("if (pass.HasInputGradient)");
            using (call.IsForInput ? code.Indent() : default)
                code.Line(Text(call, values, "ref "));
            if (--remaining > 0)
                code.Line("pass.Sync();");
        }
    }

    private void EmitGradWeights(EquatableArray<Call> calls, EquatableArray<ValuePlan> values)
    {
        using var body = Method("GradWeights", BatchPass);
        foreach (var value in Used(calls))
            code.Line($"const int {values[value].Name} = {values[value].Slot};");
        foreach (var call in calls)
        {
            code.Line();
            code.Line($"// {call.Comment}");
            code.Line(Text(call, values));
        }
    }

    private CodeWriter.Closing Method(string name, string pass)
    {
        code.Line(Surface.GeneratedCode);
        return code.Block($"static void global::SparseSharp.ISparseModel<{model.Type.FullName}>.{name}({model.Type.FullName} model, in {pass})");
    }

    private string Text(Call call, EquatableArray<ValuePlan> values, string prefix = "") =>
        $"{call.Target}({string.Join(", ", call.Arguments.Select(argument => Text(argument, values, prefix)))});";

    private string Text(Argument argument, EquatableArray<ValuePlan> values, string prefix)
    {
        var text = argument switch
        {
            ValueArgument value => prefix + values[value.Value].Name,
            LayerArgument layer => $"model.{model.Layers[layer.Index].Field}",
            NumberArgument number => CodeWriter.Float(number.Value),
            TextArgument words => words.Words,
            _ => throw new ArgumentOutOfRangeException(nameof(argument), argument, null),
        };
        return argument.Name is { } name ? $"{name}: {text}" : text;
    }

    /// <summary>The values that some calls name, in the order of the workspace plan.</summary>
    private static IEnumerable<int> Used(EquatableArray<Call> calls) =>
        calls.Where(call => !call.IsNote).SelectMany(call => call.Reads.Concat(call.Writes)).Distinct().OrderBy(value => value);
}
