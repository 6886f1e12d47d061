namespace SparseSharp;

/// <summary>Which blocks of a layer's weights exist, and how that is decided.</summary>
public enum BlockKind
{
    /// <summary>
    /// A product of four bipartite graphs (Vooturi et al., 2020), of which the sparse ones are proven to be Ramanujan graphs at compile
    /// time. Fixed before training; only kept weights exist.
    /// </summary>
    RBGP4,

    /// <summary>
    /// Blocks of one size, those with the largest sums of squares. Chosen when the layer gets its weights; only kept weights exist.
    /// </summary>
    Uniform,

    /// <summary>
    /// Large blocks and small ones (after HBsNN, Vooturi et al., 2018), pruned by magnitude on a schedule while training.
    /// </summary>
    Hierarchical,

    /// <summary>
    /// Blocks of one size with a trainable scale each (DBSR, Vooturi et al., 2019); those whose scale falls to zero are dropped, or, given
    /// a sparsity, those that are smallest with their scale, on a schedule while training.
    /// </summary>
    Learned,
}
