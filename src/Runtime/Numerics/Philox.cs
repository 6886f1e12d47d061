using System.Runtime.CompilerServices;

namespace SparseSharp.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon et al., 2011): random numbers as a function of a key and a counter, so that they do not depend on the order
/// or the number of threads in which they are asked for.
/// </summary>
internal static class Philox
{
    /// <summary>Uses of random numbers, the last word of a counter: streams of different purposes never overlap.</summary>
    public enum Purpose : uint
    {
        Initialisation = 0,
        Estimator = 1,
        Dropout = 2,
        Shuffle = 3,
        SyntheticData = 4,
    }

    /// <summary>Four random words of one counter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint A, uint B, uint C, uint D) Next(ulong seed, uint c0, uint c1, uint c2, uint c3)
    {
        var k0 = (uint)seed;
        var k1 = (uint)(seed >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>Word <paramref name="index"/> of a stream.</summary>
    public static uint Word(ulong seed, ulong index, uint stream, Purpose purpose)
    {
        var (a, b, c, d) = Next(seed, (uint)(index >> 2), (uint)(index >> 34), stream, (uint)purpose);
        return (index & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
    }

    /// <summary>A uniform number in [0, 1) with 24 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Uniform(uint word) => (word >> 8) * (1f / (1 << 24));
}
