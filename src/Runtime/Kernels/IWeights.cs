using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>How the weights of a stream are stored: as many in a word as the type has bytes.</summary>
internal interface IWeights
{
    /// <summary>The weight that has this number, in the word that it lies in.</summary>
    static abstract float Value(uint word, nint number);
}

/// <summary>As floats.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct Floats : IWeights
{
    public static float Value(uint word, nint number) => BitConverter.UInt32BitsToSingle(word);
}

/// <summary>As bfloat16 values, the earlier one in the lower half of a word.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Halves : IWeights
{
    public static float Value(uint word, nint number) => BitConverter.UInt32BitsToSingle(number % 2 == 0 ? word << 16 : word & 0xFFFF0000u);
}
