using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Emitting;

/// <summary>
/// Prints what passes call of the user's own operations: loops over the elements or parts of a panel around the user's methods.
/// </summary>
internal sealed class OperationEmitter(CodeWriter code)
{
    private const string Pass = "in global::SparseSharp.Kernels.PanelPass pass";

    /// <summary>Nothing where <c>Forward</c> applies no such operations.</summary>
    public static void Emit(CodeWriter code, ModelPlan model)
    {
        if (model.Operations.Count == 0)
            return;
        code.Line("/// <summary>Operations of the user, as passes call them.</summary>");
        code.Line(Surface.GeneratedCode);
        using (code.Block($"internal static class {model.Operations[0].Place.Container}"))
        {
            var emitter = new OperationEmitter(code);
            for (var index = 0; index < model.Operations.Count; index++)
            {
                if (index > 0)
                    code.Line();
                emitter.Emit(model.Operations[index]);
            }
        }
        code.Line();
    }

    private void Emit(UserOperation operation)
    {
        using var body = code.Block($"internal static class {operation.Place.Name}");
        if (operation is UserRows rows)
            EmitRows(rows);
        else
            EmitElements(operation);
    }

    private void EmitElements(UserOperation operation)
    {
        code.Lines(
            $$"""
            internal static void Forward({{Pass}}, ref float x, ref float y, int features)
            {
                var runs = new global::SparseSharp.Kernels.ElementRuns(in pass, features);
                while (runs.Next())
                {
                    var results = runs.Of(ref y);
                    var operands = runs.Of(ref x).Slice(0, results.Length);
                    for (var i = 0; i < results.Length; i++)
                        results[i] = {{operation.MethodPath}}(operands[i]);
                }
                global::SparseSharp.Kernels.ElementRuns.ClearPadding(in pass, ref y, features);
            }

            internal static void Backward({{Pass}}, ref float x, ref float y, ref float dy, ref float dx, int features, bool accumulate)
            {
                var runs = new global::SparseSharp.Kernels.ElementRuns(in pass, features);
                while (runs.Next())
                {
                    var gradients = runs.Of(ref dx);
                    var operands = runs.Of(ref x).Slice(0, gradients.Length);
                    var results = runs.Of(ref y).Slice(0, gradients.Length);
                    var slopes = runs.Of(ref dy).Slice(0, gradients.Length);
                    for (var i = 0; i < gradients.Length; i++)
                    {
                        var gradient = {{operation.GradientPath}}(operands[i], results[i], slopes[i]);
                        gradients[i] = accumulate ? gradients[i] + gradient : gradient;
                    }
                }
                global::SparseSharp.Kernels.ElementRuns.ClearPadding(in pass, ref dx, features);
            }
            """);
    }

    private void EmitRows(UserRows operation)
    {
        var operands = Enumerable.Range(1, operation.Operands).ToArray();
        var sized = operands.Select(number => $"ref float x{number}, int features{number}").ToArray();
        var rows = operands.Select(number => $"parts.Rows(ref x{number}, features{number})").ToArray();
        EmitParts("Forward", [.. sized, "ref float y, int features"], operation.MethodPath, [.. rows, "parts.Result(ref y, features)"]);
        code.Line();
        EmitParts(
            "Backward",
            [.. sized, "ref float y, int features", "ref float dy",
                .. operands.Select(number => $"ref float dx{number}, bool accumulate{number}")],
            operation.GradientPath,
            [
                .. rows, "parts.Rows(ref y, features)", "parts.Rows(ref dy, features)",
                .. operands.Select(number => $"parts.Gradient(ref dx{number}, features{number}, accumulate{number})"),
            ]);
    }

    /// <summary>A method that calls another one for each part of a panel.</summary>
    private void EmitParts(string name, string[] parameters, string called, string[] arguments)
    {
        using var method = code.Block($"internal static void {name}({Pass}, {string.Join(", ", parameters)})");
        code.Line("var parts = new global::SparseSharp.Kernels.PanelParts(in pass);");
        code.Line("while (parts.Next())");
        using var loop = code.Block("");
        code.Line($"{called}(");
        using var lines = code.Indent();
        for (var index = 0; index < arguments.Length; index++)
            code.Line(arguments[index] + (index < arguments.Length - 1 ? "," : ");"));
    }
}
