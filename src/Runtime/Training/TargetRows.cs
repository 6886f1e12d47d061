namespace SparseSharp.Training;

/// <summary>The targets of a block of samples, read feature by feature.</summary>
internal readonly ref struct TargetRows
{
    private readonly ReadOnlySpan<float> _targets;
    private readonly ReadOnlySpan<int> _labels;
    private readonly int _features;

    public TargetRows(Batch batch, int firstSample, int samples)
    {
        _features = batch.TargetFeatures;
        if (_features == 0)
            _labels = batch.Labels.Slice(firstSample, samples);
        else
            _targets = batch.Targets.Slice(firstSample * _features, samples * _features);
    }

    /// <summary>Copies the targets of one feature; labels are their own value.</summary>
    public void Read(int feature, Span<float> row)
    {
        for (var c = 0; c < row.Length; c++)
            row[c] = _features == 0 ? _labels[c] : _targets[(c * _features) + feature];
    }
}
