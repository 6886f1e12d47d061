namespace SparseSharp.Masks;

/// <summary>
/// What a search for an N:M mask has to know: N of every M consecutive weights of a row and, where transposable, of every column of a tile.
/// </summary>
/// <param name="Keep">N.</param>
/// <param name="Group">M.</param>
/// <param name="Transposable">Whether every M by M tile keeps N weights per row and per column.</param>
internal readonly record struct NMShape(int Keep, int Group, bool Transposable);
