namespace SparseSharp.Masks.Search;

/// <summary>
/// Transposable 1:2: a 2x2 tile keeps its diagonal or its anti-diagonal, of equal ones the diagonal. Row 0 of the mask is then the row-wise
/// 1:2 mask of the sums that contain each of its weights, row 1 the opposite.
/// </summary>
internal static unsafe class PairScan
{
    private const int WordColumns = 64;

    /// <summary>Finds the mask of rows <paramref name="row"/> and <paramref name="row"/> + 1; the columns are even.</summary>
    public static void Find(float* weight, int columns, int row, Mask mask)
    {
        var upper = weight + ((nint)row * columns);
        var lower = upper + columns;
        var sums = stackalloc float[WordColumns];
        for (var word = 0; word < mask.WordsPerRow; word++)
        {
            var start = word * WordColumns;
            var count = Math.Min(WordColumns, columns - start);
            for (var i = 0; i < count; i++)
                sums[i] = Math.Abs(upper[start + i]) + Math.Abs(lower[start + (i ^ 1)]);
            RowMagnitude.Find(1, 2, sums, count, mask.Row(row).Slice(word, 1));
            var inside = count == WordColumns ? ulong.MaxValue : (1UL << count) - 1;
            mask.Row(row + 1)[word] = ~mask.Row(row)[word] & inside;
        }
    }
}
