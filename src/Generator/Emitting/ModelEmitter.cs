using System.Globalization;
using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the other half of a model class: its public surface and its passes.</summary>
internal static class ModelEmitter
{
    private const string ImageLayout = "global::SparseSharp.Kernels.ImageLayout";
    private const string UnusedSlot = "global::SparseSharp.Kernels.InputDescriptor.Unused";

    public static string Emit(ModelPlan model)
    {
        var code = new CodeWriter();
        HeaderEmitter.Emit(code, model);
        foreach (var kernel in model.Kernels)
        {
            if (Surface.AliasOf(kernel) is { } alias)
                code.Line(alias);
        }
        code.Line($"using {Surface.Elementwise} = global::SparseSharp.Kernels.Elementwise;");
        code.Line($"using {Surface.Activation} = global::SparseSharp.Kernels.ActivationKind;");
        code.Line();
        using (Open(code, model.Type))
        {
            EmitDescriptor(code, model);
            EmitFields(code, model);
            EmitConstructors(code, model);
            EmitProperties(code, model);
            MethodEmitter.Emit(code, model);
            OperationEmitter.Emit(code, model);
            new PassEmitter(code, model).Emit();
        }
        return code.ToString();
    }

    /// <summary>The declaration of a model class, in its namespace and the types around it.</summary>
    public static IDisposable Open(CodeWriter code, TypeSpec type) =>
        Open(code, type, $" : global::SparseSharp.ISparseModel<{type.FullName}>, global::System.IDisposable");

    /// <summary>A further part of a model class.</summary>
    public static IDisposable OpenPart(CodeWriter code, TypeSpec type) => Open(code, type, bases: "");

    private static IDisposable Open(CodeWriter code, TypeSpec type, string bases)
    {
        if (type.Namespace.Length > 0)
        {
            code.Line($"namespace {type.Namespace};");
            code.Line();
        }

        var blocks = new Blocks();
        foreach (var containing in type.Containing)
            blocks.Push(code.Block(containing));
        blocks.Push(code.Block(type.Declaration + bases));
        return blocks;
    }

    private static void EmitDescriptor(CodeWriter code, ModelPlan model)
    {
        var (inference, training) = (model.Inference, model.Training);
        code.Line($"private static readonly global::SparseSharp.Kernels.ModelDescriptor {Surface.Descriptor} = new(");
        using (code.Indent())
        {
            code.Line($"Name: \"{Describe.Name(model.Type.Name)}\",");
            code.Line($"InputFeatures: {model.InputFeatures},");
            code.Line($"OutputFeatures: {model.OutputFeatures},");
            code.Line("Layers:");
            code.Line("[");
            using (code.Indent())
            {
                foreach (var plan in model.Layers)
                {
                    var kind = plan.Kind;
                    var density = plan.Matrices.FirstOrDefault()?.Density ?? "1";
                    var flops = plan.DenseFlops == 2L * kind.Inputs * kind.Outputs ? "" : $" {{ DenseFlops = {plan.DenseFlops} }}";
                    code.Line($"new(\"{Describe.Name(plan.Spec.Path)}\", {kind.Inputs}, {kind.Outputs}, {(kind.HasBias ? "true" : "false")}, \"{Describe.Pattern(plan)}\", {density}){flops},");
                }
            }
            code.Line("],");
            code.Line($"InferenceRows: {inference.Workspace.Rows},");
            code.Line($"InferenceInput: {Slot(inference.Workspace, inference.Input)},");
            code.Line($"InferenceOutput: {Slot(inference.Workspace, inference.Output)},");
            code.Line($"TrainingRows: {training.Workspace.Rows},");
            code.Line($"TrainingInput: {Slot(training.Workspace, training.Input)},");
            code.Line($"TrainingOutput: {Slot(training.Workspace, training.Output)},");
            var last = $"TrainingOutputGradient: {Slot(training.Workspace, training.OutputGradient)}";
            if (training.InputGradient >= 0)
                last = After(last, $"TrainingInputGradient: {Slot(training.Workspace, training.InputGradient)}");
            if (training.ForwardPhases.Count > 1)
                last = After(last, $"ForwardPhases: {training.ForwardPhases.Count}");
            if (training.BackwardPhases.Count > 1)
                last = After(last, $"BackwardPhases: {training.BackwardPhases.Count}");
            EmitInputs(code, model, last);
        }
        code.Line();

        string After(string line, string next)
        {
            code.Line($"{line},");
            return next;
        }
    }

    /// <summary>The end of the descriptor: what not every model has.</summary>
    private static void EmitInputs(CodeWriter code, ModelPlan model, string last)
    {
        var (inference, training) = (model.Inference, model.Training);
        if (model.Inputs.Count == 0 && !model.HasImages && model.FewestSamples == 1)
        {
            code.Line($"{last});");
            return;
        }
        code.Line(last + ")");
        using var properties = code.Block("", "};");
        if (model.HasImages)
            code.Line("HasImages = true,");
        if (model.CutsImages)
            code.Line("CutsImages = true,");
        if (model.FewestSamples > 1)
            code.Line($"FewestSamples = {model.FewestSamples},");
        if (model.Inputs.Count == 0)
            return;
        code.Line("Inputs =");
        code.Line("[");
        using (code.Indent())
        {
            for (var (index, first) = (0, 0); index < model.Inputs.Count; first += model.Inputs[index++].Features)
            {
                var slots = $"{SlotOf(inference.Workspace, inference.Packed, first)}, {SlotOf(training.Workspace, training.Packed, first)}";
                code.Line($"new(\"{model.InputNames[index]}\", {first}, {model.Inputs[index].Features}, {slots}),");
            }
        }
        code.Line("],");

        // What Forward does not use is not packed.
        static string SlotOf(WorkspacePlan workspace, EquatableArray<PackedInput> packed, int first) =>
            packed.Where(input => input.First == first).Select(input => Slot(workspace, input.Value)).DefaultIfEmpty(UnusedSlot).Single();
    }

    private static void EmitFields(CodeWriter code, ModelPlan model)
    {
        if (model.CutsImages)
        {
            var grids = model.Parts!.Grids.Select(grid => $"new({grid.Rows}, {grid.Columns}, {grid.PartRows}, {grid.PartColumns})");
            code.Line($"private static readonly global::SparseSharp.Kernels.ImageCuts {Surface.Cuts} = new({string.Join(", ", grids)});");
        }
        foreach (var image in model.Images)
        {
            code.Line($"private static readonly {ImageLayout} {Surface.FieldOf(image)} = "
                + $"new({image.Channels}, {image.Rows}, {image.Columns}, border: {image.Border}){PartsOf(image)};");
        }
        foreach (var (member, field) in model.Members)
            code.Line($"private readonly {member.TypeFullName} {field};");
        foreach (var layer in model.Layers)
            code.Line($"private readonly {Surface.TypeOf(layer)} {layer.Field};");
        foreach (var use in model.Uses)
            code.Line($"private readonly global::SparseSharp.Kernels.ConvolutionUse {Surface.FieldOf(use, model.Layers)};");
        code.Line($"private readonly global::SparseSharp.Kernels.Predictor<{model.Type.FullName}> {Surface.Predictor};");
        code.Line();

        string PartsOf(ImageLines image) => model.Parts?.SizeOf(image.Rows, image.Columns) is { } part
            ? $" {{ Parts = new({part.Scale.Rows}, {part.Scale.Columns}, Border: {part.Border}, {Surface.Cuts}) }}"
            : "";
    }

    private static void EmitConstructors(CodeWriter code, ModelPlan model)
    {
        code.Line("/// <summary>Makes a model with freshly initialised weights.</summary>");
        code.Line("/// <param name=\"seed\">Equal seeds give equal weights, on every machine.</param>");
        code.Line(Surface.GeneratedCode);
        code.Line($"public {model.Type.Name}(ulong seed = 1)");
        code.Line("    : this(seed, 0)");
        code.Block("").Dispose();
        code.Line();

        if (model.Type.Has(OptionalMembers.SignedSeed))
        {
            code.Line(
                "/// <summary>Makes a model with freshly initialised weights, from a seed of a signed type such as <c>int</c>.</summary>");
            code.Line("/// <param name=\"seed\">Equal seeds give equal weights, on every machine and whatever their type.</param>");
            code.Line(Surface.GeneratedCode);
            code.Line($"public {model.Type.Name}(long seed)");
            code.Line("    : this(unchecked((ulong)seed), 0)");
            code.Block("").Dispose();
            code.Line();
        }

        code.Line("/// <summary>Makes a model that is a part of another one.</summary>");
        code.Line("/// <param name=\"seed\">Seed of the whole.</param>");
        code.Line("/// <param name=\"firstStream\">Random stream of the first layer; each layer of the whole has its own.</param>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line(Surface.GeneratedCode);
        using (code.Block($"public {model.Type.Name}(ulong seed, int firstStream)"))
        {
            foreach (var (member, field) in model.Members)
                code.Line($"{field} = new {member.TypeFullName}(seed, {Stream(member.FirstLayer)});");
            var patterns = MaskEmitter.EmitShared(code, model.Layers);
            for (var index = 0; index < model.Layers.Count; index++)
                code.Line($"{model.Layers[index].Field} = {NewLayer(model, index, patterns)};");
            foreach (var use in model.Uses)
            {
                code.Line($"{Surface.FieldOf(use, model.Layers)} = {model.Layers[use.Index].Field}.Over("
                    + $"{Surface.FieldOf(use.Input)}, {Surface.FieldOf(use.Output)});");
            }
            code.Line($"Layers = [{string.Join(", ", model.Layers.Select(layer => layer.Field))}];");
            code.Line($"{Surface.Predictor} = new(this);");
        }
        code.Line();

        static string Stream(int index) => index == 0 ? "firstStream" : $"firstStream + {index}";

        static string NewLayer(ModelPlan model, int index, IReadOnlyDictionary<BlockPlan, string> patterns)
        {
            var layer = model.Layers[index];
            if (layer.Spec.IsNested)
            {
                var (member, field) = model.Members.First(member => index >= member.Spec.FirstLayer
                    && index < member.Spec.FirstLayer + member.Spec.LayerCount);
                return $"({Surface.TypeOf(layer)}){field}.Layers[{index - member.FirstLayer}]";
            }
            var names = new ConstructorNames(matrix => matrix.Mask is { } mask ? patterns[mask] : matrix.Pattern, "seed", Stream(index));
            return $"new({layer.Kind.Arguments(layer, names)})";
        }
    }

    private static void EmitProperties(CodeWriter code, ModelPlan model)
    {
        foreach (var plan in model.Layers.Where(layer => !layer.Spec.IsNested))
        {
            if (!plan.Spec.IsDocumented)
                code.Line($"/// <summary>{Describe.Layer(plan)}</summary>");
            EmitProperty(plan.Spec.Keywords, Surface.TypeOf(plan), plan.Spec.Path, $"=> {plan.Field};");
        }
        foreach (var (member, field) in model.Members)
            EmitProperty(member.Modifiers, member.TypeFullName, member.Name, $"=> {field};");

        code.Line("/// <inheritdoc/>");
        EmitProperty("public", Surface.Layers, "Layers", "{ get; }");
        EmitProperty(
            "static",
            "global::SparseSharp.Kernels.ModelDescriptor",
            $"global::SparseSharp.ISparseModel<{model.Type.FullName}>.Descriptor",
            $"=> {Surface.Descriptor};");

        void EmitProperty(string modifiers, string type, string name, string body)
        {
            code.Line(Surface.GeneratedCode);
            code.Line($"{modifiers} {type} {name} {body}");
            code.Line();
        }
    }

    private static string Slot(WorkspacePlan workspace, int value) => workspace.Values[value].Slot.ToString(CultureInfo.InvariantCulture);

    private sealed class Blocks : Stack<CodeWriter.Closing>, IDisposable
    {
        public void Dispose()
        {
            foreach (var block in this)
                block.Dispose();
        }
    }
}
