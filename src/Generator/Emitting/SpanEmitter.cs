using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the predictions of a model with several inputs that take a span for each of them.</summary>
internal static class SpanEmitter
{
    private const string Spans = "global::SparseSharp.Kernels.InputSpans";

    public static void Emit(CodeWriter code, ModelPlan model)
    {
        var (type, outputs) = (model.Type, OutputsOf(model.InputNames));
        var names = model.InputNames.Select(TypeReader.Escape).ToEquatableArray();
        var given = $"new {Spans}({string.Join(", ", names)})";
        if (type.Has(OptionalMembers.PredictSpans))
        {
            code.Line(
                "/// <summary>Computes the outputs of a batch from a span per input. May be called from several threads at once, but not "
                    + "while the model is trained.</summary>");
            EmitParameters(code, model, "Samples, row-major");
            code.Lines(
                $$"""
                /// <param name="{{outputs}}">Receives the outputs, row-major <c>[batch, {{model.OutputFeatures}}]</c>{{MethodEmitter.Order(model.Outputs, "outputs")}}.</param>
                /// <exception cref="global::System.ArgumentException">The lengths do not belong to one batch.</exception>
                {{Surface.GeneratedCode}}
                public void {{Predict(names, outputs)}} => this.{{Surface.Predictor}}.Predict({{given}}, {{outputs}});

                """);
        }
        if (type.Has(OptionalMembers.PredictClassSpans) && model.Outputs.Count == 0)
        {
            code.Line($"/// <summary>Computes the class of one sample from a span per input: {MethodEmitter.ClassRule(model)}.</summary>");
            EmitParameters(code, model, "One sample,");
            code.Lines(
                $$"""
                /// <exception cref="global::System.ArgumentException">The values are not one sample.</exception>
                /// <exception cref="global::System.InvalidOperationException">An output is not a number.</exception>
                {{Surface.GeneratedCode}}
                public {{PredictClass(names)}} => {{Surface.Predictions}}.Class(this.{{Surface.Predictor}}, {{given}});

                """);
        }
        if (type.Has(OptionalMembers.PredictClassesSpans) && model.Outputs.Count == 0)
        {
            var rule = MethodEmitter.ClassRule(model);
            code.Line($"/// <summary>Computes the class of each sample of a batch from a span per input: {rule}.</summary>");
            EmitParameters(code, model, "Samples, row-major");
            code.Lines(
                $$"""
                /// <returns>A class per sample.</returns>
                /// <exception cref="global::System.ArgumentException">The lengths do not belong to one batch.</exception>
                /// <exception cref="global::System.InvalidOperationException">An output is not a number.</exception>
                {{Surface.GeneratedCode}}
                public {{PredictClasses(names)}} => {{Surface.Predictions}}.Classes(this.{{Surface.Predictor}}, {{given}});

                """);
        }
    }

    /// <summary>Prints the same methods for a class with errors.</summary>
    /// <param name="code">Receives them.</param>
    /// <param name="type">The class.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="body">Of each method.</param>
    public static void EmitStubs(CodeWriter code, TypeSpec type, EquatableArray<string> inputs, string body)
    {
        var names = inputs.Select(TypeReader.Escape).ToEquatableArray();
        if (type.Has(OptionalMembers.PredictSpans))
            code.Line($"public void {Predict(names, OutputsOf(inputs))} {body}");
        if (type.Has(OptionalMembers.PredictClassSpans))
            code.Line($"public {PredictClass(names)} {body}");
        if (type.Has(OptionalMembers.PredictClassesSpans))
            code.Line($"public {PredictClasses(names)} {body}");
    }

    private static string Predict(EquatableArray<string> names, string outputs) =>
        $"Predict({Parameters(names)}, global::System.Span<float> {outputs})";

    private static string PredictClass(EquatableArray<string> names) => $"int PredictClass({Parameters(names)})";

    private static string PredictClasses(EquatableArray<string> names) => $"int[] PredictClasses({Parameters(names)})";

    private static string Parameters(EquatableArray<string> names) =>
        string.Join(", ", names.Select(name => $"global::System.ReadOnlySpan<float> {name}"));

    /// <summary>A name for the outputs that no input has.</summary>
    private static string OutputsOf(EquatableArray<string> inputs)
    {
        var name = "outputs";
        while (inputs.Contains(name))
            name = "_" + name;
        return name;
    }

    private static void EmitParameters(CodeWriter code, ModelPlan model, string what)
    {
        for (var index = 0; index < model.Inputs.Count; index++)
        {
            var features = model.Inputs[index].Features;
            var size = what[what.Length - 1] == ',' ? $"{features} values" : $"<c>[batch, {features}]</c>";
            code.Line($"/// <param name=\"{model.InputNames[index]}\">{what} {size}.</param>");
        }
    }
}
