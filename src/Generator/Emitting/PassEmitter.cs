using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the passes of a model.</summary>
internal sealed class PassEmitter(CodeWriter code, ModelPlan model)
{
    private const string PanelPass = "in global::SparseSharp.Kernels.PanelPass pass";
    private const string Inference = "Infer";
    private const string BatchPass = "in global::SparseSharp.Kernels.BatchPass batch";

    private bool _isInference;

    public void Emit()
    {
        var (inference, training) = (model.Inference, model.Training);
        var loss = training.Forward.Count + 1;
        var (forward, backward) = (training.ForwardPhases, training.BackwardPhases);
        EmitPrepare();
        EmitPanelPass(Inference, PassPhase.Cut(inference.Calls), inference.Workspace.Values, moment: 1, firstPhase: 0);
        code.Line();
        EmitPanelPass("Forward", forward, training.Workspace.Values, moment: 1, firstPhase: 0);
        code.Line();
        EmitPanelPass("Backward", backward, training.Workspace.Values, loss + 1, firstPhase: forward.Count - 1);
        code.Line();
        EmitReductions([.. forward.Take(forward.Count - 1), .. backward.Take(backward.Count - 1)], training.Workspace.Values);
        EmitGradWeights(training.GradWeights, training.Workspace.Values);
    }

    /// <summary>What is made before a pass; nothing where nobody needs it.</summary>
    private void EmitPrepare()
    {
        string[] fields =
        [
            .. model.Uses.Select(use => Surface.FieldOf(use, model.Layers)),
            .. model.Layers.Where(layer => layer.Kind.IsPrepared).Select(layer => layer.Field),
        ];
        if (fields.Length == 0)
            return;
        using (Method("Prepare", "bool training"))
        {
            foreach (var field in fields)
                code.Line($"model.{field}.Prepare(training);");
        }
        code.Line();
    }

    /// <summary>
    /// The calls of a pass, each one moment later than the one before, with a barrier between two. Phases stand apart if there are several.
    /// </summary>
    private void EmitPanelPass(string name, IReadOnlyList<PassPhase> phases, EquatableArray<ValuePlan> values, int moment, int firstPhase)
    {
        _isInference = name == Inference;
        using var body = Method(name, PanelPass);
        foreach (var value in Used(phases.SelectMany(phase => phase.Calls)))
            code.Line($"ref float {values[value].Name} = ref pass.Slot({values[value].Slot});");

        for (var index = 0; index < phases.Count; index++)
        {
            if (phases.Count > 1)
            {
                code.Line();
                code.Line($"if (pass.Phase == {firstPhase + index})");
            }
            using (phases.Count > 1 ? code.Block("") : default)
                EmitCalls(phases[index].Calls, values, moment, isBlock: phases.Count > 1);
            moment += phases[index].Calls.Count + phases[index].Reduction.Count;
        }
    }

    private void EmitCalls(EquatableArray<Call> calls, EquatableArray<ValuePlan> values, int moment, bool isBlock)
    {
        var isNote = false;
        var remaining = calls.Count(call => !call.IsNote);
        foreach (var call in calls)
        {
            // Notes that follow each other are one paragraph.
            if (!(isNote && call.IsNote) && !isBlock)
                code.Line();
            isBlock = false;
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

    /// <summary>What is done with all panels behind each phase but the last; nothing where there is one phase.</summary>
    private void EmitReductions(IReadOnlyList<PassPhase> phases, EquatableArray<ValuePlan> values)
    {
        if (phases.Count == 0)
            return;
        using (Method("Reduce", BatchPass))
        {
            foreach (var value in Used(phases.SelectMany(phase => phase.Reduction)))
                code.Line($"const int {values[value].Name} = {values[value].Slot};");
            for (var index = 0; index < phases.Count; index++)
            {
                code.Line();
                code.Line($"if (batch.Phase == {index})");
                using (code.Block(""))
                {
                    foreach (var call in phases[index].Reduction)
                    {
                        code.Line($"// {call.Comment}");
                        code.Line(Text(call, values));
                    }
                }
            }
        }
        code.Line();
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

    private CodeWriter.Closing Method(string name, string parameter)
    {
        code.Line(Surface.GeneratedCode);
        return code.Block(
            $"static void global::SparseSharp.ISparseModel<{model.Type.FullName}>.{name}({model.Type.FullName} model, {parameter})");
    }

    private string Text(Call call, EquatableArray<ValuePlan> values, string prefix = "") =>
        $"{call.Target}({string.Join(", ", call.Arguments.Select(argument => Text(argument, values, prefix)))});";

    private string Text(Argument argument, EquatableArray<ValuePlan> values, string prefix)
    {
        var text = argument switch
        {
            ValueArgument value => prefix + values[value.Value].Name,
            LayerArgument layer => $"model.{model.Layers[layer.Index].Field}",
            ImageArgument image => Surface.FieldOf(image.Lines),
            ConvolutionArgument use => $"model.{Surface.FieldOf(use, model.Layers)}",
            LinesArgument { Layout: { Image: { } image, Parts: not null } } when _isInference => $"pass.Lines({Surface.FieldOf(image)})",
            LinesArgument lines => Words.Number(lines.Layout.Lines),
            NumberArgument number => CodeWriter.Float(number.Value),
            TextArgument words => words.Words,
            _ => throw new ArgumentOutOfRangeException(nameof(argument), argument, null),
        };
        return argument.Name is { } name ? $"{name}: {text}" : text;
    }

    /// <summary>The values that some calls name, in the order of the workspace plan.</summary>
    private static IEnumerable<int> Used(IEnumerable<Call> calls) =>
        calls.Where(call => !call.IsNote).SelectMany(call => call.Reads.Concat(call.Writes)).Distinct().OrderBy(value => value);
}
