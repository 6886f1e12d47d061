namespace SparseSharp.Workers;

/// <summary>Work that every worker of a pool runs a share of.</summary>
internal interface ISharedWork
{
    /// <summary>Runs the share of one worker. Must not throw.</summary>
    void Run(int worker, int workers);
}

/// <summary>Persistent worker threads, one per extra core; the caller is worker 0.</summary>
internal sealed class WorkerPool(int workers) : IDisposable
{
    /// <summary>Threads that take part, the caller included.</summary>
    public int Workers { get; } = workers;

    /// <summary>The process-wide pool, one worker per processor.</summary>
    public static WorkerPool Shared => throw new NotImplementedException();

    public void Run(ISharedWork work) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
