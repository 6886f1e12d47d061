namespace SparseSharp.Training;

/// <summary>Targets to check, and where they are.</summary>
internal readonly ref struct Targets
{
    private readonly TargetRows _rows;

    private Targets(TargetRows rows, string place)
    {
        _rows = rows;
        Place = place;
    }

    /// <summary>Number of samples.</summary>
    public int Count => _rows.Count;

    /// <summary>What the samples are in, for a message: <c>batch</c>, <c>training data</c>.</summary>
    public string Place { get; }

    /// <summary>The target of a sample.</summary>
    public Target this[int sample] => _rows[sample];

    /// <summary>Those of a batch.</summary>
    public static Targets Of(Batch batch) => new(new TargetRows(batch, 0, batch.Count), "batch");

    /// <summary>Those of all samples of a dataset.</summary>
    public static Targets Of(Dataset data, string place) =>
        new(new TargetRows(data.Labels, data.Targets, data.TargetFeatures, data.Count), place);
}
