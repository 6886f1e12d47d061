using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// A trainable tensor with its gradient and its optimizer state: three flat arrays in the same order. The order is row-major
/// <c>[out, in]</c>, except for weights of which only those that a mask keeps exist: they are stored packed.
/// </summary>
public sealed unsafe class Parameter : IDisposable
{
    private readonly NativeBuffer<float> _gradient;
    private readonly NativeBuffer<float>?[] _state = new NativeBuffer<float>?[2];

    internal Parameter(string name, NativeBuffer<float> values, bool decays)
    {
        Name = name;
        Buffer = values;
        Decays = decays;
        _gradient = new NativeBuffer<float>(values.Length);
    }

    /// <summary><c>weight</c> or <c>bias</c>.</summary>
    public string Name { get; }

    /// <summary>Elements.</summary>
    public int Length => (int)Buffer.Length;

    /// <summary>Whether weight decay applies: to weights, not to biases.</summary>
    public bool Decays { get; }

    /// <summary>The gradient of the last step.</summary>
    public ReadOnlySpan<float> Gradient => GradientBuffer;

    internal NativeBuffer<float> Buffer { get; }

    internal Span<float> Values => Buffer.Span;

    internal Span<float> GradientBuffer => new(GradientPointer, Length);

    internal float* GradientPointer => GradientTarget != null ? GradientTarget : _gradient.Pointer;

    /// <summary>Memory of somebody else that gradients are written to, or null.</summary>
    internal float* GradientTarget { get; set; }

    /// <summary>State array <paramref name="slot"/> of the optimizer (0 or 1); zeros at first.</summary>
    internal Span<float> State(int slot) => (_state[slot] ??= new NativeBuffer<float>(Buffer.Length)).Span;

    /// <summary>Makes gradient and state as long as the values, whose number has changed.</summary>
    internal void Fit()
    {
        _gradient.Resize(Buffer.Length);
        foreach (var state in _state)
            state?.Resize(Buffer.Length);
    }

    /// <summary>As <see cref="State"/>, empty if there is none yet.</summary>
    internal Span<float> StateOrEmpty(int slot) => _state[slot] is { } buffer ? buffer.Span : [];

    /// <summary>Forgets the optimizer state.</summary>
    internal void ClearState()
    {
        foreach (var buffer in _state)
            buffer?.Span.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Buffer.Dispose();
        _gradient.Dispose();
        foreach (var buffer in _state)
            buffer?.Dispose();
    }
}
