using System.Runtime.Intrinsics;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The weights that a frozen mask keeps, with gradient and optimizer state, in the order of the packed weights: an update goes through them
/// alone. They are copies, and go back to their places in <c>[out, in]</c> when someone looks there: to write them there after each update
/// would take longer than the update.
/// </summary>
internal sealed unsafe class KeptWeights : IParameterCopies, IDisposable
{
    private readonly AnnealedMatrix _store;
    private readonly BucketWeights _packed;
    private readonly PinnedBuffer<float> _gradient = new(0);
    private readonly PinnedBuffer<float> _values = new(0);
    private readonly PinnedBuffer<float>[] _states = [new(0), new(0)];
    private readonly PinnedBuffer<int> _positions = new(0);
    private readonly bool[] _isCurrent;
    private readonly Lock _lock = new();
    private readonly Parameter _master;

    /// <param name="store">The layer.</param>
    /// <param name="master">Its weights <c>[out, in]</c>, with their state.</param>
    public KeptWeights(AnnealedMatrix store, Parameter master)
    {
        _store = store;
        _master = master;
        _packed = store.Forward;
        _isCurrent = new bool[store.Groups];
    }

    public float* Gradient => _gradient.Pointer;

    /// <summary>Weights as they learn, packed; <see cref="Gather"/> comes before.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>Their gradients.</summary>
    public Span<float> Gradients => _gradient.Span;

    /// <summary>Their optimizer state.</summary>
    public Span<float> State(int slot) => _states[slot].Span;

    /// <summary>Makes room after the layer was packed; the copies are made when a group is updated next.</summary>
    public void Fit()
    {
        var length = _packed.ValueOffset(_packed.DepthBlocks - 1, _packed.Blocks);
        foreach (var buffer in (ReadOnlySpan<PinnedBuffer<float>>)[_gradient, _values, .. _states])
        {
            buffer.Resize(length);
            buffer.Span.Clear();
        }
        _positions.Resize(length);
        _store.Packer.Positions(_positions.Span);
        Array.Clear(_isCurrent);
    }

    /// <summary>
    /// Brings weights and state to their places, from where the next update fetches them again: whoever asked for them may change them.
    /// </summary>
    public void HandBack()
    {
        lock (_lock)
        {
            for (var group = 0; group < _isCurrent.Length; group++)
            {
                if (!_isCurrent[group])
                    continue;
                _isCurrent[group] = false;
                Move(group, scatter: true);
            }
        }
    }

    /// <summary>Adds <c>Σ G·sign(w)</c> of each row of a group to its sum.</summary>
    /// <param name="group">The group.</param>
    /// <param name="pulls">A sum per row.</param>
    public void Pull(int group, Span<double> pulls)
    {
        Gather(group);
        var (first, end) = _store.GroupRange(group);
        for (var block = first / 4; block * 4 < end; block++)
        {
            for (var depthBlock = 0; depthBlock < _packed.DepthBlocks; depthBlock++)
            {
                var counts = _packed.Counts + _packed.CountOffset(depthBlock, block);
                var at = _packed.ValueOffset(depthBlock, block);
                for (var list = 0; list < _packed.Lists; at += 4 * counts[list], list++)
                {
                    var (low, high) = PullOfQuads(_values.Pointer + at, _gradient.Pointer + at, counts[list]);
                    for (var lane = 0; lane < 4 && counts[list] > 0; lane++)
                    {
                        var row = _packed.RowOf(depthBlock, block, list, lane);
                        if (row < end)
                            pulls[row] += lane < 2 ? low[lane] : high[lane - 2];
                    }
                }
            }
        }
    }

    /// <summary>Fills the packed weights in use of a group.</summary>
    public void Use(int group)
    {
        var (first, end) = _store.GroupRange(group);
        if (_store.Thresholds is { } thresholds)
            PackedThresholds.Apply(_packed, first, end, thresholds.Values, _values.Pointer);
        for (var depthBlock = 0; _store.Thresholds is null && depthBlock < _packed.DepthBlocks; depthBlock++)
        {
            var slice = _store.PackedSlice(group, depthBlock);
            _values.Span[slice].CopyTo(_packed.Values.Span[slice]);
        }
        _store.RoundPacked(first, end);
    }

    /// <summary>Writes the weights in use to their places in <c>[out, in]</c>, and nothing to the others.</summary>
    public void CopyInUse(Span<float> dense)
    {
        for (var group = 0; group < _isCurrent.Length; group++)
            Move(group, _packed.Values, dense, scatter: true);
    }

    public void Dispose()
    {
        _gradient.Dispose();
        _values.Dispose();
        foreach (var state in _states)
            state.Dispose();
        _positions.Dispose();
    }

    /// <summary>Four lanes in double precision, one quad after the other.</summary>
    private static (Vector128<double> Low, Vector128<double> High) PullOfQuads(float* weight, float* gradient, int quads)
    {
        var (low, high) = (Vector128<double>.Zero, Vector128<double>.Zero);
        for (var i = 0; i < 4 * quads; i += 4)
        {
            var own = Vector128.Load(weight + i);
            var signed = Vector128.Load(gradient + i) ^ (own & Vector128.Create(-0f));
            var pull = Vector128.AndNot(signed, Vector128.Equals(own, Vector128<float>.Zero));
            low += Vector128.WidenLower(pull);
            high += Vector128.WidenUpper(pull);
        }
        return (low, high);
    }

    /// <summary>Fetches the weights of a group and their state, unless they are here.</summary>
    public void Gather(int group)
    {
        if (_isCurrent[group])
            return;
        Move(group, scatter: false);
        _isCurrent[group] = true;
    }

    private void Move(int group, bool scatter)
    {
        Move(group, _values, _master.RawValues, scatter);
        for (var slot = 0; slot < _states.Length; slot++)
        {
            if (_master.RawState(slot) is { IsEmpty: false } state)
                Move(group, _states[slot], state, scatter);
        }
    }

    /// <summary>Copies between a packed array and one in the order <c>[out, in]</c>.</summary>
    private void Move(int group, PinnedBuffer<float> packed, Span<float> dense, bool scatter)
    {
        var (first, end) = _store.GroupRange(group);
        for (var depthBlock = 0; depthBlock < _packed.DepthBlocks; depthBlock++)
        {
            for (var block = first / 4; block * 4 < end; block++)
            {
                var at = _packed.ValueOffset(depthBlock, block);
                var last = at + (4 * _packed.Quads(depthBlock, block));
                for (; at < last; at++)
                {
                    var position = _positions.Pointer[at];
                    if (position < 0)
                        continue;
                    if (scatter)
                        dense[position] = packed.Pointer[at];
                    else
                        packed.Pointer[at] = dense[position];
                }
            }
        }
    }
}
