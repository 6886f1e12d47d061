using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Values of a layer that files and checkpoints hold but no optimizer changes, such as running statistics.</summary>
/// <param name="name">The name in files.</param>
/// <param name="length">Values; they start at 0.</param>
internal sealed class LayerBuffer(string name, int length) : INamedVector, IDisposable
{
    private readonly PinnedBuffer<float> _values = new(length);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int Length => length;

    /// <inheritdoc/>
    public Span<float> Values => _values.Span;

    /// <inheritdoc/>
    public void NoteReplacement()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
