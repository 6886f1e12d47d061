namespace SparseSharp.Workers;

/// <summary>A reusable barrier for a few workers: they spin for a bounded time, then yield the processor between looks.</summary>
internal struct TeamBarrier
{
    private const int SpinsBeforeYield = 2000;

    private int _arrived;
    private int _failed;

    /// <summary>
    /// Returns when <paramref name="members"/> workers have called it. All calls on one barrier must name the same number.
    /// </summary>
    /// <exception cref="TeamFailedException">A member has failed and will not come.</exception>
    public void Wait(int members)
    {
        var ticket = Interlocked.Increment(ref _arrived);
        var target = (ticket + members - 1) / members * members;
        for (var spins = 0; Volatile.Read(ref _arrived) - target < 0; spins++)
        {
            if (Volatile.Read(ref _failed) != 0)
                throw new TeamFailedException();
            if (spins < SpinsBeforeYield)
                Thread.SpinWait(4);
            else
                Thread.Yield();
        }
    }

    /// <summary>Releases all who wait and will wait, because a member has failed.</summary>
    public void Fail() => Volatile.Write(ref _failed, 1);

    /// <summary>Makes the barrier new; nobody may be waiting.</summary>
    public void Reset() => (_arrived, _failed) = (0, 0);
}

/// <summary>Another member of the team has failed. Its exception is the one that callers see.</summary>
internal sealed class TeamFailedException() : Exception("Another worker has failed.");
