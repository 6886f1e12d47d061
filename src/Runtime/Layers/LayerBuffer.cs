using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Values of a layer that files and checkpoints hold but no optimizer changes, such as running statistics.</summary>
/// <param name="name">The name in files.</param>
/// <param name="values">The values.</param>
/// <param name="refresh">Comes after every change of the values from outside; null where nobody has copies of them.</param>
internal sealed class LayerBuffer(string name, PinnedBuffer<float> values, Action? refresh = null) : INamedVector, IDisposable
{
    /// <param name="name">The name in files.</param>
    /// <param name="length">Values; they start at 0.</param>
    public LayerBuffer(string name, int length)
        : this(name, new PinnedBuffer<float>(length))
    {
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int Length => (int)values.Length;

    /// <inheritdoc/>
    public float Least { get; init; } = float.MinValue;

    /// <inheritdoc/>
    public Span<float> Values => values.Span;

    /// <inheritdoc/>
    public void NoteReplacement() => refresh?.Invoke();

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}
