using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>From what a model is to what is printed for it.</summary>
internal static class ModelPlanner
{
    /// <param name="model">A valid model: its graph fits and has an input and an output.</param>
    /// <param name="inputGradient">Whether the gradient of the input is planned: others may train what computes it.</param>
    /// <param name="cancellation">Ends the search for graphs.</param>
    public static ModelPlan Plan(ModelSpec model, bool inputGradient = false, CancellationToken cancellation = default)
    {
        var graph = PrunedGraph.Of(model.Graph, model.Layers);
        var features = ShapeInference.Infer(graph, model.Layers).Features;
        var trained = FusedGraph.Build(graph, features, training: true);
        var inferred = FusedGraph.Build(graph, features, training: false);
        var numbers = new Dictionary<int, int>();
        foreach (var node in trained.Skip(1))
            numbers.Add(node.Source, numbers.Count + 1);

        var fields = new HashSet<string>(StringComparer.Ordinal);
        var layers = model.Layers
            .Select(layer => new LayerPlan(layer, MatrixPlan.Of(layer.Matrix, cancellation), Field(layer.Path, fields)))
            .ToEquatableArray();
        return new(
            model.Type,
            layers,
            model.Members.Select(member => new MemberPlan(member, Field(member.Name, fields))).ToEquatableArray(),
            model.Graph.InputFeatures,
            features[features.Count - 1],
            PlanInference(ForwardPlanner.Plan(inferred, numbers, model.Layers, training: false)),
            PlanTraining(ForwardPlanner.Plan(trained, numbers, model.Layers, training: true), model.Layers, inputGradient),
            layers.SelectMany(layer => layer.Matrix.Kernels).Distinct().OrderBy(kernel => kernel.Name, StringComparer.Ordinal).ToEquatableArray());
    }

    private static InferencePlan PlanInference(ForwardOps forward)
    {
        var workspace = new WorkspacePlanner(forward.Table);
        workspace.Use(forward.Input, 0);
        var moments = Number(forward.Ops, 1);
        workspace.Use(forward.Output, moments.Count + 1);
        return new(Place(workspace, moments), forward.Input, forward.Output, forward.Ops.ToEquatableArray());
    }

    private static TrainingPlan PlanTraining(ForwardOps forward, EquatableArray<LayerSpec> layers, bool inputGradient)
    {
        var backward = AdjointPlanner.Plan(forward, layers, inputGradient);
        var workspace = new WorkspacePlanner(forward.Table);
        var loss = forward.Ops.Count + 1;
        var moments = Number(forward.Ops, 1);
        moments.AddRange(Number(backward.Ops, loss + 1));

        // The gradients of the weights come last, for all panels: what they read lives until then.
        var end = loss + backward.Ops.Count + 1;
        moments.AddRange(backward.GradWeights.Select(op => (op, end)));
        workspace.Use(forward.Input, 0);
        workspace.Use(forward.Output, loss);
        workspace.Use(backward.OutputGradient, loss);
        if (backward.InputGradient >= 0)
            workspace.Use(backward.InputGradient, end);
        return new(
            Place(workspace, moments),
            forward.Input,
            forward.Output,
            backward.OutputGradient,
            backward.InputGradient,
            forward.Ops.ToEquatableArray(),
            backward.Ops.ToEquatableArray(),
            backward.GradWeights.ToEquatableArray());
    }

    private static List<(OpPlan Op, int Moment)> Number(List<OpPlan> ops, int first) => [.. ops.Select((op, index) => (op, first + index))];

    private static WorkspacePlan Place(WorkspacePlanner workspace, List<(OpPlan Op, int Moment)> moments)
    {
        foreach (var (op, moment) in moments)
            workspace.Use(op, moment);
        foreach (var (op, moment) in moments)
            workspace.ShareInPlace(op, moment);
        return workspace.Place();
    }

    /// <summary>The field of a layer, numbered where paths differ and names do not.</summary>
    private static string Field(string path, HashSet<string> taken)
    {
        var name = FieldNames.Of(path);
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{name}{number}";
        return unique;
    }
}
