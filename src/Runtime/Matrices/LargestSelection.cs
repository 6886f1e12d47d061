using System.Runtime.CompilerServices;

namespace SparseSharp.Matrices;

/// <summary>Values to rank, as numbers whose order is theirs.</summary>
internal interface IRanked
{
    /// <summary>How many there are.</summary>
    int Length { get; }

    /// <summary>The rank of one of them.</summary>
    uint this[int index] { get; }
}

/// <summary>What divides the largest values from the others.</summary>
/// <param name="Rank">Values of a higher rank are among the largest.</param>
/// <param name="Ties">Of those of this rank the first ones, so many.</param>
internal record struct Cut(uint Rank, long Ties)
{
    /// <summary>Whether the next value, in order, is among the largest.</summary>
    public bool Takes(uint rank) => rank > Rank || (rank == Rank && Ties-- > 0);
}

/// <summary>
/// Finds the k largest of many values exactly, by counting upper halves of ranks, then the lower halves of those that share the upper one
/// of the k-th.
/// </summary>
internal sealed class LargestSelection
{
    private const int HalfBits = 16;

    private readonly long[] _counts = new long[1 << HalfBits];

    /// <summary>The cut below the <paramref name="keep"/> largest values of all sources together.</summary>
    /// <param name="sources">The values.</param>
    /// <param name="keep">How many to take, at least 1 and at most all.</param>
    public Cut Find<TRanked>(ReadOnlySpan<TRanked> sources, long keep)
        where TRanked : struct, IRanked
    {
        Array.Clear(_counts);
        foreach (var source in sources)
        {
            for (var i = 0; i < source.Length; i++)
                _counts[source[i] >> HalfBits]++;
        }
        var upper = Pass(ref keep);

        Array.Clear(_counts);
        foreach (var source in sources)
        {
            for (var i = 0; i < source.Length; i++)
            {
                var rank = source[i];
                if (rank >> HalfBits == upper)
                    _counts[rank & ((1 << HalfBits) - 1)]++;
            }
        }
        return new(upper << HalfBits | Pass(ref keep), keep);
    }

    /// <summary>The half in which the value that is looked for lies; <paramref name="keep"/> counts on from there.</summary>
    private uint Pass(ref long keep)
    {
        var half = _counts.Length - 1;
        while (_counts[half] < keep)
            keep -= _counts[half--];
        return (uint)half;
    }
}

/// <summary>Magnitudes of weights.</summary>
internal readonly unsafe struct Magnitudes(float* weight, int length) : IRanked
{
    public int Length => length;

    public uint this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Of(weight[index]);
    }

    public static uint Of(float weight) => BitConverter.SingleToUInt32Bits(weight) & 0x7FFF_FFFF;
}

/// <summary>By how much magnitudes exceed the thresholds of their weights, <c>u = |w| - g</c>.</summary>
/// <param name="weight">Weights, row by row.</param>
/// <param name="length">How many there are.</param>
/// <param name="columns">Weights of a row.</param>
/// <param name="thresholds">The thresholds g.</param>
internal readonly unsafe struct Excesses(float* weight, int length, int columns, ThresholdValues thresholds) : IRanked
{
    public int Length => length;

    /// <summary>The bits of a float, turned so that negative ones come first and in their order.</summary>
    public uint this[int index]
    {
        get
        {
            var bits = BitConverter.SingleToInt32Bits(MathF.Abs(weight[index]) - thresholds.At(index / columns, index));
            return (uint)(bits ^ (bits >> 31 | int.MinValue));
        }
    }
}
