using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The soft threshold that AutoSparse learns (Kundu et al., 2023; the formula is that of STR, Kusupati et al., 2020): with <c>g =
/// sigmoid(s)</c> and <c>u = |w| - g</c>, products use <c>sign(w)·max(u, 0)</c>, and a weight is kept where <c>u &gt; 0</c>. Backward it
/// counts as the surrogate <c>sign(w)·(u &gt; 0 ? u : alpha·u)</c>.
/// </summary>
/// <remarks>
/// A weight of exactly 0 gets its share of the gradient all the same, or it could never leave 0 (our deviation). All vectors here are eight
/// floats long, on every processor: sums have one order.
/// </remarks>
internal static unsafe class LearnedThreshold
{
    private const int Lanes = 8;
    private const int WordColumns = 64;

    private static ReadOnlySpan<int> BitOfLane => [1, 2, 4, 8, 16, 32, 64, 128];

    /// <summary>The threshold of a parameter.</summary>
    public static float Value(float s) => (float)(1 / (1 + Math.Exp(-(double)s)));

    /// <summary>Its derivative.</summary>
    public static double Slope(float s)
    {
        var g = 1 / (1 + Math.Exp(-(double)s));
        return g * (1 - g);
    }

    /// <summary>Throws unless all thresholds are finite: one that is not would mask a layer silently.</summary>
    /// <param name="parameters">Some parameters s.</param>
    /// <param name="first">Number of the first one.</param>
    public static void CheckFinite(ReadOnlySpan<float> parameters, int first)
    {
        if (TensorPrimitives.IsFiniteAll(parameters))
            return;
        var index = 0;
        while (float.IsFinite(parameters[index]))
            index++;
        throw new NotFiniteNumberException(
            $"threshold[{first + index}] is {parameters[index]}: no mask can be found. Training has probably diverged: try a lower "
                + "learning rate, a lower ThresholdRate or gradient clipping.",
            parameters[index]);
    }

    /// <summary>Writes the weights in use of one row, and which it keeps.</summary>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="threshold">g: one for all, or one for each weight.</param>
    /// <param name="uniform">Whether it is one for all.</param>
    /// <param name="allowed">Weights that may be kept; empty for all.</param>
    /// <param name="result">Receives the weights in use; may be <paramref name="weight"/> itself.</param>
    /// <param name="kept">Receives the mask of the row.</param>
    public static void Apply(
        float* weight, int columns, float* threshold, bool uniform, ReadOnlySpan<ulong> allowed, float* result, Span<ulong> kept)
    {
        var spare = stackalloc float[3 * Lanes];
        for (var word = 0; word < kept.Length; word++)
        {
            var may = allowed.IsEmpty ? ulong.MaxValue : allowed[word];
            var bits = 0UL;
            var first = word * WordColumns;
            var end = Math.Min(columns, first + WordColumns);
            if (uniform && end - first == WordColumns)
            {
                kept[word] = ApplyToWord(weight + first, *threshold, may, result + first);
                continue;
            }
            for (var i = first; i < end; i += Lanes)
            {
                var own = uniform ? threshold : threshold + i;
                if (i + Lanes <= end)
                {
                    bits |= (ulong)Apply(weight + i, own, uniform, (uint)(may >> (i - first)), result + i) << (i - first);
                    continue;
                }
                // What lies behind the row is 0, which no threshold keeps.
                var rest = end - i;
                new Span<float>(spare, 3 * Lanes).Clear();
                new Span<float>(weight + i, rest).CopyTo(new(spare, Lanes));
                new Span<float>(own, uniform ? 1 : rest).CopyTo(new(spare + Lanes, Lanes));
                bits |= (ulong)Apply(spare, spare + Lanes, uniform, (uint)(may >> (i - first)), spare + (2 * Lanes)) << (i - first);
                new Span<float>(spare + (2 * Lanes), rest).CopyTo(new(result + i, rest));
            }
            kept[word] = bits;
        }
    }

    /// <summary>Finds which weights of one row exceed their thresholds.</summary>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="threshold">g: one for all, or one for each weight.</param>
    /// <param name="uniform">Whether it is one for all.</param>
    /// <param name="allowed">Weights that may be kept; empty for all.</param>
    /// <param name="kept">Receives the mask of the row.</param>
    public static void Above(float* weight, int columns, float* threshold, bool uniform, ReadOnlySpan<ulong> allowed, Span<ulong> kept)
    {
        for (var word = 0; word < kept.Length; word++)
        {
            var first = word * WordColumns;
            var own = uniform ? threshold : threshold + first;
            var bits = columns - first >= WordColumns && uniform
                ? AboveInWord(weight + first, *own)
                : AboveInPart(weight + first, Math.Min(WordColumns, columns - first), own, uniform);
            kept[word] = allowed.IsEmpty ? bits : bits & allowed[word];
        }
    }

    /// <summary>Writes the weights that a mask keeps of one row as they are, and 0 for the others.</summary>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="mask">The mask of the row.</param>
    /// <param name="result">Receives them; may be <paramref name="weight"/> itself.</param>
    public static void Mask(float* weight, int columns, ReadOnlySpan<ulong> mask, float* result)
    {
        var i = 0;
        for (; i + Lanes <= columns; i += Lanes)
            Vector256.Store(Vector256.Load(weight + i) & Chosen((uint)(mask[i / WordColumns] >> (i % WordColumns))), result + i);
        for (; i < columns; i++)
            result[i] = (mask[i / WordColumns] >> i & 1) != 0 ? weight[i] : 0;
    }

    /// <summary>
    /// <c>Σ G·sign(w)·h</c> over one row, with h 1 where a weight is kept and alpha elsewhere: the gradient of a threshold that the row
    /// shares is <c>-g'</c> times that. Added in a fixed pairwise order.
    /// </summary>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="kept">The mask of the row.</param>
    /// <param name="alpha">The share of masked weights.</param>
    public static double Pull(float* weight, float* gradient, int columns, ReadOnlySpan<ulong> kept, float alpha)
    {
        var sums = stackalloc double[kept.Length];
        for (var word = 0; word < kept.Length; word++)
        {
            var first = word * WordColumns;
            sums[word] =
                PullOfWord(weight + first, gradient + first, Math.Min(WordColumns, columns - first), kept[word], Vector512.Create(alpha));
        }
        return PairwiseSum.Of(new(sums, kept.Length));
    }

    /// <summary>The gradient of thresholds that each weight has for itself, <c>-g'·G·sign(w)·h</c>.</summary>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="kept">The mask of the row.</param>
    /// <param name="alpha">The share of masked weights.</param>
    /// <param name="threshold">g of each weight.</param>
    /// <param name="result">Receives the gradient.</param>
    public static void PullEach(
        float* weight, float* gradient, int columns, ReadOnlySpan<ulong> kept, float alpha, float* threshold, Span<float> result)
    {
        for (var i = 0; i < columns; i++)
        {
            var share = (kept[i / WordColumns] >> i & 1) != 0 ? 1 : alpha;
            var sign = weight[i] > 0 ? 1 : weight[i] < 0 ? -1 : 0;
            result[i] = -(threshold[i] * (1 - threshold[i])) * gradient[i] * sign * share;
        }
    }

    private static ulong ApplyToWord(float* weight, float threshold, ulong allowed, float* result)
    {
        var bits = 0UL;
        for (var i = 0; i < WordColumns; i += 2 * Lanes)
        {
            var own = Vector512.Load(weight + i);
            var excess = Vector512.Abs(own) - Vector512.Create(threshold);
            var keeps = Vector512.GreaterThan(excess, Vector512<float>.Zero) & Chosen16((uint)(allowed >> i));
            var signed = excess | (own & Vector512.Create(-0f));
            Vector512.Store(signed & keeps, result + i);
            bits |= keeps.ExtractMostSignificantBits() << i;
        }
        return bits;
    }

    private static ulong AboveInWord(float* weight, float threshold)
    {
        var bits = 0UL;
        for (var i = 0; i < WordColumns; i += 2 * Lanes)
        {
            var excess = Vector512.Abs(Vector512.Load(weight + i)) - Vector512.Create(threshold);
            bits |= Vector512.GreaterThan(excess, Vector512<float>.Zero).ExtractMostSignificantBits() << i;
        }
        return bits;
    }

    private static ulong AboveInPart(float* weight, int columns, float* threshold, bool uniform)
    {
        var bits = 0UL;
        for (var i = 0; i < columns; i++)
            bits |= MathF.Abs(weight[i]) - (uniform ? *threshold : threshold[i]) > 0 ? 1UL << i : 0;
        return bits;
    }

    /// <summary>Eight weights; returns their mask bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Apply(float* weight, float* threshold, bool uniform, uint allowed, float* result)
    {
        var own = Vector256.Load(weight);
        var excess = Vector256.Abs(own) - (uniform ? Vector256.Create(*threshold) : Vector256.Load(threshold));
        var keeps = Vector256.GreaterThan(excess, Vector256<float>.Zero) & Chosen(allowed);
        var signed = excess | (own & Vector256.Create(-0f));
        Vector256.Store(signed & keeps, result);
        return keeps.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Chosen(uint bits)
    {
        var lanes = Vector256.Create(BitOfLane);
        return Vector256.Equals(Vector256.Create((int)bits) & lanes, lanes).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Chosen16(uint bits)
    {
        var lanes = Vector512.Create(Vector256.Create(BitOfLane), Vector256.Create(BitOfLane) << Lanes);
        return Vector512.Equals(Vector512.Create((int)bits) & lanes, lanes).AsSingle();
    }

    private static double PullOfWord(float* weight, float* gradient, int columns, ulong kept, Vector512<float> alpha)
    {
        if (columns == WordColumns)
        {
            // Two vectors of eight go together; they are added as if each went alone.
            var (first, second) = (Pull(weight, gradient, kept, 0, alpha), Pull(weight, gradient, kept, 1, alpha));
            var (third, fourth) = (Pull(weight, gradient, kept, 2, alpha), Pull(weight, gradient, kept, 3, alpha));
            var low = (first.GetLower() + first.GetUpper()) + (second.GetLower() + second.GetUpper());
            var high = (third.GetLower() + third.GetUpper()) + (fourth.GetLower() + fourth.GetUpper());
            return Vector256.Sum(low + high);
        }
        var padded = stackalloc float[2 * WordColumns];
        new Span<float>(padded, 2 * WordColumns).Clear();
        new Span<float>(weight, columns).CopyTo(new(padded, WordColumns));
        new Span<float>(gradient, columns).CopyTo(new(padded + WordColumns, WordColumns));
        return PullOfWord(padded, padded + WordColumns, WordColumns, kept, alpha);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pull(float* weight, float* gradient, ulong kept, int pair, Vector512<float> alpha)
    {
        var own = Vector512.Load(weight + (pair * 2 * Lanes));
        var share = Vector512.ConditionalSelect(Chosen16((uint)(kept >> (pair * 2 * Lanes))), Vector512<float>.One, alpha);
        var signed = (share * Vector512.Load(gradient + (pair * 2 * Lanes))) ^ (own & Vector512.Create(-0f));
        return Vector512.AndNot(signed, Vector512.Equals(own, Vector512<float>.Zero));
    }
}
