using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Gradients;

/// <summary>A loss of the library beside its definition in double precision.</summary>
internal sealed record ReferenceLoss(string Name, Loss Loss, bool UsesLabels, Func<double[], double[], double> OfSample)
{
    private const float Smoothing = 0.1f;

    public static IReadOnlyList<ReferenceLoss> All { get; } =
    [
        new("cross-entropy", Loss.SoftmaxCrossEntropy, UsesLabels: true, (x, t) => CrossEntropy(x, t, 0)),
        new("smoothed cross-entropy", Loss.SoftmaxCrossEntropyWith(Smoothing), UsesLabels: true, (x, t) => CrossEntropy(x, t, Smoothing)),
        new("mean squared error", Loss.MeanSquaredError, UsesLabels: false, (x, t) => x.Zip(t, (a, b) => (a - b) * (a - b)).Average()),
        new(
            "binary cross-entropy", Loss.BinaryCrossEntropy, UsesLabels: false,
            (x, t) => x.Zip(t, (a, b) => Math.Log(1 + Math.Exp(a)) - (a * b)).Average()),
    ];

    /// <summary>A batch with random inputs and targets.</summary>
    public Batch MakeBatch(int count, int features, int outputs, int seed)
    {
        var batch = new Batch(count, features, UsesLabels ? 0 : outputs) { Count = count };
        Values.Uniform(batch.Inputs.Length, seed).CopyTo(batch.Inputs);
        foreach (ref var target in batch.Targets)
            target = (Values.Uniform(1, seed++)[0] + 1) / 2;
        foreach (ref var label in batch.Labels)
            label = seed++ * 7 % outputs;
        return batch;
    }

    /// <summary>The mean over the samples of a batch.</summary>
    public double Mean(double[] outputs, Batch batch)
    {
        var features = outputs.Length / batch.Count;
        var sum = 0.0;
        for (var s = 0; s < batch.Count; s++)
        {
            var target = new double[features];
            for (var f = 0; f < features; f++)
                target[f] = UsesLabels ? (batch.Labels[s] == f ? 1 : 0) : batch.Targets[(s * features) + f];
            sum += OfSample(outputs[(s * features)..((s + 1) * features)], target);
        }
        return sum / batch.Count;
    }

    private static double CrossEntropy(double[] outputs, double[] oneHot, double smoothing)
    {
        var logSum = Math.Log(outputs.Sum(Math.Exp));
        return outputs.Zip(oneHot, (x, t) => (((1 - smoothing) * t) + (smoothing / outputs.Length)) * (logSum - x)).Sum();
    }
}
