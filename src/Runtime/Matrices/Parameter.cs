using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>
/// A trainable tensor with its gradient and its optimizer state: three flat arrays in the same order. The order is row-major
/// <c>[out, in]</c>, except for weights of which only those that a mask keeps exist: they are stored packed.
/// </summary>
public sealed unsafe class Parameter
{
    private readonly PinnedBuffer<float> _values;
    private readonly PinnedBuffer<float> _gradient;
    private readonly PinnedBuffer<float>?[] _state = new PinnedBuffer<float>?[2];

    internal Parameter(string name, PinnedBuffer<float> values, bool decays)
    {
        Name = name;
        _values = values;
        Decays = decays;
        _gradient = new PinnedBuffer<float>(values.Length);
    }

    /// <summary><c>weight</c> or <c>bias</c>.</summary>
    public string Name { get; }

    /// <summary>Elements.</summary>
    public int Length => (int)_values.Length;

    /// <summary>Whether weight decay applies: to weights, not to biases.</summary>
    public bool Decays { get; }

    /// <summary>The gradient of the last step.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Gradient
    {
        get
        {
            Lifetime?.ThrowIfClosed();
            return GradientBuffer;
        }
    }

    /// <summary>Shape of all its elements, those that do not exist included; null for a vector.</summary>
    internal long[]? FullShape { get; init; }

    /// <summary>Of the layer that the parameter belongs to.</summary>
    internal Lifetime? Lifetime { get; set; }

    /// <summary>The values as they are here, whatever the copies are.</summary>
    internal Span<float> RawValues => _values.Span;

    internal PinnedBuffer<float> Buffer
    {
        get
        {
            Copies?.HandBack();
            return _values;
        }
    }

    /// <summary>Whether the values are in memory of somebody else.</summary>
    internal bool IsShared => _values.IsBorrowed;

    /// <summary>
    /// Copies of kept weights and their state that learn in place of these; whoever asks for the values or the state gets them back first.
    /// </summary>
    internal IParameterCopies? Copies { get; set; }

    internal Span<float> Values => Buffer.Span;

    internal Span<float> GradientBuffer => GradientTarget != null ? new(GradientTarget, Length) : _gradient.Span;

    internal float* GradientPointer => GradientTarget != null ? GradientTarget : _gradient.Pointer;

    /// <summary>Memory of somebody else that gradients are written to, or null.</summary>
    internal float* GradientTarget { get; set; }

    /// <summary>State array <paramref name="slot"/> of the optimizer (0 or 1); zeros at first.</summary>
    internal Span<float> State(int slot)
    {
        Copies?.HandBack();
        PrepareState(slot);
        return _state[slot]!.Span;
    }

    /// <summary>Makes a state array before workers ask for it.</summary>
    internal void PrepareState(int slot) => _state[slot] ??= new PinnedBuffer<float>(_values.Length);

    /// <summary>Makes gradient and state as long as the values, whose number has changed.</summary>
    internal void Fit()
    {
        _gradient.Resize(_values.Length);
        foreach (var state in _state)
            state?.Resize(_values.Length);
    }

    /// <summary>As <see cref="State"/>, empty if there is none yet.</summary>
    internal Span<float> StateOrEmpty(int slot)
    {
        Copies?.HandBack();
        return RawState(slot);
    }

    /// <summary>The state as it is here, whatever the copies are; empty if there is none yet.</summary>
    internal Span<float> RawState(int slot) => _state[slot] is { } buffer ? buffer.Span : [];

    /// <summary>Forgets the optimizer state.</summary>
    internal void ClearState()
    {
        Copies?.HandBack();
        foreach (var buffer in _state)
            buffer?.Span.Clear();
    }

    /// <summary>Gives the memory up.</summary>
    internal void Free()
    {
        _values.Dispose();
        _gradient.Dispose();
        foreach (var buffer in _state)
            buffer?.Dispose();
    }
}

/// <summary>Copies of a parameter and its state that learn in its place.</summary>
internal interface IParameterCopies
{
    /// <summary>
    /// Brings values and state back to their places, from where the copies fetch them again: whoever asked for them may change them.
    /// </summary>
    void HandBack();
}
