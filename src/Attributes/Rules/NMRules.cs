namespace SparseSharp.Rules;

/// <summary>What makes an N:M pattern valid, shared by the compiler checks and the runtime.</summary>
internal static class NMRules
{
    /// <summary>The largest group that masks are found for.</summary>
    public const int MaximumGroup = 32;

    /// <summary>Weights below which a sparse layer is not faster than a dense one, so that sparsity only costs accuracy.</summary>
    public const int SmallestLayer = 64 * 64;

    /// <summary>Optimizer steps between mask searches where the user gave none: 40 for transposable masks (Hu et al., 2024), else every step.</summary>
    public static int DefaultRefresh(bool transposable) => transposable ? 40 : 1;

    public static bool IsValid(int keep, int group) => keep > 0 && keep < group && group <= MaximumGroup;

    public static bool Divides(int group, int features) => features % group == 0;
}
