using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// The unbiased N:M estimator of least variance (Chmiel et al., 2022): at most N values of a group are left, and the mean of each is the
/// value it had. This is the scalar reference in double precision.
/// </summary>
/// <remarks>
/// A value is kept with probability <c>p = min(1, c·|x|)</c>, with c such that the probabilities add up to N. Values with p = 1 stay as
/// they are; the others become <c>x / p</c>, which has the same magnitude for all of them. The variance depends on the probabilities alone,
/// so any way to draw exactly N values with these probabilities attains it. Ours is systematic sampling: one uniform number per group, no
/// sorting.
/// </remarks>
internal static class MinimumVariance
{
    /// <summary>Prunes a group.</summary>
    /// <param name="group">M finite values, at most 32.</param>
    /// <param name="keep">N, at least 1.</param>
    /// <param name="uniform">In [0, 1).</param>
    /// <param name="pruned">Receives M values, at most N of them not 0.</param>
    public static void Prune(ReadOnlySpan<double> group, int keep, double uniform, Span<double> pruned)
    {
        Span<double> free = stackalloc double[NMSettings.MaximumGroup];
        var (places, sum) = Pin(group, keep, free);
        var magnitude = places > 0 ? sum / places : 0;
        var drawn = 0;
        var cumulative = 0.0;
        for (var i = 0; i < group.Length; i++)
        {
            cumulative += free[i];
            var isDrawn = free[i] > 0 && drawn < places && cumulative > (uniform + drawn) * magnitude;
            pruned[i] = free[i] == 0 ? group[i] : isDrawn ? Math.CopySign(magnitude, group[i]) : 0;
            drawn += isDrawn ? 1 : 0;
        }

        // Only rounding leaves a place.
        for (var i = group.Length - 1; i >= 0 && drawn < places; i--)
        {
            if (free[i] == 0 || pruned[i] != 0)
                continue;
            pruned[i] = Math.CopySign(magnitude, group[i]);
            drawn++;
        }
    }

    /// <summary>
    /// Prunes the gradient of one output feature over a batch, as a layer does: groups along the batch, each with the random number of its
    /// place.
    /// </summary>
    /// <param name="samples">The gradient of each sample; receives what is left.</param>
    /// <param name="pattern">N and M; the last group is filled up with zeros.</param>
    /// <param name="key">Seed of the step's random numbers.</param>
    /// <param name="site">Number of the product in its model.</param>
    /// <param name="feature">The output feature.</param>
    public static void PruneBatch(Span<double> samples, GradientPattern pattern, ulong key, int site, int feature)
    {
        var groups = (samples.Length + pattern.Group - 1) / pattern.Group;
        var counters = (groups + 3) / 4;
        Span<double> group = stackalloc double[NMSettings.MaximumGroup];
        Span<double> pruned = stackalloc double[NMSettings.MaximumGroup];
        for (var g = 0; g < groups; g++)
        {
            var (a, b, c, d) = Philox.Next(key, (uint)((feature * counters) + (g / 4)), (uint)site, 0, (uint)Philox.Purpose.Estimator);
            var word = (g % 4) switch { 0 => a, 1 => b, 2 => c, _ => d };
            var values = samples[(g * pattern.Group)..Math.Min(samples.Length, (g + 1) * pattern.Group)];
            group.Clear();
            values.CopyTo(group);
            Prune(group[..pattern.Group], pattern.Keep, Philox.Uniform(word), pruned);
            pruned[..values.Length].CopyTo(values);
        }
    }

    /// <summary>The probability of each value of a group to be kept.</summary>
    public static void Probabilities(ReadOnlySpan<double> group, int keep, Span<double> probabilities)
    {
        Span<double> free = stackalloc double[NMSettings.MaximumGroup];
        var (places, sum) = Pin(group, keep, free);
        for (var i = 0; i < group.Length; i++)
            probabilities[i] = free[i] > 0 ? places * free[i] / sum : group[i] != 0 ? 1 : 0;
    }

    /// <summary>The variance of a pruned group, summed over its values.</summary>
    public static double Variance(ReadOnlySpan<double> group, int keep)
    {
        Span<double> free = stackalloc double[NMSettings.MaximumGroup];
        var (places, sum) = Pin(group, keep, free);
        var squares = 0.0;
        foreach (var magnitude in free)
            squares += magnitude * magnitude;
        return places > 0 ? (sum * sum / places) - squares : 0;
    }

    /// <summary>Finds the values that are kept for certain.</summary>
    /// <param name="group">The values.</param>
    /// <param name="keep">N.</param>
    /// <param name="free">Receives the magnitudes of the values that are left to chance, and 0 for the others.</param>
    /// <returns>How many of the free values are to be drawn, and the sum of their magnitudes.</returns>
    private static (int Places, double Sum) Pin(ReadOnlySpan<double> group, int keep, Span<double> free)
    {
        free.Clear();
        for (var i = 0; i < group.Length; i++)
            free[i] = Math.Abs(group[i]);
        var places = keep;
        while (places > 0)
        {
            // Added up anew each time: to subtract what was pinned would cancel digits.
            var sum = 0.0;
            var count = 0;
            foreach (var magnitude in free)
            {
                sum += magnitude;
                count += magnitude > 0 ? 1 : 0;
            }
            var pinned = 0;
            for (var i = 0; i < free.Length; i++)
            {
                if (free[i] == 0 || (count > places && places * free[i] < sum))
                    continue;
                free[i] = 0;
                pinned++;
            }
            if (pinned == 0)
                return (count == 0 ? 0 : places, sum);
            places -= pinned;
        }
        return (0, 0);
    }
}
