using System.ComponentModel;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>
/// The shape of panels and packed weights on this processor; kernels choose their path by the same tests.
/// A panel row is <see cref="MaxVectors"/> vectors at most, and a block of <see cref="DepthBlock"/> rows fits the first-level cache.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PanelGeometry
{
    /// <summary>Floats per vector: 16, 8 or 4; 4 on the scalar path.</summary>
    public static int Lanes => Has512 ? 16 : Has256 ? 8 : 4;

    /// <summary>Most vectors per panel row: 4 with 32 registers of 512 bits, else 2.</summary>
    public static int MaxVectors => Has512 ? 4 : 2;

    /// <summary>Most floats per panel row.</summary>
    public static int MaxWidth => Lanes * MaxVectors;

    /// <summary>
    /// Most vectors per row of a strip that lists are multiplied by: one accumulator each, as many as hide the latency of a multiply-add.
    /// </summary>
    public const int StripVectors = 8;

    /// <summary>
    /// Samples per block of a strip: with a whole row of vectors, a block takes half of the first-level cache or two thirds of it.
    /// </summary>
    internal const int StripSamples = 64;

    /// <summary>Columns of the weights (K) per block of a packed format; at most 256, so that positions in a block fit a byte.</summary>
    public static int DepthBlock => Has512 ? 128 : 256;

    /// <summary>The name of the path in use, for reports.</summary>
    public static string Name =>
        Has512 ? "AVX-512"
        : Has256 ? "AVX2"
        : Has128 ? "128-bit"
        : "scalar";

    /// <summary>Whether vectors have 512 bits.</summary>
    internal static bool Has512 => Avx512F.IsSupported;

    /// <summary>Whether they have 256 bits, if not 512.</summary>
    internal static bool Has256 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Whether they have 128 bits, if not more; else there are none.</summary>
    internal static bool Has128 => Vector128.IsHardwareAccelerated;
}
