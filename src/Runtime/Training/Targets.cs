namespace SparseSharp.Training;

/// <summary>Targets to check, and where they are.</summary>
internal readonly ref struct Targets
{
    private Targets(ReadOnlySpan<int> labels, ReadOnlySpan<float> values, int features, string place)
    {
        Labels = labels;
        Values = values;
        Features = features;
        Place = place;
    }

    /// <summary>One label per sample, empty where targets are values.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>Values <c>[samples, Features]</c>, empty where targets are labels.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>Values per sample, 0 where targets are labels.</summary>
    public int Features { get; }

    /// <summary>What the samples are in, for a message: <c>batch</c>, <c>training data</c>.</summary>
    public string Place { get; }

    /// <summary>Those of a batch.</summary>
    public static Targets Of(Batch batch) => new(batch.Labels, batch.Targets, batch.TargetFeatures, "batch");

    /// <summary>Those of all samples of a dataset.</summary>
    public static Targets Of(Dataset data, string place) => new(data.Labels, data.Targets, data.TargetFeatures, place);
}
