using System.Runtime.ExceptionServices;

namespace SparseSharp.Images;

/// <summary>Decodes images on all processors.</summary>
internal static class ParallelDecoder
{
    /// <summary>Calls an action for each number.</summary>
    /// <returns>What the first number that failed has thrown, or null.</returns>
    public static ExceptionDispatchInfo? Run(int count, Action<int> action)
    {
        var faults = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, (i, state) =>
        {
            // Those before a fault are still done, so that the message does not depend on the threads.
            if (state.LowestBreakIteration < i)
                return;
            try
            {
                action(i);
            }
            catch (DataFileException error)
            {
                faults[i] = ExceptionDispatchInfo.Capture(error);
                state.Break();
            }
        });
        return Array.Find(faults, fault => fault is not null);
    }
}
