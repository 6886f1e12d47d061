using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Modifiers.Bfloat16;
using SparseSharp.Generator.Modifiers.NMSparse;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>Model specs by hand; the methods return the index of the node they add.</summary>
internal sealed class ModelSpecBuilder(int inputFeatures)
{
    private readonly List<NodeSpec> _nodes = [new(new Input(Shape.Vector(inputFeatures)))];
    private readonly List<LayerSpec> _layers = [];
    private readonly List<MemberModelSpec> _members = [];
    private readonly List<int> _features = [inputFeatures];

    public static NMSpec TwoOfFour { get; } = new(2, 4, true, MaskPolicy.SrSte, 40, 2e-4);

    public int Features(int node) => _features[node];

    public bool IsUsed(int node) => _nodes.Exists(user => user.Operands.Contains(node));

    public int Layer(
        string path, int inputs, int outputs, NMSpec? sparsity = null, bool bias = true, Bfloat16Use bfloat16 = Bfloat16Use.None)
    {
        ModifierSpec[] modifiers =
            [.. new ModifierSpec?[] { sparsity, bfloat16 == Bfloat16Use.None ? null : new Bfloat16Spec(bfloat16) }.OfType<ModifierSpec>()];
        return Layer(path, new LinearSpec(new(outputs, inputs, modifiers), bias));
    }

    /// <summary>A layer of any kind.</summary>
    public int Layer(string path, KindSpec kind)
    {
        _layers.Add(new(path, path.Contains('.') ? "" : "public partial", kind));
        return _layers.Count - 1;
    }

    public void Member(string name, string type, int firstLayer, int layerCount) =>
        _members.Add(new(name, "public partial", type, firstLayer, layerCount));

    public int Through(int x, int layer) => Add(new(_layers[layer].Kind.Through(layer), x), _layers[layer].Kind.Outputs);

    /// <summary>Through a new dense layer.</summary>
    public int Linear(int x, int outputs) => Through(x, Layer($"Layer{_layers.Count}", _features[x], outputs));

    /// <summary>An operation whose result has the features of its operands.</summary>
    public int Apply(Operation operation, params int[] operands) => Add(new(operation, operands), _features[operands[0]]);

    public int Apply(ActivationKind activation, int x) => Apply(new Activate(activation), x);

    public GraphSpec Graph() => new(_nodes.ToEquatableArray());

    public ModelSpec Build(string name = "Net", string space = "Samples") => new(
        new(space, name, $"partial class {name}", EquatableArray<string>.Empty, space.Length > 0
            ? $"global::{space}.{name}"
            : $"global::{name}", name, name + "-1"),
        _layers.ToEquatableArray(),
        _members.ToEquatableArray(),
        Graph());

    private int Add(NodeSpec node, int features)
    {
        _nodes.Add(node);
        _features.Add(features);
        return _nodes.Count - 1;
    }
}
