namespace SparseSharp.Layers;

/// <summary>A whole number of a layer that files and checkpoints hold but no optimizer changes.</summary>
/// <param name="name">The name in files.</param>
/// <param name="read">Says what it is.</param>
/// <param name="write">Changes it.</param>
internal sealed class LayerCounter(string name, Func<long> read, Action<long> write)
{
    /// <summary>More than anyone counts, and a number that can be added to without overflow.</summary>
    public const long Most = 1L << 53;

    /// <summary>The name in files.</summary>
    public string Name => name;

    /// <summary>The number, from 0 on.</summary>
    public long Value
    {
        get => read();
        set => write(value);
    }
}
