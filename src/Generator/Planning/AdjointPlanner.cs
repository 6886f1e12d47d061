using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <param name="OutputGradient">The value into which the loss writes its gradient.</param>
/// <param name="InputGradient">The gradient of the input, -1 where none is asked for or nothing depends on the input.</param>
internal sealed record BackwardOps(int OutputGradient, int InputGradient, List<OpPlan> Ops, List<OpPlan> GradWeights);

/// <summary>
/// Derives the backward pass: walks the forward graph from its end and hands the gradient of each value on to the operands of the node
/// that computed it. The first contribution to a gradient writes it, later ones accumulate; sums hand their gradient on without a copy
/// as long as nobody changes it. Only values with a layer upstream have a gradient, and, where that of the input is asked for, those that depend on it.
/// </summary>
internal sealed class AdjointPlanner
{
    private readonly ForwardOps _forward;
    private readonly EquatableArray<LayerSpec> _layers;
    private readonly IReadOnlyList<FusedNode> _nodes;
    private readonly ValueTable _values;
    private readonly bool[] _isNeeded;
    private readonly bool[] _hasLayer;
    private readonly int[] _gradients;
    private readonly int[] _pending;
    private readonly bool[] _isDone;
    private readonly bool[] _isDifferentiated;
    private readonly HashSet<int> _heldCells = [];
    private readonly HashSet<int> _roundedCells = [];
    private readonly Dictionary<int, int> _roundedCopies = [];
    private readonly HashSet<int> _seenLayers = [];
    private readonly List<OpPlan> _ops = [];
    private readonly List<OpPlan> _gradWeights = [];

    private AdjointPlanner(ForwardOps forward, EquatableArray<LayerSpec> layers, bool inputGradient)
    {
        _forward = forward;
        _layers = layers;
        _nodes = forward.Nodes;
        _values = forward.Table;
        _isNeeded = new bool[_nodes.Count];
        _hasLayer = new bool[_nodes.Count];
        _gradients = new int[_nodes.Count];
        _pending = new int[_nodes.Count];
        _isDone = new bool[_nodes.Count];
        _isDifferentiated = new bool[_nodes.Count];
        for (var index = 0; index < _nodes.Count; index++)
        {
            var node = _nodes[index];
            _gradients[index] = -1;
            _hasLayer[index] = node.Kind == NodeKind.Linear || HasLayer(node.Left) || HasLayer(node.Right);
            _isNeeded[index] = node.Kind == NodeKind.Linear || (inputGradient && index == 0) || IsNeeded(node.Left) || IsNeeded(node.Right);
            if (node.Left >= 0)
                _pending[node.Left]++;
            if (node.Right >= 0)
                _pending[node.Right]++;
        }
    }

    /// <param name="forward">The forward pass.</param>
    /// <param name="layers">The layers of the model.</param>
    /// <param name="inputGradient">Whether the gradient of the input is asked for.</param>
    public static BackwardOps Plan(ForwardOps forward, EquatableArray<LayerSpec> layers, bool inputGradient = false) =>
        new AdjointPlanner(forward, layers, inputGradient).Run();

    private BackwardOps Run()
    {
        var last = _nodes.Count - 1;
        var outputGradient = NewGradient(last);
        if (_isNeeded[last])
            _gradients[last] = outputGradient;
        for (var index = last; index >= 0; index--)
        {
            if (_gradients[index] >= 0)
                Visit(index);
            _isDone[index] = true;
        }
        return new(outputGradient, _gradients[0], _ops, _gradWeights);
    }

    private void Visit(int index)
    {
        var node = _nodes[index];
        var dy = _gradients[index];
        switch (node.Kind)
        {
            case NodeKind.Linear:
                VisitLinear(index, node);
                break;
            case NodeKind.Add:
                Contribute(index, (node.Left, null), (node.Right, null));
                break;
            case NodeKind.Subtract:
                // The negative first: what is handed on unchanged last needs no copy.
                Contribute(index, (node.Right, (dx, accumulate) => new ScaleGradOp(dy, -1, dx, accumulate)), (node.Left, null));
                break;
            case NodeKind.Multiply:
                var (left, right) = (_forward.Values[node.Left], _forward.Values[node.Right]);
                Contribute(
                    index,
                    (node.Left, (dx, accumulate) => new MultiplyGradOp(dy, right, dx, accumulate)),
                    (node.Right, (dx, accumulate) => new MultiplyGradOp(dy, left, dx, accumulate)));
                break;
            case NodeKind.Scale:
                Contribute(index, (node.Left, (dx, accumulate) => new ScaleGradOp(dy, node.Value, dx, accumulate)));
                break;
            case NodeKind.Shift:
            case NodeKind.Prune when node.Value != 0:
                Contribute(index, (node.Left, null));
                break;
            case NodeKind.Dropout:
            case NodeKind.Prune:
                var keep = _forward.Saved[index];
                Contribute(index, (node.Left, (dx, accumulate) => new MultiplyGradOp(dy, keep, dx, accumulate)));
                break;
            default:
                var saved = SavedFor(index);
                Contribute(index, (node.Left, (dx, accumulate) => new ActivateGradOp(node.Activation, dy, saved, dx, accumulate)));
                break;
        }
    }

    private void VisitLinear(int index, FusedNode node)
    {
        var dz = _gradients[index];
        if (node.Activation != ActivationKind.None && !_isDifferentiated[index])
        {
            var dy = dz;
            dz = _values.Add("dz" + _forward.Suffixes[index], node.Features);
            _ops.Add(new ActivateGradOp(node.Activation, dy, SavedFor(index), dz, Accumulate: false));
        }

        if (_layers[node.Layer].RoundsActivations)
            dz = Rounded(index, dz);
        _gradWeights.Add(new LinearGradWeightOp(node.Layer, _forward.Operands[index], dz, Site: _gradWeights.Count, Accumulate: !_seenLayers.Add(node.Layer)));
        _heldCells.Add(_values.Cell(dz));
        _isDone[index] = true;
        if (IsNeeded(node.Left))
            ContributeLinear(node.Layer, dz, node.Left);
    }

    /// <summary>The gradient of a layer's input; where it is the last contribution to it, the derivative of the activation before is fused.</summary>
    private void ContributeLinear(int layer, int dy, int target)
    {
        var node = _nodes[target];
        _pending[target]--;
        var accumulate = _gradients[target] >= 0;

        // Fused, the gradient of the activation's output turns into that of its input, so nothing may have been added to the latter yet.
        var isFused = _pending[target] == 0 && node.Activation != ActivationKind.None && (node.Kind == NodeKind.Linear || _gradients[node.Left] < 0);
        if (!isFused)
        {
            var dx = accumulate ? OwnGradient(target) : NewGradient(target);
            Add(target, new LinearGradInputOp(layer, dy, dx, ActivationKind.None, -1, accumulate));
            _gradients[target] = dx;
            return;
        }

        var name = node.Kind == NodeKind.Linear ? "dz" + _forward.Suffixes[target] : GradientName(node.Left);
        var dz = accumulate ? PassOn(name, OwnGradient(target)) : _values.Add(name, node.Features);
        Add(target, new LinearGradInputOp(layer, dy, dz, node.Activation, SavedFor(target), accumulate));
        if (node.Kind == NodeKind.Linear)
        {
            _gradients[target] = dz;
            _isDifferentiated[target] = true;
        }
        else
        {
            _gradients[target] = -1;
            _gradients[node.Left] = dz;
            _pending[node.Left]--;
        }
    }

    /// <summary>Hands a node's gradient on to its operands, by an op or, where there is none, unchanged.</summary>
    private void Contribute(int index, params (int Target, Func<int, bool, OpPlan>? Op)[] contributions)
    {
        var needed = Array.FindAll(contributions, contribution => IsNeeded(contribution.Target));
        for (var i = 0; i < needed.Length; i++)
        {
            var (target, op) = needed[i];

            // Until its last contribution the node itself still reads its gradient.
            _isDone[index] = i == needed.Length - 1;
            _pending[target]--;
            var dy = _gradients[index];
            if (_gradients[target] >= 0)
            {
                var dx = _gradients[target] = OwnGradient(target);
                Add(target, op is null ? new ScaleGradOp(dy, 1, dx, Accumulate: true) : op(dx, true));
            }
            else if (op is null)
            {
                _gradients[target] = PassOn(GradientName(target), dy);
            }
            else
            {
                var dx = _gradients[target] = NewGradient(target);
                Add(target, op(dx, false));
            }
        }
    }

    /// <summary>A gradient as a layer in bfloat16 takes it: in place, or, where a layer in float32 or a sum reads it too, a copy for all layers that want it.</summary>
    private int Rounded(int index, int gradient)
    {
        var cell = _values.Cell(gradient);
        if (_roundedCells.Contains(cell))
            return gradient;
        if (_roundedCopies.TryGetValue(cell, out var copy))
            return copy;
        var rounded = gradient;
        if (IsShared(index, cell))
            _roundedCopies.Add(cell, rounded = _values.AddRounded(gradient));
        else
            _roundedCells.Add(cell);
        _ops.Add(new RoundOp(gradient, rounded));
        return rounded;
    }

    /// <summary>Whether somebody besides a node still reads its gradient.</summary>
    private bool IsShared(int index, int cell)
    {
        var isShared = _heldCells.Contains(cell);
        for (var other = 0; other < _nodes.Count && !isShared; other++)
            isShared = other != index && !_isDone[other] && _gradients[other] >= 0 && _values.Cell(_gradients[other]) == cell;
        return isShared;
    }

    /// <summary>A node's gradient in memory that may be changed: a copy where somebody else still reads it.</summary>
    private int OwnGradient(int index)
    {
        var shared = _gradients[index];
        if (!IsShared(index, _values.Cell(shared)))
        {
            _roundedCopies.Remove(_values.Cell(shared));
            return shared;
        }

        var own = NewGradient(index);
        Add(index, new ScaleGradOp(shared, 1, own, Accumulate: false));
        return own;
    }

    /// <summary>The same memory by another name.</summary>
    private int PassOn(string name, int dy)
    {
        var dx = _values.Alias(name, dy);
        _ops.Add(new PassOnOp(dy, dx));
        return dx;
    }

    /// <summary>Adds an op that works on the gradient of a node. Where no layer comes before the node, that of the input is all it is for.</summary>
    private void Add(int index, OpPlan op) => _ops.Add(_hasLayer[index] ? op : op with { IsForInput = true });

    private bool IsNeeded(int index) => index >= 0 && _isNeeded[index];

    private bool HasLayer(int index) => index >= 0 && _hasLayer[index];

    private int SavedFor(int index)
    {
        var node = _nodes[index];
        if (!node.Activation.DerivativeNeedsInput())
            return _forward.Values[index];
        return node.Kind == NodeKind.Linear ? _forward.Saved[index] : _forward.Values[node.Left];
    }

    private int NewGradient(int index) => _values.Add(GradientName(index), _nodes[index].Features);

    private string GradientName(int index) => (index == _nodes.Count - 1 || index == 0 ? "d" : "dh") + _forward.Suffixes[index];
}
