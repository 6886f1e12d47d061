namespace SparseSharp;

/// <summary>The gradient rule and the refresh of an N:M mask while training.</summary>
public enum MaskPolicy
{
    /// <summary>
    /// The mask is found once, from the initial or loaded weights; only kept weights exist, have a gradient and are updated.
    /// </summary>
    Static,

    /// <summary>Straight-through: the dense gradient updates dense master weights, and the mask follows their magnitudes.</summary>
    StraightThrough,

    /// <summary>
    /// Straight-through with decay of masked weights (SR-STE, Zhou et al., 2021), which keeps the mask from flipping back and forth.
    /// </summary>
    SrSte,

    /// <summary>
    /// S-STE (Hu et al., 2024): every kept weight is brought down by the largest magnitude that its group masks, and all are scaled by a
    /// factor that is fixed at the start, so that the weights in use change continuously. The dense gradient updates dense master weights.
    /// Row-wise patterns only.
    /// </summary>
    SoftThreshold,

    /// <summary>
    /// STEP (Lu et al., 2023), for Adam and AdamW only: the layer trains dense until the second moments of its weights have settled; from
    /// then on they stay as they are, and the weights train under a mask that follows their magnitudes, straight-through.
    /// </summary>
    Step,

    /// <summary>
    /// Between refreshes as <see cref="Static"/>: only kept weights exist, so a whole step runs at sparse speed. A refresh step also
    /// computes the dense gradient, which scores the masked weights (as RigL does, Evci et al., 2020) against the magnitudes of kept ones
    /// in the search for the next mask. Weights that come back start at 0.
    /// </summary>
    Regrow,

    /// <summary>
    /// Bi-Mask (Zhang et al., 2023): as <see cref="SrSte"/>, but the gradient of the input uses a part of the kept weights only: after a
    /// permutation of the output features at most N of every M consecutive weights of a column. That makes it cheaper, and inexact.
    /// Row-wise patterns only.
    /// </summary>
    BiMask,
}
