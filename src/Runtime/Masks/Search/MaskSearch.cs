using System.Numerics.Tensors;

namespace SparseSharp.Masks.Search;

/// <summary>Finds the N:M mask that keeps the largest magnitudes.</summary>
internal static unsafe class MaskSearch
{
    /// <summary>
    /// Writes the mask of some rows. Calls for different rows may run at the same time, and nothing is allocated after the first call of a
    /// thread.
    /// </summary>
    /// <param name="shape">N and M; M divides the columns and, where transposable, the rows.</param>
    /// <param name="weight">Weights <c>[rows, columns]</c> of the whole matrix, row-major.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="firstRow">First row to do; a multiple of M for a transposable shape.</param>
    /// <param name="rowCount">Rows to do; a multiple of M for a transposable shape.</param>
    /// <param name="mask">Receives the mask; rows outside the range are left alone.</param>
    /// <param name="previous">The mask before, may be <paramref name="mask"/> itself, or null. Where tiles are solved step by step they
    /// start from it: faster, and fewer weights change when several masks are equally good.</param>
    /// <param name="tensor">Name of the weights, for errors.</param>
    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite; the rows from there on are not written.</exception>
    public static void Find(
        NMShape shape, float* weight, int columns, int firstRow, int rowCount, Mask mask, Mask? previous, string tensor)
    {
        // Blocks are checked and searched in turn, so that the search finds its weights in the first-level cache.
        var step = shape.Transposable ? shape.Group : 1;
        for (var row = firstRow; row < firstRow + rowCount; row += step)
        {
            CheckFinite(weight + ((nint)row * columns), step, columns, row, tensor);
            if (!shape.Transposable)
                RowMagnitude.Find(shape.Keep, shape.Group, weight + ((nint)row * columns), columns, mask.Row(row));
            else if (shape.Group == 2)
                PairScan.Find(weight, columns, row, mask);
            else if (shape.Group == TilePatterns.Size)
                TileScan.Find(shape.Keep, weight, columns, row, mask);
            else
                TileSolver.OfThread.Find(shape.Keep, shape.Group, weight, columns, row, mask, previous);
        }
    }

    /// <summary>Throws if rows hold what is no number: a search must not see it.</summary>
    public static void CheckFinite(float* rows, int rowCount, int columns, int firstRow, string tensor)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var values = new ReadOnlySpan<float>(rows + ((nint)row * columns), columns);
            if (TensorPrimitives.IsFiniteAll(values))
                continue;
            var column = 0;
            while (float.IsFinite(values[column]))
                column++;
            throw new NotFiniteNumberException(
                $"{tensor}[{firstRow + row}, {column}] is {values[column]}: no mask can be found. Training has probably diverged: try a "
                    + "lower learning rate or gradient clipping.",
                values[column]);
        }
    }
}
