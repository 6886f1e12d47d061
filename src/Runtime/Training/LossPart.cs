namespace SparseSharp;

/// <summary>A loss on some neighbouring outputs of a model, made by <see cref="Loss.On"/> for <see cref="Loss.Of"/>.</summary>
public sealed class LossPart
{
    internal LossPart(Loss loss, int outputs, double weight, bool isLabel)
    {
        Loss = loss;
        Outputs = outputs;
        Weight = weight;
        IsLabel = isLabel;
    }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>How many outputs it is on.</summary>
    public int Outputs { get; }

    /// <summary>The factor on it.</summary>
    public double Weight { get; }

    /// <summary>Whether its target is one value that is a class label, instead of a value per output.</summary>
    public bool IsLabel { get; }

    /// <summary>Target values of a sample.</summary>
    internal int Targets => IsLabel ? 1 : Outputs;

    /// <summary>The target of the part.</summary>
    /// <param name="values">Its target values.</param>
    internal Target TargetOf(ReadOnlySpan<float> values) => IsLabel ? new((int)values[0]) : new(values);

    /// <summary>What is wrong with its target values, as the end of a sentence; null if they fit.</summary>
    internal string? Fault(ReadOnlySpan<float> values) => IsLabel && values[0] != (int)values[0]
        ? $"has the label {values[0]}, which is no whole number"
        : Loss.Fault(TargetOf(values), Outputs);
}
