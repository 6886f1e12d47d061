namespace SparseSharp.Training;

/// <summary>The targets of some samples, read feature by feature or sample by sample.</summary>
internal readonly ref struct TargetRows
{
    private readonly ReadOnlySpan<float> _values;
    private readonly int _features;

    public TargetRows(Batch batch, int firstSample, int samples)
        : this(
            batch.TargetFeatures == 0 ? batch.Labels.Slice(firstSample, samples) : [],
            batch.Targets.Slice(firstSample * batch.TargetFeatures, samples * batch.TargetFeatures),
            batch.TargetFeatures,
            samples)
    {
    }

    /// <param name="labels">A label per sample, empty where targets are values.</param>
    /// <param name="values">Values <c>[samples, features]</c>, empty where targets are labels.</param>
    /// <param name="features">Values per sample, 0 where targets are labels.</param>
    /// <param name="samples">Number of samples.</param>
    public TargetRows(ReadOnlySpan<int> labels, ReadOnlySpan<float> values, int features, int samples)
    {
        Labels = labels;
        _values = values;
        _features = features;
        Count = samples;
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Whether targets are labels.</summary>
    public bool AreLabels => _features == 0;

    /// <summary>A label per sample, empty where targets are values.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The target of a sample.</summary>
    public Target this[int sample] => AreLabels ? new Target(Labels[sample]) : new Target(_values.Slice(sample * _features, _features));

    /// <summary>Copies the targets of one feature; labels are their own value.</summary>
    public void Read(int feature, Span<float> row)
    {
        for (var c = 0; c < row.Length; c++)
            row[c] = AreLabels ? Labels[c] : _values[(c * _features) + feature];
    }

    /// <summary>Copies the shares that targets give to one class: a label gives all to its own.</summary>
    public void ReadShares(int feature, Span<float> row)
    {
        for (var c = 0; c < row.Length; c++)
            row[c] = !AreLabels ? _values[(c * _features) + feature] : Labels[c] == feature ? 1 : 0;
    }
}
