namespace SparseSharp.Pruning;

/// <summary>Rows of a dense weight matrix that see the same inputs, and their part of the bias.</summary>
/// <param name="Weight">The weights, <c>[rows, columns]</c>.</param>
/// <param name="Bias">A number per row; empty if there is none.</param>
/// <param name="Columns">Columns.</param>
internal sealed record DenseRows(float[] Weight, float[] Bias, int Columns)
{
    public int Rows => Weight.Length / Columns;

    public bool HasBias => Bias.Length > 0;

    /// <summary>The rows of a layer whose groups of outputs see inputs of their own.</summary>
    public static IEnumerable<DenseRows> Of(MatrixLayer layer, int groups)
    {
        var (rows, columns) = (layer.Matrix.Rows / groups, layer.Matrix.Columns);
        var (weight, bias) = (layer.Weights.Values.ToArray(), layer.Bias.ToArray());
        for (var group = 0; group < groups; group++)
        {
            yield return new(
                weight[(group * rows * columns)..((group + 1) * rows * columns)],
                bias.Length == 0 ? [] : bias[(group * rows)..((group + 1) * rows)], columns);
        }
    }
}
