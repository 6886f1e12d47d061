using SparseSharp;

namespace Digits;

/// <summary>What was measured of one model.</summary>
/// <param name="Name">Name of the model in the JSON report.</param>
/// <param name="Title">Name of the model for people.</param>
/// <param name="Seed">Seed of weights and shuffling.</param>
/// <param name="TestAccuracy">Share of test images predicted correctly after the last epoch.</param>
/// <param name="SecondsPerEpoch">Training time of an epoch, without evaluation; the median, or null for a model that was not
/// trained.</param>
/// <param name="InferencePerSecond">Test images predicted per second.</param>
/// <param name="Layers">One entry per layer.</param>
/// <param name="FileBytes">Size of the saved model.</param>
/// <param name="Parameters">Numbers that were trained and are in the file.</param>
/// <param name="Indexes">What the layers with blocks need to say where their weights are.</param>
/// <param name="Flops">Operations of an annealed model and of its training, beside those of a dense one; else null.</param>
/// <param name="ReloadsExactly">Whether the model that was read back from its file predicted the same bits.</param>
internal sealed record Result(
    string Name,
    string Title,
    ulong Seed,
    double TestAccuracy,
    double? SecondsPerEpoch,
    double InferencePerSecond,
    IReadOnlyList<LayerDensity> Layers,
    long FileBytes,
    long Parameters,
    IReadOnlyList<BlockIndex> Indexes,
    FlopsReport? Flops,
    bool ReloadsExactly)
{
    /// <summary>Kept share of all weights.</summary>
    public double Density => Layers.Sum(layer => layer.Density * layer.Weights) / Layers.Sum(layer => layer.Weights);
}

/// <summary>The density of one layer.</summary>
/// <param name="Path">Property path of the layer.</param>
/// <param name="Density">Kept share of its weights.</param>
/// <param name="Weights">Number of its weights, masked ones included.</param>
internal sealed record LayerDensity(string Path, double Density, int Weights);
