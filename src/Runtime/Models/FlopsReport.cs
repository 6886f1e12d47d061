using System.Globalization;

namespace SparseSharp;

/// <summary>
/// Floating-point operations of a model beside those of the same model without zeros, as AutoSparse counts them (Kundu et al., 2023): a
/// dense step of a layer is three products of equal size; forward and gradient of the input need the kept share of them, the weight
/// gradient the share of weights that get one. It says nothing of time.
/// </summary>
/// <param name="Layers">One entry per layer.</param>
public sealed record FlopsReport(IReadOnlyList<LayerFlops> Layers)
{
    /// <summary>Operations of a dense forward pass of one sample.</summary>
    public long DenseInference => Layers.Sum(layer => layer.DenseInference);

    /// <summary>Share of <see cref="DenseInference"/> that is left: the density, weighted by the work of the layers.</summary>
    public double InferenceRatio => Weighted(layer => layer.InferenceRatio);

    /// <summary>Share of the operations of a dense training that the training took so far.</summary>
    public double TrainingRatio => Weighted(layer => layer.TrainingRatio);

    /// <summary>For example <c>inference 0.140 of dense (1/7.1), training 0.427 (1/2.3)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"inference {InferenceRatio:0.000} of dense (1/{1 / InferenceRatio:0.0}), training {TrainingRatio:0.000} (1/{1 / TrainingRatio:0.0})");

    /// <summary>Whether another report says the same of the same layers.</summary>
    public bool Equals(FlopsReport? other) => other is not null && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => Layers.Count;

    /// <summary>A mean by the work of the layers; 1 where no layer has a product.</summary>
    private double Weighted(Func<LayerFlops, double> ratio) =>
        DenseInference == 0 ? 1 : Layers.Sum(layer => layer.DenseInference * ratio(layer)) / DenseInference;
}

/// <summary>One layer of a <see cref="FlopsReport"/>.</summary>
/// <param name="Path">Property path from the model.</param>
/// <param name="DenseInference">Operations of a dense forward pass of one sample, multiply and add counted as two.</param>
/// <param name="InferenceRatio">Share of them that is left: the density.</param>
/// <param name="TrainingRatio">Share of the operations of a dense training, a mean over its steps so far.</param>
public sealed record LayerFlops(string Path, long DenseInference, double InferenceRatio, double TrainingRatio);
