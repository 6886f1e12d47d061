using SparseSharp.Generator.Operations;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Planning;

/// <param name="OutputGradient">The value into which the loss writes its gradient.</param>
/// <param name="InputGradient">The gradient of the input, -1 where none is asked for or nothing depends on the input.</param>
internal sealed record BackwardOps(int OutputGradient, int InputGradient, List<Call> Calls, List<Call> GradWeights);

/// <summary>
/// Derives the backward pass: walks the forward graph from its end and hands the gradient of each value on to the operands of the node that
/// computed it. The first contribution to a gradient writes it, later ones accumulate; sums hand their gradient on without a copy as long
/// as nobody changes it. Only values with a layer upstream have a gradient, and, where that of the input is asked for, those that depend on
/// it.
/// </summary>
internal sealed class AdjointPlanner
{
    private readonly ForwardOps _forward;
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
    private readonly List<Call> _calls = [];
    private readonly List<Call> _gradWeights = [];
    private readonly BackwardNode?[] _visited;

    private AdjointPlanner(ForwardOps forward, bool inputGradient)
    {
        _forward = forward;
        _nodes = forward.Nodes;
        _values = forward.Table;
        _isNeeded = new bool[_nodes.Count];
        _hasLayer = new bool[_nodes.Count];
        _gradients = new int[_nodes.Count];
        _pending = new int[_nodes.Count];
        _isDone = new bool[_nodes.Count];
        _isDifferentiated = new bool[_nodes.Count];
        _visited = new BackwardNode?[_nodes.Count];
        for (var index = 0; index < _nodes.Count; index++)
        {
            var node = _nodes[index];
            _gradients[index] = -1;
            _hasLayer[index] = node.Operation.HasWeights || node.Operands.Any(operand => _hasLayer[operand]);
            _isNeeded[index] =
                node.Operation.HasWeights || (inputGradient && index == 0) || node.Operands.Any(operand => _isNeeded[operand]);
            foreach (var operand in node.Operands)
                _pending[operand]++;
        }
    }

    /// <param name="forward">The forward pass.</param>
    /// <param name="inputGradient">Whether the gradient of the input is asked for.</param>
    public static BackwardOps Plan(ForwardOps forward, bool inputGradient = false) =>
        new AdjointPlanner(forward, inputGradient).Run();

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
        Remember();
        return new(outputGradient, _gradients[0], _calls, _gradWeights);
    }

    private void Visit(int index)
    {
        var node = _nodes[index];
        if (node.IsFused && !_isDifferentiated[index])
        {
            var dz = _values.Add("dz" + _forward.Suffixes[index], node.Layout);
            _calls.Add(Activate.Gradient(_values, node.Epilogue, _gradients[index], SavedFor(index), new(dz, Accumulate: false)));
            _gradients[index] = dz;
        }
        if (node.Operation.RoundsOperands(_forward.Layers))
            _gradients[index] = Rounded(index, _gradients[index]);

        var backward = _visited[index] = new BackwardNode(_forward, index, _gradients[index], site: _gradWeights.Count);
        _calls.AddRange(node.Operation.GradSums(backward));
        if (node.Operation.HasWeights)
        {
            var isUsedAgain = !_seenLayers.Add(node.Operation.LayerIndex);
            var weights = node.Operation.GradWeights(backward, isUsedAgain)!;
            _gradWeights.Add(weights);
            foreach (var value in weights.Reads)
                _heldCells.Add(_values.Cell(value));
        }
        if (node.Operation.JointBackward(backward) is { } call)
            ContributeToAll(index, call);
        else
            Contribute(index, node.Operation.Backward(backward));
    }

    /// <summary>Lets layers remember what they have seen, in the order of the forward pass.</summary>
    private void Remember()
    {
        var layers = new HashSet<int>();
        for (var index = 0; index < _nodes.Count; index++)
        {
            var operation = _nodes[index].Operation;
            if (_visited[index] is { } node && operation.Remember(node, layers.Contains(operation.LayerIndex)) is { } call)
            {
                layers.Add(operation.LayerIndex);
                _gradWeights.Add(call);
            }
        }
    }

    /// <summary>Hands a node's gradient on to all operands by one call; what nobody needs goes into memory that nobody reads.</summary>
    private void ContributeToAll(int index, Func<IReadOnlyList<GradientTarget>, Call> call)
    {
        var operands = _nodes[index].Operands;
        if (!operands.Any(operand => _isNeeded[operand]))
            return;
        var targets = new List<GradientTarget>();
        foreach (var operand in operands)
        {
            if (!_isNeeded[operand])
            {
                targets.Add(new(_values.Add("unused" + _forward.Suffixes[index], _nodes[operand].Layout), Accumulate: false));
                continue;
            }
            _pending[operand]--;
            var accumulate = _gradients[operand] >= 0;
            _gradients[operand] = accumulate ? OwnGradient(operand) : NewGradient(operand);
            targets.Add(new(_gradients[operand], accumulate));
        }
        var added = call(targets);
        _calls.Add(operands.Any(operand => _hasLayer[operand]) ? added : added with { IsForInput = true });
    }

    /// <summary>Hands a node's gradient on to its operands.</summary>
    private void Contribute(int index, IEnumerable<Contribution> contributions)
    {
        var operands = _nodes[index].Operands;
        var needed = contributions.Where(contribution => _isNeeded[operands[contribution.Operand]]).ToArray();
        for (var i = 0; i < needed.Length; i++)
        {
            var target = operands[needed[i].Operand];

            // Until its last contribution the node itself still reads its gradient.
            _isDone[index] = i == needed.Length - 1;
            _pending[target]--;
            if (needed[i].Preparation is { } preparation)
                Add(target, preparation);
            if (needed[i].Call is not { } call)
                HandOn(_gradients[index], target);
            else if (needed[i].FusesDerivative && _nodes[index].Operation.Fuses(_nodes[target].Activation) && CanDifferentiate(target))
                ContributeFused(call, target);
            else
                Contribute(call, target);
        }
    }

    private void Contribute(Func<GradientTarget, Call> call, int target)
    {
        var accumulate = _gradients[target] >= 0;
        var dx = _gradients[target] = accumulate ? OwnGradient(target) : NewGradient(target);
        Add(target, call(new(dx, accumulate)));
    }

    /// <summary>The gradient of a result as a contribution, without a change.</summary>
    private void HandOn(int dy, int target)
    {
        if (_gradients[target] < 0)
            _gradients[target] = PassOn(GradientName(target), dy);
        else
            Contribute(dx => Scale.Gradient(_values, dy, 1, dx), target);
    }

    /// <summary>
    /// Whether a contribution can be multiplied by the derivative of the activation whose result a node is: it is the last one, and, as the
    /// gradient of the activation's output turns into that of its input, nothing may have been added to the latter yet.
    /// </summary>
    private bool CanDifferentiate(int target)
    {
        var node = _nodes[target];
        return _pending[target] == 0 && node.Activation != ActivationKind.None && (node.IsFused || _gradients[node.Operands[0]] < 0);
    }

    private void ContributeFused(Func<GradientTarget, Call> call, int target)
    {
        var node = _nodes[target];
        var accumulate = _gradients[target] >= 0;
        var name = node.IsFused ? "dz" + _forward.Suffixes[target] : GradientName(node.Operands[0]);
        var dz = accumulate ? PassOn(name, OwnGradient(target)) : _values.Add(name, node.Layout);
        Add(target, call(new(dz, accumulate, node.Activation, SavedFor(target))));
        if (node.IsFused)
        {
            _gradients[target] = dz;
            _isDifferentiated[target] = true;
        }
        else
        {
            _gradients[target] = -1;
            _gradients[node.Operands[0]] = dz;
            _pending[node.Operands[0]]--;
        }
    }

    /// <summary>
    /// A gradient as a layer in bfloat16 takes it: in place, or, where a layer in float32 or a sum reads it too, a copy for all layers that
    /// want it.
    /// </summary>
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
        _calls.Add(Round.Call(_values, gradient, rounded));
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
        Add(index, Scale.Gradient(_values, shared, 1, new(own, Accumulate: false)));
        return own;
    }

    /// <summary>The same memory by another name.</summary>
    private int PassOn(string name, int dy)
    {
        var dx = _values.Alias(name, dy);
        _calls.Add(Call.Note(dy, dx, $"{_values.Name(dx)} = {_values.Name(dy)}, the same memory"));
        return dx;
    }

    /// <summary>
    /// Adds a call that works on the gradient of a node. Where no layer comes before the node, that of the input is all it is for.
    /// </summary>
    private void Add(int index, Call call) => _calls.Add(_hasLayer[index] ? call : call with { IsForInput = true });

    private int SavedFor(int index)
    {
        var node = _nodes[index];
        if (!ActivationTable.Of(node.Activation).DerivativeNeedsInput)
            return _forward.Values[index];
        return node.IsFused ? _forward.ActivationInputs[index] : _forward.Values[node.Operands[0]];
    }

    private int NewGradient(int index) => _values.Add(GradientName(index), _nodes[index].Layout);

    private string GradientName(int index) => (index == _nodes.Count - 1 || index == 0 ? "d" : "dh") + _forward.Suffixes[index];
}
