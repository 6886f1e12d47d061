using SparseSharp.Data;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Data and comparisons that the tests of the trainer share.</summary>
internal static class TrainingBench
{
    public static Dataset Train { get; } = SyntheticDigits.Generate(300, seed: 1);

    public static Dataset Validation { get; } = SyntheticDigits.Generate(100, seed: 2);

    /// <summary>Everything that a model has learned, as bits.</summary>
    public static uint[] Bits<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> =>
        [.. model.Linears.SelectMany(layer => layer.Weight.ToArray().Concat(layer.Bias.ToArray())).Select(BitConverter.SingleToUInt32Bits),
         .. model.Linears.SelectMany(
             layer => layer.Mask?.Words.ToArray() ?? []).SelectMany(word => (uint[])[(uint)word, (uint)(word >> 32)])];

    /// <summary>Reports without what depends on the clock.</summary>
    public static EpochReport[] Timeless(IEnumerable<EpochReport> reports) =>
        [.. reports.Select(report => report with { Elapsed = TimeSpan.Zero, WaitShare = 0, Layers = [] })];

    /// <summary>A batch with the samples from <paramref name="first"/> on.</summary>
    public static Batch Batch(Dataset data, int first, int count)
    {
        var batch = new Batch(count, data.Features, data.TargetFeatures);
        data.Fill(batch, [.. Enumerable.Range(first, count)], new SampleReader(), seed: 0, epoch: 0);
        return batch;
    }

    /// <summary>Points of a smooth curve.</summary>
    public static Dataset Curve(int count, Func<float, float, float> function, int seed)
    {
        var random = new Random(seed);
        var inputs = Enumerable.Range(0, 2 * count).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();
        var targets = Enumerable.Range(0, count).Select(i => function(inputs[2 * i], inputs[(2 * i) + 1])).ToArray();
        return new Dataset(inputs, 2, targets, 1);
    }
}
