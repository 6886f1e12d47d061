using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Annealing;

/// <summary>
/// The soft threshold that AutoSparse learns (Kundu et al., 2023; the formula is that of STR, Kusupati et al., 2020): with <c>g = sigmoid(s)</c> and <c>u = |w| - g</c>,
/// products use <c>sign(w)·max(u, 0)</c>, and a weight is kept where <c>u &gt; 0</c>. Backward it counts as the surrogate <c>sign(w)·(u &gt; 0 ? u : alpha·u)</c>.
/// </summary>
/// <remarks>
/// A weight of exactly 0 gets its share of the gradient all the same, or it could never leave 0 (our deviation). All vectors here are eight floats long, on every
/// processor: sums have one order.
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
            $"threshold[{first + index}] is {parameters[index]}: no mask can be found. Training has probably diverged: try a lower learning rate, a lower ThresholdRate or gradient clipping.",
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
    public static void Apply(float* weight, int columns, float* threshold, bool uniform, ReadOnlySpan<ulong> allowed, float* result, Span<ulong> kept)
    {
        var spare = stackalloc float[3 * Lanes];
        for (var word = 0; word < kept.Length; word++)
        {
            var may = allowed.IsEmpty ? ulong.MaxValue : allowed[word];
            var bits = 0UL;
            var first = word * WordColumns;
            var end = Math.Min(columns, first + WordColumns);
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
    /// <c>Σ G·sign(w)·h</c> over one row, with h 1 where a weight is kept and alpha elsewhere: the gradient of a threshold that the row shares is <c>-g'</c> times that.
    /// Added in a fixed pairwise order.
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
            sums[word] = PullOfWord(weight + first, gradient + first, Math.Min(WordColumns, columns - first), kept[word], Vector256.Create(alpha));
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
    public static void PullEach(float* weight, float* gradient, int columns, ReadOnlySpan<ulong> kept, float alpha, float* threshold, Span<float> result)
    {
        for (var i = 0; i < columns; i++)
        {
            var share = (kept[i / WordColumns] >> i & 1) != 0 ? 1 : alpha;
            var sign = weight[i] > 0 ? 1 : weight[i] < 0 ? -1 : 0;
            result[i] = -(threshold[i] * (1 - threshold[i])) * gradient[i] * sign * share;
        }
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

    private static double PullOfWord(float* weight, float* gradient, int columns, ulong kept, Vector256<float> alpha)
    {
        if (columns == WordColumns)
        {
            var low = (Pull(weight, gradient, kept, 0, alpha) + Pull(weight, gradient, kept, 1, alpha)) + (Pull(weight, gradient, kept, 2, alpha) + Pull(weight, gradient, kept, 3, alpha));
            var high = (Pull(weight, gradient, kept, 4, alpha) + Pull(weight, gradient, kept, 5, alpha)) + (Pull(weight, gradient, kept, 6, alpha) + Pull(weight, gradient, kept, 7, alpha));
            return Vector256.Sum(low + high);
        }
        var padded = stackalloc float[2 * WordColumns];
        new Span<float>(padded, 2 * WordColumns).Clear();
        new Span<float>(weight, columns).CopyTo(new(padded, WordColumns));
        new Span<float>(gradient, columns).CopyTo(new(padded + WordColumns, WordColumns));
        return PullOfWord(padded, padded + WordColumns, WordColumns, kept, alpha);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pull(float* weight, float* gradient, ulong kept, int vector, Vector256<float> alpha)
    {
        var own = Vector256.Load(weight + (vector * Lanes));
        var share = Vector256.ConditionalSelect(Chosen((uint)(kept >> (vector * Lanes))), Vector256<float>.One, alpha);
        var signed = (share * Vector256.Load(gradient + (vector * Lanes))) ^ (own & Vector256.Create(-0f));
        return Vector256.AndNot(signed, Vector256.Equals(own, Vector256<float>.Zero));
    }
}
