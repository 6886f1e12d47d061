using System.Numerics;
using System.Runtime.CompilerServices;

namespace SparseSharp.Learning;

/// <summary>
/// Applies an optimizer to the weights of a row that its mask keeps, and to nothing else: they go through a buffer, so that any optimizer
/// will do.
/// </summary>
internal static class KeptSlices
{
    private const int WordsTogether = 16;

    /// <param name="parameter">The weights <c>[out, in]</c>, with their gradient and state.</param>
    /// <param name="start">Place of the row.</param>
    /// <param name="kept">The mask of the row.</param>
    /// <param name="optimizer">The update rule.</param>
    /// <param name="step">What holds for the step.</param>
    [SkipLocalsInit] // The buffers are written before they are read, and clearing them would take longer than a row of few weights does.
    public static void Update(Parameter parameter, int start, ReadOnlySpan<ulong> kept, Optimizer optimizer, in UpdateStep step)
    {
        Span<int> places = stackalloc int[64 * WordsTogether];
        Span<float> buffer = stackalloc float[4 * places.Length];
        for (var word = 0; word < kept.Length; word += WordsTogether)
        {
            var count = 0;
            for (var w = word; w < Math.Min(kept.Length, word + WordsTogether); w++)
            {
                for (var bits = kept[w]; bits != 0; bits &= bits - 1)
                    places[count++] = start + (64 * w) + BitOperations.TrailingZeroCount(bits);
            }
            if (count > 0)
                Update(parameter, places[..count], buffer, optimizer, in step);
        }
    }

    private static void Update(Parameter parameter, ReadOnlySpan<int> places, Span<float> buffer, Optimizer optimizer, in UpdateStep step)
    {
        var (count, states) = (places.Length, optimizer.StateCount);
        var values = Gather(parameter.Values, places, buffer[..count]);
        var gradient = Gather(parameter.GradientBuffer, places, buffer.Slice(count, count));
        var first = states > 0 ? Gather(parameter.State(0), places, buffer.Slice(2 * count, count)) : [];
        var second = states > 1 ? Gather(parameter.State(1), places, buffer.Slice(3 * count, count)) : [];
        optimizer.Update(values, gradient, first, second, in step);
        Scatter(values, places, parameter.Values);
        if (states > 0)
            Scatter(first, places, parameter.State(0));
        if (states > 1)
            Scatter(second, places, parameter.State(1));
    }

    private static Span<float> Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> places, Span<float> target)
    {
        for (var i = 0; i < places.Length; i++)
            target[i] = source[places[i]];
        return target;
    }

    private static void Scatter(ReadOnlySpan<float> source, ReadOnlySpan<int> places, Span<float> target)
    {
        for (var i = 0; i < places.Length; i++)
            target[places[i]] = source[i];
    }
}
