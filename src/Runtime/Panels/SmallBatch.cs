using System.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// The shape of passes with a few samples. Their values are sample-major: the features of a sample are consecutive, and samples lie so far
/// apart that kernels can read whole steps of inputs and write whole blocks of outputs.
/// </summary>
internal static class SmallBatch
{
    /// <summary>Features that the distance between samples is rounded up to: no step or block is longer.</summary>
    private const int FeatureStep = 64;

    /// <summary>Floats of a cache line.</summary>
    private const int Line = 16;

    /// <summary>Most samples of such a pass. More are faster in panels: a panel has a sample in every lane of a vector.</summary>
    public static int MaxSamples => PanelGeometry.Lanes / 2;

    /// <summary>Workspace per row of a value and sample, in floats: rows come in fours.</summary>
    public static int FloatsPerRow => (FeatureStep + Line) / 4;

    /// <summary>From a sample to the next: not a power of two, so that samples lie in different sets of the caches.</summary>
    public static nint Stride(int features) => ((features + FeatureStep - 1) & ~(FeatureStep - 1)) + Line;

    /// <summary>Samples that kernels compute for so many; the others are zeros.</summary>
    public static int Padded(int samples) => (int)BitOperations.RoundUpToPowerOf2((uint)samples);

    /// <summary>Moves samples into a slot, zeros after the last feature and for samples that are missing.</summary>
    public static unsafe void Load(in PanelPass pass, float* source, nint distance, int features, int samples, int slot)
    {
        if (pass.Member != 0)
            return;
        var stride = (int)Stride(features);
        fixed (float* target = &pass.Slot(slot))
        {
            for (var s = 0; s < pass.Samples; s++)
            {
                var row = new Span<float>(target + ((nint)s * stride), stride);
                if (s < samples)
                    new ReadOnlySpan<float>(source + (s * distance), features).CopyTo(row);
                row[(s < samples ? features : 0)..].Clear();
            }
        }
    }

    /// <summary>Moves a slot's samples out.</summary>
    public static unsafe void Store(in PanelPass pass, int slot, float* target, int features, int samples)
    {
        if (pass.Member != 0)
            return;
        fixed (float* source = &pass.Slot(slot))
        {
            for (var s = 0; s < samples; s++)
                new ReadOnlySpan<float>(
                    source + (s * Stride(features)), features).CopyTo(new Span<float>(target + ((nint)s * features), features));
        }
    }
}
