namespace SparseSharp.Matrices;

/// <summary>Names under which layers remember their state, as checkpoints have them.</summary>
internal static class StateNames
{
    /// <summary>Master weights, <c>[rows, columns]</c>.</summary>
    public const string Weight = "weight";

    /// <summary>The bias, <c>[rows]</c>.</summary>
    public const string Bias = "bias";

    /// <summary>The mask.</summary>
    public const string Mask = "weight_mask";

    /// <summary>Which kept weights the gradient of the input uses.</summary>
    public const string SecondMask = "weight_second_mask";

    /// <summary>Weights that get a gradient although they are masked.</summary>
    public const string ReachedMask = "weight_reached_mask";

    /// <summary>The factor of the weights in use.</summary>
    public const string Scale = "weight_scale";

    /// <summary>Whether a matrix with a mask runs without it.</summary>
    public const string MaskOff = "mask_off";

    /// <summary>Bits that the last refresh of the mask changed.</summary>
    public const string Flips = "mask_flips";

    /// <summary>Whether masked weights have stopped to learn.</summary>
    public const string Frozen = "mask_frozen";

    /// <summary>Factors of blocks.</summary>
    public const string BlockScales = "block_scales";

    /// <summary>Parameters of learned thresholds.</summary>
    public const string Threshold = "threshold";
}
