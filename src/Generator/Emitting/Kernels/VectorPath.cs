namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>How the same micro-kernel is written for one vector width.</summary>
/// <param name="Bits">Vector width; part of method names.</param>
/// <param name="MaxVectors">Most vectors per panel row: as many as the registers hold beside a tile's accumulators.</param>
/// <param name="Test">Expression that is true where this path runs, checked in order of width.</param>
/// <param name="FusedMultiplyAdd">Function of (a, x, sum).</param>
/// <param name="Maximum">Function of two vectors that returns the second where either is not a number.</param>
/// <param name="KeepsGradientRows">Whether a gradient kernel has registers for the rows of the output's gradient.</param>
internal sealed record VectorPath(
    int Bits, int MaxVectors, string Test, string FusedMultiplyAdd, string Maximum, bool KeepsGradientRows)
{
    public static readonly VectorPath[] All =
    [
        new(512, 4, "Avx512F.IsSupported", "Avx512F.FusedMultiplyAdd", "Avx512F.Max", true),
        new(256, 2, "Avx2.IsSupported && Fma.IsSupported", "Fma.MultiplyAdd", "Avx.Max", false),
        new(128, 2, "Vector128.IsHardwareAccelerated", "Vector128.MultiplyAddEstimate", "Vector128.MaxNative", false),
    ];

    public int Lanes => Bits / 32;

    public string Class => $"Vector{Bits}";

    public string Type => $"Vector{Bits}<float>";

    public string Load(string reference, int offset) =>
        offset == 0 ? $"{Class}.LoadUnsafe(ref {reference})" : $"{Class}.LoadUnsafe(ref {reference}, {offset})";

    public string Add(string a, string x, string sum) => $"{FusedMultiplyAdd}({a}, {x}, {sum})";

    /// <summary>Four floats, repeated in every 128 bits of a vector.</summary>
    public string LoadStep(string reference) => $"VectorLanes.Repeat{Bits}(ref {reference})";

    /// <summary>One of four repeated floats in all lanes.</summary>
    public string Lane(string step, int lane) => Bits switch
    {
        512 => $"Avx512F.Permute4x32({step}, {0x55 * lane})",
        256 => $"Avx.Permute({step}, {0x55 * lane})",
        _ => $"Vector128.Shuffle({step}, Vector128.Create({lane}))",
    };
}
