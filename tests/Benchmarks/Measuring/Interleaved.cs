using System.Diagnostics;

namespace SparseSharp.Benchmarks.Measuring;

/// <summary>
/// Times contenders in turns, so that whatever else happens on the machine meets all of them alike. The figure of a turn is the median of
/// its calls, the figure of a contender the median of its turns.
/// </summary>
internal static class Interleaved
{
    /// <summary>
    /// Workers of a BLAS spin for about 26 ms after a call; until then the next contender would have to share its cores with them.
    /// </summary>
    public static readonly TimeSpan LibrarySpin = TimeSpan.FromMilliseconds(45);

    private const int WarmUpCalls = 2;
    private const int FewestCycles = 3;
    private const int MostCycles = 400;

    /// <summary>
    /// An operation slower than this is timed once per turn, after one call to warm up: on a slow path a run should still end.
    /// </summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <summary>Milliseconds per operation of each contender.</summary>
    public static double[] Measure(IReadOnlyList<Contender> contenders, Effort effort, int threads)
    {
        var turns = contenders.Select(_ => new double[effort.Rounds]).ToArray();
        for (var round = 0; round < effort.Rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                // Each round begins with another contender: none always follows the same one.
                var turn = (round + i) % contenders.Count;
                if (threads > 1)
                    Thread.Sleep(LibrarySpin);
                turns[turn][round] = Turn(contenders[turn], effort.Turn);
            }
        }
        return [.. turns.Select(Median)];
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is no median of no values.", nameof(values));
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Turn(Contender contender, TimeSpan budget)
    {
        var once = TimeSpan.MaxValue;
        for (var call = 0; call < WarmUpCalls && (call == 0 || once < Slow); call++)
        {
            contender.Prepare?.Invoke();
            once = Time(contender.Operation, 1);
        }
        var cycle = once * contender.Cycle;
        var fewest = cycle < Slow ? FewestCycles : 1;
        var samples = new double[(int)Math.Clamp(budget / cycle, fewest, MostCycles)];
        for (var i = 0; i < samples.Length; i++)
        {
            contender.Prepare?.Invoke();
            samples[i] = Time(contender.Operation, contender.Cycle).TotalMilliseconds / contender.Cycle;
        }
        return Median(samples);
    }

    private static TimeSpan Time(Action operation, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            operation();
        return Stopwatch.GetElapsedTime(start);
    }
}
