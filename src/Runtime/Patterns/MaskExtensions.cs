using SparseSharp.Masks.Search;

namespace SparseSharp;

/// <summary>Masks and patterns: finding a mask that follows one, and checking whether a mask does.</summary>
public static class MaskExtensions
{
    extension(Mask)
    {
        /// <summary>
        /// The N:M mask that keeps the largest magnitudes. A row-wise pattern keeps the N largest of every M consecutive weights of a row,
        /// of equal ones those with the lowest column. A transposable one keeps the N weights per row and column of every M by M tile whose
        /// sum is largest, exactly: by scoring all patterns where M is 2 or 4 (Hu et al., 2024), else by greedy choice (Hubara et al.,
        /// 2021) improved to the optimum.
        /// </summary>
        /// <param name="weight">Weights <c>[rows, columns]</c>, row-major.</param>
        /// <param name="rows">Output features; divisible by M if the pattern is transposable.</param>
        /// <param name="columns">Input features; divisible by M.</param>
        /// <param name="pattern">The pattern.</param>
        /// <param name="previous">An earlier mask to start from, or null: where several masks are equally good, fewer weights
        /// change.</param>
        /// <exception cref="ArgumentException">The pattern does not fit the shape, or a length or shape is not the one given.</exception>
        /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite.</exception>
        public static unsafe Mask Magnitude(ReadOnlySpan<float> weight, int rows, int columns, NMPattern pattern, Mask? previous = null)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            var mask = new Mask(rows, columns);
            mask.CheckWeight(weight);
            pattern.Check(columns, rows);
            if (previous is not null)
                mask.CheckShape(previous, nameof(previous));
            fixed (float* first = weight)
                MaskSearch.Find(pattern.Shape, first, columns, 0, rows, mask, previous, nameof(weight));
            return mask;
        }
    }

    extension(Mask mask)
    {
        /// <summary>
        /// Whether the mask keeps exactly N of every M consecutive weights of a row and, if the pattern is transposable, of every column of
        /// a tile.
        /// </summary>
        /// <param name="pattern">The pattern.</param>
        /// <exception cref="ArgumentException">The pattern is not possible for a matrix of this shape.</exception>
        public bool Follows(NMPattern pattern)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            return pattern.FirstFault(mask) is null;
        }

        /// <summary>Throws unless the mask has a shape and follows a pattern; the message names the first group that does not.</summary>
        internal void Check(SparsityPattern pattern, int rows, int columns)
        {
            if (mask.Rows != rows || mask.Columns != columns)
                throw new ArgumentException($"The mask is [{mask.Rows}, {mask.Columns}], the weights are [{rows}, {columns}].");
            if (pattern.FirstFault(mask) is { } fault)
                throw new ArgumentException($"The mask is not {pattern}: {fault}. Mask.Magnitude finds a mask that is.");
        }
    }
}
