using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        Augmentation = 5,
        Calibration = 6,
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

    /// <summary>Seed of the random numbers of one training pass: dropout and pruned gradients.</summary>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="pass">Number of the pass, from 0.</param>
    public static ulong PassKey(ulong seed, long pass)
    {
        var (a, b, _, _) = Next(seed, (uint)pass, (uint)(pass >> 32), 0, (uint)Purpose.Dropout);
        return a | ((ulong)b << 32);
    }

    /// <summary>A uniform number in [0, 1) with 24 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Uniform(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>
    /// The uniform numbers of counters that are a fixed distance apart: word <c>w</c> of counter <c>first + l·distance</c> goes to
    /// <c>uniforms[w·lanes + l]</c>.
    /// </summary>
    /// <param name="seed">The key.</param>
    /// <param name="first">First word of the first counter.</param>
    /// <param name="distance">From one counter to the next, in its first word.</param>
    /// <param name="lanes">Counters; a multiple of 4.</param>
    /// <param name="c1">Second word of all counters.</param>
    /// <param name="c2">Third word.</param>
    /// <param name="purpose">Fourth word.</param>
    /// <param name="uniforms">Receives four numbers per counter.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Uniforms(ulong seed, uint first, uint distance, int lanes, uint c1, uint c2, Purpose purpose, float* uniforms)
    {
        for (var lane = 0; lane < lanes; lane += 4, first += 4 * distance, uniforms += 4)
        {
            if (Avx2.IsSupported)
            {
                FourCounters(seed, first, distance, lanes, c1, c2, purpose, uniforms);
                continue;
            }
            for (var l = 0; l < 4; l++)
            {
                var (a, b, c, d) = Next(seed, first + ((uint)l * distance), c1, c2, (uint)purpose);
                uniforms[l] = Uniform(a);
                uniforms[lanes + l] = Uniform(b);
                uniforms[(2 * lanes) + l] = Uniform(c);
                uniforms[(3 * lanes) + l] = Uniform(d);
            }
        }
    }

    /// <summary>
    /// A counter in each lane of 64 bits; a multiplication reads the low half alone, so what is above it may be anything.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void FourCounters(
        ulong seed, uint first, uint distance, int stride, uint c1, uint c2, Purpose purpose, float* uniforms)
    {
        var x0 = Vector256.Create((ulong)first) + (Vector256.Create(0UL, 1, 2, 3) * distance);
        var x1 = Vector256.Create((ulong)c1);
        var x2 = Vector256.Create((ulong)c2);
        var x3 = Vector256.Create((ulong)purpose);
        var k0 = (uint)seed;
        var k1 = (uint)(seed >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = Avx2.Multiply(x0.AsUInt32(), Vector256.Create(0xD2511F53UL).AsUInt32());
            var p1 = Avx2.Multiply(x2.AsUInt32(), Vector256.Create(0xCD9E8D57UL).AsUInt32());
            (x0, x1, x2, x3) = ((p1 >> 32) ^ x1 ^ Vector256.Create((ulong)k0), p1, (p0 >> 32) ^ x3 ^ Vector256.Create((ulong)k1), p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        Store(Vector256.Narrow(x0, x1), uniforms, stride);
        Store(Vector256.Narrow(x2, x3), uniforms + (2 * stride), stride);

        static void Store(Vector256<uint> words, float* target, int stride)
        {
            var values = Vector256.ConvertToSingle((words >> 8).AsInt32()) * (1f / (1 << 24));
            values.GetLower().Store(target);
            values.GetUpper().Store(target + stride);
        }
    }
}
