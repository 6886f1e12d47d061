namespace SparseSharp.Workers;

/// <summary>A reusable barrier for a few workers: they spin for a bounded time, then yield the processor between looks.</summary>
internal struct TeamBarrier
{
    private const int SpinsBeforeYield = 2000;

    private int _arrived;

    /// <summary>Returns when <paramref name="members"/> workers have called it. All calls on one barrier must name the same number.</summary>
    public void Wait(int members)
    {
        var ticket = Interlocked.Increment(ref _arrived);
        var target = (ticket + members - 1) / members * members;
        for (var spins = 0; Volatile.Read(ref _arrived) - target < 0; spins++)
        {
            if (spins < SpinsBeforeYield)
                Thread.SpinWait(4);
            else
                Thread.Yield();
        }
    }

    /// <summary>Makes the barrier new; nobody may be waiting.</summary>
    public void Reset() => _arrived = 0;
}
