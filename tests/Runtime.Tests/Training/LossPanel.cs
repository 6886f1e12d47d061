using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Training;

/// <summary>A panel of model outputs with targets, and what a loss makes of it.</summary>
internal sealed unsafe class LossPanel : IDisposable
{
    private readonly PinnedBuffer<float> _output;
    private readonly PinnedBuffer<float> _gradient;

    public LossPanel(int features, int width, int samples, int targetFeatures, int seed, float spread = 3)
    {
        Features = features;
        Width = width;
        Samples = samples;
        _output = new PinnedBuffer<float>(features * width);
        _gradient = new PinnedBuffer<float>(features * width);
        Batch = new Batch(FirstSample + samples, 1, targetFeatures) { Count = FirstSample + samples };
        var random = new Random(seed);
        // What a model leaves in padding columns is anything, so it must not matter.
        for (var f = 0; f < features; f++)
        {
            for (var c = 0; c < width; c++)
                Output[(f * width) + c] = c < samples ? spread * (float)((random.NextDouble() * 2) - 1) : float.NaN;
        }
        foreach (ref var label in Batch.Labels)
            label = random.Next(Math.Max(features, 2));
        foreach (ref var target in Batch.Targets)
            target = (float)random.NextDouble();
        _gradient.Span.Fill(float.NaN);
    }

    /// <summary>The panel begins inside its batch.</summary>
    public const int FirstSample = 5;

    public int Features { get; }

    public int Width { get; }

    public int Samples { get; }

    public Batch Batch { get; }

    public Span<float> Output => _output.Span;

    public ReadOnlySpan<float> Gradient => _gradient.Span;

    public PanelLoss Evaluate(Loss loss, float scale = 1) =>
        loss.Evaluate(_output.Pointer, _gradient.Pointer, Features, Width, Samples, Batch, FirstSample, scale);

    public double[] Column(int sample) => [.. Enumerable.Range(0, Features).Select(f => (double)Output[(f * Width) + sample])];

    public int Label(int sample) => Batch.Labels[FirstSample + sample];

    public double[] Targets(int sample) =>
        [.. Batch.Targets.Slice((FirstSample + sample) * Batch.TargetFeatures, Batch.TargetFeatures).ToArray().Select(t => (double)t)];

    public void Dispose()
    {
        _output.Dispose();
        _gradient.Dispose();
        Batch.Dispose();
    }
}
