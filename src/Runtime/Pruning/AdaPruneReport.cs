using System.Globalization;
using System.Text;

namespace SparseSharp;

/// <summary>
/// What became of one layer. Errors are mean squares of what its output is off on the calibration inputs, over samples and outputs.
/// </summary>
/// <param name="Path">Property path of the layer.</param>
/// <param name="Pattern">Its N:M pattern.</param>
/// <param name="Plain">Error with the magnitude mask alone.</param>
/// <param name="Absorbed">Error with the mean of the dropped weights in the kept ones; it may be larger than
/// <paramref name="Plain"/>.</param>
/// <param name="LeastSquares">The smallest error that this mask allows: that of the closed form.</param>
/// <param name="Final">Error of the weights that the layer has now.</param>
public sealed record PrunedLayer(string Path, NMPattern Pattern, double Plain, double Absorbed, double LeastSquares, double Final);

/// <summary>What <see cref="AdaPrune"/> did.</summary>
/// <param name="Layers">The layers that were pruned, in the order of the forward pass.</param>
public sealed record AdaPruneReport(IReadOnlyList<PrunedLayer> Layers)
{
    /// <summary>One line per layer, for example <c>Stem, 2:4 transposable: error 1.2E-001 with the plain mask, …</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var layer in Layers)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(
                CultureInfo.InvariantCulture,
                $"{layer.Path}, {layer.Pattern}: error {layer.Plain:E1} with the plain mask, {layer.Absorbed:E1} absorbed, {layer.LeastSquares:E1} at best, {layer.Final:E1} now");
        }
        return text.ToString();
    }
}

/// <summary>The N of N:M that suits the sparsity which a layer already has.</summary>
/// <param name="Path">Property path of the layer.</param>
/// <param name="Sparsity">Share of its weights that are 0.</param>
/// <param name="Keep">Weights to keep of each group; as many as the group has where the layer had better stay dense.</param>
public sealed record KeepSuggestion(string Path, double Sparsity, int Keep);
