namespace SparseSharp.Runtime.Tests.Testing;

/// <summary>Counts the bytes that an action allocates on the managed heap.</summary>
internal static class Allocations
{
    private const int Runs = 5;

    /// <summary>Runs an action once, so that everything has been used, and then up to five times.</summary>
    /// <param name="action">The action. What it allocates only now and then is found only if it allocates in each run, so it repeats itself as needed.</param>
    /// <returns>The fewest bytes that the calling thread allocated in a run.</returns>
    /// <remarks>
    /// One run is not enough: the .NET runtime allocates a few kilobytes on whichever thread is at hand, for example when it compiles a hot
    /// method again. It does so in few runs. An action that allocates does so in every run.
    /// </remarks>
    public static long LeastOf(Action action) => LeastOf(action, static () => GC.GetAllocatedBytesForCurrentThread());

    /// <inheritdoc cref="LeastOf(Action)"/>
    /// <param name="action">The action.</param>
    /// <param name="count">Returns the bytes that the counted threads have allocated so far, and allocates nothing.</param>
    /// <returns>The fewest bytes that these threads allocated in a run.</returns>
    public static long LeastOf(Action action, Func<long> count)
    {
        action();
        count();
        var least = long.MaxValue;
        for (var run = 0; run < Runs && least > 0; run++)
        {
            var before = count();
            action();
            least = Math.Min(least, count() - before);
        }
        return least;
    }
}
