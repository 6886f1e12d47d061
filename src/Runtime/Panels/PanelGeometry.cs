using System.ComponentModel;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>
/// The shape of panels and packed weights on this processor; generated kernels choose their path by the same tests.
/// A panel row is <see cref="MaxVectors"/> vectors at most, and a block of <see cref="DepthBlock"/> rows fits the first-level cache.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PanelGeometry
{
    /// <summary>Floats per vector: 16, 8 or 4; 4 on the scalar path.</summary>
    public static int Lanes => Avx512F.IsSupported ? 16 : Avx2.IsSupported && Fma.IsSupported ? 8 : 4;

    /// <summary>Most vectors per panel row: 4 with 32 registers of 512 bits, else 2.</summary>
    public static int MaxVectors => Avx512F.IsSupported ? 4 : 2;

    /// <summary>Most floats per panel row.</summary>
    public static int MaxWidth => Lanes * MaxVectors;

    /// <summary>Most vectors per row of a strip that lists are multiplied by: one accumulator each, as many as hide the latency of a multiply-add.</summary>
    public const int StripVectors = 8;

    /// <summary>Samples per block of a strip: with a whole row of vectors, a block takes half of the first-level cache or two thirds of it.</summary>
    internal const int StripSamples = 64;

    /// <summary>Columns of the weights (K) per block of a packed format; at most 256, so that positions in a block fit a byte.</summary>
    public static int DepthBlock => Avx512F.IsSupported ? 128 : 256;

    /// <summary>The name of the path in use, for reports.</summary>
    public static string Name =>
        Avx512F.IsSupported ? "AVX-512"
        : Avx2.IsSupported && Fma.IsSupported ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "128-bit"
        : "scalar";

    /// <summary>Rows that a value of so many features occupies: blocks of four rows may be written whole.</summary>
    internal static int PaddedRows(int features) => (features + 3) & ~3;
}
