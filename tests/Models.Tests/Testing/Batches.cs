namespace SparseSharp.Models.Tests.Testing;

/// <summary>Batches for classifiers.</summary>
internal static class Batches
{
    public static Batch Of(int samples, int features, int classes, int seed)
    {
        var batch = new Batch(samples, features, targetFeatures: 0) { Count = samples };
        Values.Uniform(samples * features, seed).CopyTo(batch.Inputs);
        for (var i = 0; i < samples; i++)
            batch.Labels[i] = ((i * 7) + seed) % classes;
        return batch;
    }
}
