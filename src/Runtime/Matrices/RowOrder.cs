namespace SparseSharp.Matrices;

/// <summary>Puts rows in the order of how many weights they keep, fullest first; of equally full ones the first goes first.</summary>
internal static unsafe class RowOrder
{
    /// <summary>Most weights that a row keeps in a block of depth.</summary>
    private const int MostWeights = 256;

    /// <summary>Writes the order of some rows.</summary>
    /// <param name="counts">Weights that each keeps, at most 256.</param>
    /// <param name="first">Number of the first one.</param>
    /// <param name="order">Receives their numbers.</param>
    public static void Find(ReadOnlySpan<int> counts, int first, int* order)
    {
        var places = stackalloc int[MostWeights + 2];
        new Span<int>(places, MostWeights + 2).Clear();
        foreach (var count in counts)
            places[MostWeights - count + 1]++;
        for (var i = 1; i <= MostWeights; i++)
            places[i] += places[i - 1];
        for (var i = 0; i < counts.Length; i++)
            order[places[MostWeights - counts[i]]++] = first + i;
    }
}
