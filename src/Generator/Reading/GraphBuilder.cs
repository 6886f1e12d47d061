using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Collects the nodes of a graph and, beside them, where each was written; only the nodes leave the reader.</summary>
internal sealed class GraphBuilder
{
    private readonly List<NodeSpec> _nodes = [];
    private readonly List<Origin> _origins = [];
    private readonly List<Entry> _entries = [];

    /// <param name="inputs">The shapes of the inputs.</param>
    /// <param name="names">Their names.</param>
    public GraphBuilder(IReadOnlyList<Shape> inputs, IEnumerable<string> names)
    {
        if (inputs.Count == 1)
        {
            Add(new(new Input(inputs[0])));
            return;
        }
        var sum = inputs.All(input => input.IsKnown) ? Shape.Vector(inputs.Sum(input => input.Features)) : Shape.Unknown;
        Add(new(new Input(sum) { Parts = inputs.ToEquatableArray(), Names = names.ToEquatableArray() }));
        for (var (index, first) = (0, 0); index < inputs.Count; first += inputs[index++].Features)
            Add(new(new InputPart(index + 1, first, inputs[index]), Input));
    }

    /// <summary>The value that the input is.</summary>
    public const int Input = 0;

    /// <summary>Nodes so far.</summary>
    public int Count => _nodes.Count;

    /// <summary>The value of an input.</summary>
    /// <param name="index">Which input.</param>
    public int ValueOf(int index) => ((Input)_nodes[Input].Operation).Parts.Count == 0 ? Input : index + 1;

    public int Add(NodeSpec node, SyntaxNode? place = null, Member? member = null)
    {
        _nodes.Add(node);
        _origins.Add(new(place, member));
        return _nodes.Count - 1;
    }

    /// <summary>Copies the graph of a nested model; the result is its output.</summary>
    /// <param name="member">The nested model.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="values">What its inputs are.</param>
    /// <param name="places">Where each of them is given.</param>
    public int Inline(NestedMember member, GraphSpec graph, IReadOnlyList<int> values, IReadOnlyList<SyntaxNode> places)
    {
        for (var index = 0; index < values.Count; index++)
            _entries.Add(new(values[index], values.Count == 1 ? graph.Input : graph.Inputs[index], member, places[index]));

        var moved = new int[graph.Nodes.Count];
        moved[Input] = values[0];
        for (var index = Input + 1; index < moved.Length; index++)
        {
            var node = graph.Nodes[index];
            if (node.Operation is InputPart part)
            {
                moved[index] = values[part.Number - 1];
                continue;
            }
            moved[index] = _nodes.Count;
            var operands = node.Operands.Select(operand => moved[operand]).ToEquatableArray();
            _nodes.Add(new(node.Operation.MoveLayers(member.FirstLayer), operands));
            _origins.Add(new(Place: null, member));
        }
        return moved[moved.Length - 1];
    }

    /// <summary>Reports every expression whose shapes do not fit. Inside a nested model all fits if its input does.</summary>
    public void CheckShapes(EquatableArray<LayerSpec> layers, DiagnosticSink sink)
    {
        var shapes = ShapeInference.Infer(new(_nodes.ToEquatableArray()), layers);
        foreach (var error in shapes.Errors)
        {
            var operation = _nodes[error.Node].Operation;
            if (_origins[error.Node].Place is not { } place)
                continue;
            var layer = operation.HasWeights ? layers[operation.LayerIndex] : null;
            if (error.Words is { } words)
                sink.Report(
                    Descriptors.ImageShape, place, layer is null ? operation.Name : $"Layer '{layer.Path}'", words.Takes, error.Actual,
                    words.Advice);
            else if (layer is not null)
                sink.Report(
                    Descriptors.LayerShape, place, layer.Path, error.Expected, error.Actual, layer.Kind.ChangeFor(error.Actual.Features));
            else
                sink.Report(Descriptors.OperandShape, place, Catalogue.SymbolOf(operation), error.Expected, error.Actual);
        }

        foreach (var entry in _entries)
        {
            var actual = shapes.Shapes[entry.Value];
            if (actual.IsKnown && actual.Features != entry.Input.Features)
                sink.Report(Descriptors.NestedModelShape, entry.Place, entry.Member.Name, entry.Input, actual, entry.Member.TypeName);
        }
    }

    /// <summary>
    /// The nodes that the output depends on, in their order, so that the output is the last; and the names of the members among them.
    /// </summary>
    public GraphSpec Build(int output, HashSet<string> used)
    {
        var needed = new bool[output + 1];
        needed[Input] = needed[output] = true;
        for (var index = output; index > Input; index--)
        {
            if (!needed[index])
                continue;
            foreach (var operand in _nodes[index].Operands)
                needed[operand] = true;
        }

        var places = new int[output + 1];
        var kept = new List<NodeSpec>(output + 1);
        for (var index = Input; index <= output; index++)
        {
            if (!needed[index])
                continue;
            var node = _nodes[index];
            places[index] = kept.Count;
            kept.Add(node with { Operands = node.Operands.Select(operand => places[operand]).ToEquatableArray() });
            if (_origins[index].Member is { } member)
                used.Add(member.Name);
        }

        return new(kept.ToEquatableArray());
    }

    /// <param name="Place">Null for a node of a nested model, which was written in another class.</param>
    private readonly record struct Origin(SyntaxNode? Place, Member? Member);

    /// <summary>A nested model that is fed with <paramref name="Value"/> and takes a value of the shape <paramref name="Input"/>.</summary>
    private readonly record struct Entry(int Value, Shape Input, NestedMember Member, SyntaxNode Place);
}
