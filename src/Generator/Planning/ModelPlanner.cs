using SparseSharp.Generator.Operations;
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
        var graph = PreparedGraph.Of(model.Graph, model.Layers);
        var shapes = ShapeInference.Infer(graph, model.Layers).Shapes;
        var images = ImageGraph.Of(graph, model.Layers);
        var trained = FusedGraph.Build(images, training: true);
        var inferred = FusedGraph.Build(images, training: false);
        var numbers = new Dictionary<int, int>();
        foreach (var node in trained.Skip(1))
            numbers.Add(node.Source, numbers.Count + 1);

        var fields = new HashSet<string>(StringComparer.Ordinal);
        var layers = model.Layers
            .Select((layer, index) => new LayerPlan(
                layer, layer.Kind.Matrices.Select(matrix => MatrixPlan.Of(matrix, cancellation)).ToEquatableArray(),
                Field(layer.Path, fields))
            {
                Positions = PositionsOf(index, graph, shapes),
            })
            .ToEquatableArray();
        return new(
            model.Type,
            layers,
            model.Members.Select(member => new MemberPlan(member, Field(member.Name, fields))).ToEquatableArray(),
            model.Graph.Input,
            shapes[shapes.Count - 1],
            PlanInference(ForwardPlanner.Plan(inferred, numbers, layers, training: false)),
            PlanTraining(ForwardPlanner.Plan(trained, numbers, layers, training: true), inputGradient),
            layers.SelectMany(layer => layer.Matrices)
                .SelectMany(matrix => matrix.Kernels)
                .Distinct()
                .OrderBy(kernel => kernel.Name, StringComparer.Ordinal)
                .ToEquatableArray(),
            OperationsOf(model))
        {
            Parts = images.Parts,
            Inputs = model.Graph.Inputs,
            InputNames = model.Graph.InputNames,
            Outputs = OutputsOf(model),
            FewestSamples = graph.Nodes.Max(
                node => node.Operands.Count > 0 ? node.Operation.FewestSamples(shapes[node.Operands[0]]) : 1),
        };
    }

    /// <summary>Pixels of the output of a layer where the graph uses it first.</summary>
    private static int PositionsOf(int layer, GraphSpec graph, EquatableArray<Shape> shapes)
    {
        for (var index = 0; index < shapes.Count; index++)
        {
            if (graph.Nodes[index].Operation.LayerIndex == layer && shapes[index].IsImage)
                return shapes[index].Dimensions[1] * shapes[index].Dimensions[2];
        }
        return 1;
    }

    private static EquatableArray<Shape> OutputsOf(ModelSpec model)
    {
        var shapes = ShapeInference.Infer(model.Graph, model.Layers).Shapes;
        return model.Graph.OutputNodes.Select(node => shapes[node]).ToEquatableArray();
    }

    /// <summary>Those of nested models are emitted there.</summary>
    private static EquatableArray<UserOperation> OperationsOf(ModelSpec model) => model.Graph.Nodes
        .Select(node => node.Operation)
        .OfType<UserOperation>()
        .Where(operation => operation.Place.Model == model.Type.FullName)
        .Distinct()
        .ToEquatableArray();

    private static InferencePlan PlanInference(ForwardOps forward)
    {
        var workspace = new WorkspacePlanner(forward.Table, inParts: true);
        UseInputs(workspace, forward);
        var moments = Number(forward.Calls, 1);
        workspace.Use(forward.Output, moments.Count + 1);
        return new(Place(workspace, moments), forward.Input, forward.Output, forward.Calls.ToEquatableArray())
        {
            Packed = forward.Packed.ToEquatableArray(),
        };
    }

    /// <summary>Notes what the packing of the input fills.</summary>
    private static void UseInputs(WorkspacePlanner workspace, ForwardOps forward)
    {
        foreach (var input in forward.Packed)
            workspace.Use(input.Value, 0);
        if (forward.Packed.Count == 0)
            workspace.Use(forward.Input, 0);
    }

    private static TrainingPlan PlanTraining(ForwardOps forward, bool inputGradient)
    {
        var backward = AdjointPlanner.Plan(forward, inputGradient);
        var workspace = new WorkspacePlanner(forward.Table);
        var loss = forward.Calls.Count + 1;
        var moments = Number(forward.Calls, 1);
        moments.AddRange(Number(backward.Calls, loss + 1));

        // The gradients of the weights come last, for all panels: what they read lives until then.
        var end = loss + backward.Calls.Count + 1;
        moments.AddRange(backward.GradWeights.Select(call => (call, end)));
        UseInputs(workspace, forward);
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
            forward.Calls.ToEquatableArray(),
            backward.Calls.ToEquatableArray(),
            backward.GradWeights.ToEquatableArray())
        {
            Packed = forward.Packed.ToEquatableArray(),
        };
    }

    private static List<(Call Call, int Moment)> Number(List<Call> calls, int first) =>
        [.. calls.Select((call, index) => (call, first + index))];

    private static WorkspacePlan Place(WorkspacePlanner workspace, List<(Call Call, int Moment)> moments)
    {
        foreach (var (call, moment) in moments)
            workspace.Use(call, moment);
        foreach (var (call, moment) in moments)
            workspace.ShareInPlace(call, moment);
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
