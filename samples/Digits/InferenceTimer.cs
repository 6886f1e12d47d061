using System.Diagnostics;

namespace Digits;

/// <summary>Times work that takes a fraction of a second.</summary>
internal static class InferenceTimer
{
    private const int Repetitions = 9;

    /// <summary>Seconds that the work takes once it is warm: the median of several repetitions.</summary>
    public static double Seconds(Action work)
    {
        work();
        var seconds = new double[Repetitions];
        for (var i = 0; i < seconds.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return seconds.Median();
    }

    /// <summary>The value in the middle, or the mean of the two there.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
