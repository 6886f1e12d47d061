using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints what a user calls on a model: prediction, files, disposal.</summary>
internal static class MethodEmitter
{
    private const string Names = "global::System.Collections.Generic.IReadOnlyDictionary<string, string>? names = null";
    private const string Options = $"bool strict, {Names}, string? prefix = null";

    public static void Emit(CodeWriter code, ModelPlan model)
    {
        var type = model.Type.FullName;
        var (inputs, outputs) = (model.InputFeatures, model.OutputFeatures);
        code.Lines(
            $$"""
            /// <summary>Makes a model with freshly initialised weights.</summary>
            /// <param name="seed">Equal seeds give equal weights, on every machine.</param>
            {{Surface.GeneratedCode}}
            public static {{type}} Create(ulong seed) => new(seed);

            """);
        if (model.Type.Has(OptionalMembers.CreateSigned))
        {
            code.Lines(
                $$"""
                /// <summary>Makes a model with freshly initialised weights, from a seed of a signed type such as <c>int</c>.</summary>
                /// <param name="seed">Equal seeds give equal weights, on every machine and whatever their type.</param>
                {{Surface.GeneratedCode}}
                public static {{type}} Create(long seed) => new(unchecked((ulong)seed));

                """);
        }
        code.Lines(
            $$"""
            /// <summary>Computes the outputs of a batch. May be called from several threads at once, but not while the model is trained.</summary>
            /// <param name="inputs">Samples, row-major <c>[batch, {{inputs}}]</c>{{Order(model.Inputs, "inputs")}}.</param>
            /// <param name="outputs">Receives the outputs, row-major <c>[batch, {{outputs}}]</c>{{Order(model.Outputs, "outputs")}}.</param>
            /// <exception cref="global::System.ArgumentException">The lengths do not belong to one batch.</exception>
            {{Surface.GeneratedCode}}
            public void Predict(global::System.ReadOnlySpan<float> inputs, global::System.Span<float> outputs) => {{Surface.Predictor}}.Predict(inputs, outputs);

            /// <summary>Computes the outputs of a batch. May be called from several threads at once, but not while the model is trained.</summary>
            /// <param name="inputs">Samples, <c>[batch, {{inputs}}]</c>.</param>
            /// <param name="outputs">Receives the outputs, <c>[batch, {{outputs}}]</c>.</param>
            /// <exception cref="global::System.ArgumentException">The shapes do not belong to one batch.</exception>
            {{Surface.GeneratedCode}}
            public void Predict(
                in global::System.Numerics.Tensors.ReadOnlyTensorSpan<float> inputs,
                in global::System.Numerics.Tensors.TensorSpan<float> outputs) => {{Surface.Predictor}}.Predict(in inputs, in outputs);

            """);
        EmitPredictions(code, model);
        SpanEmitter.Emit(code, model);
        code.Lines(
            $$"""
            /// <summary>Writes weights and masks to a safetensors file. The file is replaced at once or not at all.</summary>
            /// <param name="path">Path of the file.</param>
            {{Surface.GeneratedCode}}
            public void Save(string path) => Save(path, dense: false);

            /// <summary>Writes weights to a safetensors file. The file is replaced at once or not at all.</summary>
            /// <param name="path">Path of the file.</param>
            /// <param name="dense">Whether to write all weights, 0 where they are masked, which is what PyTorch takes, instead of kept ones with masks.</param>
            {{Surface.GeneratedCode}}
            public void Save(string path, bool dense) => global::SparseSharp.ModelFile.Save(this, {{Surface.Descriptor}}, path, dense);

            /// <summary>Reads weights and masks from a safetensors file into this model.</summary>
            /// <param name="path">Path of the file, or of the index of several.</param>
            /// <param name="names">Tensor names in the file by the names that <see cref="Save(string)"/> writes, for those that differ.</param>
            /// <returns>What is not as in the file.</returns>
            {{Surface.GeneratedCode}}
            public global::SparseSharp.LoadReport LoadWeights(string path, {{Names}}) => LoadWeights(path, strict: true, names);

            /// <summary>Reads weights and masks from a safetensors file into this model.</summary>
            /// <param name="path">Path of the file, or of the index of several.</param>
            /// <param name="strict">Whether file and model must have the same tensors; without it, layers that the file does not have stay as they are.</param>
            /// <param name="names">Tensor names in the file by the names that <see cref="Save(string)"/> writes, for those that differ.</param>
            /// <param name="prefix">What stands before all names in the file, for example <c>module.</c>.</param>
            /// <returns>What is not as in the file, or not in it.</returns>
            {{Surface.GeneratedCode}}
            public global::SparseSharp.LoadReport LoadWeights(string path, {{Options}}) => global::SparseSharp.ModelFile.Load(this, {{Surface.Descriptor}}, path, names, strict, prefix);

            /// <summary>Makes a model from a safetensors file.</summary>
            /// <param name="path">Path of the file, or of the index of several.</param>
            /// <param name="names">Tensor names in the file by the names that <see cref="Save(string)"/> writes, for those that differ.</param>
            {{Surface.GeneratedCode}}
            public static {{type}} Load(string path, {{Names}}) => Load(path, out _, names);

            /// <summary>Makes a model from a safetensors file.</summary>
            /// <param name="path">Path of the file, or of the index of several.</param>
            /// <param name="strict">Whether file and model must have the same tensors; without it, layers that the file does not have stay as they are.</param>
            /// <param name="names">Tensor names in the file by the names that <see cref="Save(string)"/> writes, for those that differ.</param>
            /// <param name="prefix">What stands before all names in the file, for example <c>module.</c>.</param>
            {{Surface.GeneratedCode}}
            public static {{type}} Load(string path, {{Options}}) => Load(path, out _, names, strict, prefix);

            /// <summary>Makes a model from a safetensors file.</summary>
            /// <param name="path">Path of the file, or of the index of several.</param>
            /// <param name="report">What is not as in the file, or not in it.</param>
            /// <param name="names">Tensor names in the file by the names that <see cref="Save(string)"/> writes, for those that differ.</param>
            /// <param name="strict">Whether file and model must have the same tensors; without it, layers that the file does not have stay as they are.</param>
            /// <param name="prefix">What stands before all names in the file, for example <c>module.</c>.</param>
            {{Surface.GeneratedCode}}
            public static {{type}} Load(string path, out global::SparseSharp.LoadReport report, {{Names}}, bool strict = true, string? prefix = null)
            {
                var model = new {{type}}(1, global::SparseSharp.Kernels.InitialWeights.Deferred);
                try
                {
                    report = model.LoadWeights(path, strict, names, prefix);
                    return model;
                }
                catch
                {
                    ((global::System.IDisposable)model).Dispose();
                    throw;
                }
            }

            """);
        EmitDispose(code, model);
        code.Line();
    }

    /// <summary>Which class a sample has, as the end of a sentence.</summary>
    public static string ClassRule(ModelPlan model) => model.OutputFeatures == 1
        ? "1 where the output is positive, else 0"
        : "the position of the largest of its outputs, the first one of several";

    /// <summary>What a row holds where there are several inputs or outputs.</summary>
    public static string Order(EquatableArray<Shape> several, string what) =>
        several.Count == 0
            ? ""
            : $": its {what} of {string.Join(" and ", several.Select(shape => shape.ToString()))} features, one after the other";

    /// <summary>What allocates its result, for code in which that does not matter.</summary>
    private static void EmitPredictions(CodeWriter code, ModelPlan model)
    {
        var (inputs, outputs) = (model.InputFeatures, model.OutputFeatures);
        var rule = ClassRule(model);
        if (model.Type.Has(OptionalMembers.PredictArray))
        {
            code.Lines(
                $$"""
                /// <summary>Computes the outputs of a batch into a new array. May be called from several threads at once, but not while the model is trained.</summary>
                /// <param name="inputs">Samples, row-major <c>[batch, {{inputs}}]</c>; an array is welcome too.</param>
                /// <returns>The outputs, row-major <c>[batch, {{outputs}}]</c>.</returns>
                /// <exception cref="global::System.ArgumentException">The inputs are not a whole number of samples.</exception>
                {{Surface.GeneratedCode}}
                public float[] Predict(global::System.ReadOnlySpan<float> inputs) => {{Surface.Predictions}}.Outputs({{Surface.Predictor}}, inputs);

                """);
        }
        if (model.Type.Has(OptionalMembers.PredictClass) && model.Outputs.Count == 0)
        {
            code.Lines(
                $$"""
                /// <summary>Computes the class of one sample: {{rule}}.</summary>
                /// <param name="sample">One sample, {{inputs}} values.</param>
                /// <exception cref="global::System.ArgumentException">The values are not one sample.</exception>
                /// <exception cref="global::System.InvalidOperationException">An output is not a number.</exception>
                {{Surface.GeneratedCode}}
                public int PredictClass(global::System.ReadOnlySpan<float> sample) => {{Surface.Predictions}}.Class({{Surface.Predictor}}, sample);

                """);
        }
        if (model.Type.Has(OptionalMembers.PredictClasses) && model.Outputs.Count == 0)
        {
            code.Lines(
                $$"""
                /// <summary>Computes the class of each sample of a batch: {{rule}}.</summary>
                /// <param name="inputs">Samples, row-major <c>[batch, {{inputs}}]</c>.</param>
                /// <returns>A class per sample.</returns>
                /// <exception cref="global::System.ArgumentException">The inputs are not a whole number of samples.</exception>
                /// <exception cref="global::System.InvalidOperationException">An output is not a number.</exception>
                {{Surface.GeneratedCode}}
                public int[] PredictClasses(global::System.ReadOnlySpan<float> inputs) => {{Surface.Predictions}}.Classes({{Surface.Predictor}}, inputs);

                """);
        }
        if (model.Type.Has(OptionalMembers.Text))
        {
            code.Lines(
                $$"""
                /// <summary>A table of the layers: shapes, patterns, kept weights and operations per sample.</summary>
                {{Surface.GeneratedCode}}
                public override string ToString() => global::SparseSharp.ModelTable.Of(this);

                """);
        }
    }

    private static void EmitDispose(CodeWriter code, ModelPlan model)
    {
        code.Line(model.Type.DeclaresDispose
            ? "/// <summary>Frees the memory of the layers; to be called by this model's <c>Dispose</c>.</summary>"
            : "/// <summary>Frees the memory of the layers.</summary>");
        code.Line(Surface.GeneratedCode);
        using (code.Block(model.Type.DeclaresDispose ? "private void DisposeLayers()" : "public void Dispose()"))
        {
            code.Line($"{Surface.Predictor}.Dispose();");
            foreach (var (_, field) in model.Members)
                code.Line($"((global::System.IDisposable){field}).Dispose();");
            foreach (var layer in model.Layers.Where(layer => !layer.Spec.IsNested))
                code.Line($"{layer.Field}.Dispose();");
        }
    }
}
