using System.Numerics.Tensors;

namespace SparseSharp.Pruning;

/// <summary>
/// The kept weights that have the smallest error on the calibration inputs, in closed form: a linear system per output row, because every
/// row has a support of its own. With H of the inputs and the support P, <c>w'_P = (H_PP + ρ·I)⁻¹ · (H·w)_P</c>.
/// </summary>
internal static class LeastSquares
{
    /// <summary>ρ relative to the mean of the diagonal of H: what makes up for inputs that are always 0, or equal.</summary>
    private const double Ridge = 1e-6;

    /// <summary>Solves all rows.</summary>
    /// <param name="moments">Of the layer's inputs; centered ones where the bias is free.</param>
    /// <param name="weight">Weights to stay close to in effect, <c>[rows, columns]</c>.</param>
    /// <param name="mask">Which ones are kept.</param>
    /// <param name="solved">Receives the weights, 0 where masked.</param>
    /// <param name="ridge">ρ relative to the mean of the diagonal of H.</param>
    public static void Solve(LayerMoments moments, float[] weight, Mask mask, float[] solved, double ridge = Ridge)
    {
        var mean = 0.0;
        for (var i = 0; i < moments.Features; i++)
            mean += moments.Products(i)[i] / moments.Features;
        if (mean == 0)
        {
            // Without any input every weight is as good as another.
            weight.CopyTo(solved, 0);
            mask.Clear(solved);
            return;
        }
        Parallel.For(
            0, mask.Rows, LayerMoments.Workers,
            () => new double[mask.Columns * mask.Columns],
            (row, _, matrix) =>
            {
                SolveRow(moments, weight, mask, row, ridge * mean, matrix, solved);
                return matrix;
            },
            _ => { });
    }

    private static void SolveRow(LayerMoments moments, float[] weight, Mask mask, int row, double ridge, double[] matrix, float[] solved)
    {
        var columns = mask.Columns;
        var own = new double[columns];
        TensorPrimitives.ConvertChecked<float, double>(weight.AsSpan(row * columns, columns), own);
        var support = Enumerable.Range(0, columns).Where(column => mask[row, column]).ToArray();
        var values = new double[support.Length];
        for (var i = 0; i < support.Length; i++)
        {
            var products = moments.Products(support[i]);
            for (var j = 0; j <= i; j++)
                matrix[(i * support.Length) + j] = products[support[j]];
            matrix[(i * support.Length) + i] += ridge;
            values[i] = TensorPrimitives.Dot(products, own);
        }
        var target = solved.AsSpan(row * columns, columns);
        target.Clear();
        var isSolved = Cholesky.Solve(matrix, values);
        for (var i = 0; i < support.Length; i++)
            target[support[i]] = (float)(isSolved ? values[i] : own[support[i]]);
    }
}
