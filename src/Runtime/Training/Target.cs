namespace SparseSharp;

/// <summary>What the outputs of a model should be for one sample: a class label, or values.</summary>
public readonly ref struct Target
{
    private readonly int _label;

    /// <summary>A class label.</summary>
    /// <param name="label">Number of the class.</param>
    public Target(int label)
    {
        _label = label;
        IsLabel = true;
    }

    /// <summary>Values, for example one per output.</summary>
    /// <param name="values">The values.</param>
    public Target(ReadOnlySpan<float> values) => Values = values;

    /// <summary>Whether this is a label; else there are values.</summary>
    public bool IsLabel { get; }

    /// <summary>Number of the class.</summary>
    /// <exception cref="InvalidOperationException">The target has values.</exception>
    public int Label => IsLabel ? _label : throw new InvalidOperationException("This target has values and no label: ask for Values.");

    /// <summary>The values; empty where the target is a label.</summary>
    public ReadOnlySpan<float> Values { get; }
}
