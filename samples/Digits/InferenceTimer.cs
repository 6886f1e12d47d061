using System.Diagnostics;

namespace Digits;

/// <summary>Times work that takes a fraction of a second.</summary>
internal static class InferenceTimer
{
    private const int Repetitions = 9;

    /// <summary>
    /// Seconds that each work takes once it is warm: the median of several rounds. They take turns in each round, so that what slows the
    /// machine down for a while slows all of them.
    /// </summary>
    public static IReadOnlyList<double> Seconds(IReadOnlyList<Action> works)
    {
        foreach (var work in works)
            work();
        var seconds = works.Select(_ => new double[Repetitions]).ToList();
        for (var round = 0; round < Repetitions; round++)
        {
            for (var i = 0; i < works.Count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                works[i]();
                seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
        return seconds.ConvertAll(ofWork => ofWork.Median());
    }

    /// <summary>The value in the middle, or the mean of the two there.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
