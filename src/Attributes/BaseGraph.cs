namespace SparseSharp;

/// <summary>
/// How the sparse factors of an RBGP4 layer are made. Whatever the way, every factor is proven to be a Ramanujan graph at compile time.
/// </summary>
public enum BaseGraph
{
    /// <summary>
    /// A lift of a complete graph along products in a finite field: no search for most shapes, and the widest spectral gap.
    /// </summary>
    GfLift,

    /// <summary>
    /// Random 2-lifts of a complete graph, one upon the other (Bilu and Linial, 2006; Marcus, Spielman and Srivastava, 2015).
    /// </summary>
    Lift2,

    /// <summary>A sum of disjoint random permutations, for square factors with three or more entries in a row.</summary>
    Permutation,

    /// <summary>A lift of a complete graph by random cyclic shifts.</summary>
    Shift,
}
