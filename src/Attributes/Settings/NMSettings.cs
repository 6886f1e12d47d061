namespace SparseSharp.Settings;

/// <summary>What makes an N:M pattern valid, shared by the compiler checks and the runtime.</summary>
internal static class NMSettings
{
    /// <summary>The largest group that masks are found for.</summary>
    public const int MaximumGroup = 32;

    /// <summary>
    /// Weights below which a sparse layer gains little: measured on AVX-512 with transposable 2:4, the three products of a layer together
    /// took 1/1.2 of the dense time at 16 x 16, 1/1.3 at 32 x 32, 1/1.6 at 64 x 64 and 1/1.75 at 256 x 256.
    /// </summary>
    public const int SmallestLayer = 32 * 32;

    /// <summary>Of <see cref="NMSparseAttribute.RegrowShare"/>.</summary>
    public const double DefaultRegrowShare = 0.05;

    /// <summary>Optimizer steps between two searches for the second mask of <see cref="MaskPolicy.BiMask"/> (Zhang et al., 2023).</summary>
    public const int SecondMaskRefresh = 100;

    /// <summary>
    /// Optimizer steps between mask searches where the user gave none: 40 for transposable masks (Hu et al., 2024), else every step. A
    /// search that regrows weights costs a dense gradient, and what it brings back needs time to learn.
    /// </summary>
    public static int DefaultRefresh(MaskPolicy policy, bool transposable) => policy == MaskPolicy.Regrow ? 100 : transposable ? 40 : 1;

    public static bool IsValid(int keep, int group) => keep > 0 && keep < group && group <= MaximumGroup;

    public static bool Divides(int group, int features) => features % group == 0;

    /// <summary>Whether masked weights are pulled to zero.</summary>
    public static bool Decays(MaskPolicy policy) => policy is MaskPolicy.SrSte or MaskPolicy.BiMask;

    /// <summary>Whether masked weights exist and learn; otherwise only the kept ones do, packed, and so is their gradient.</summary>
    public static bool KeepsMaskedWeights(MaskPolicy policy) => policy is not (MaskPolicy.Static or MaskPolicy.Regrow);
}
