using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace SparseSharp.Workers;

/// <summary>Work that every worker of a pool runs a share of.</summary>
internal interface ISharedWork
{
    /// <summary>Runs the share of one worker.</summary>
    void Run(int worker, int workers);

    /// <summary>
    /// Releases workers that wait for one that has failed. Work whose workers wait for each other must do something here.
    /// </summary>
    void Abort() { }
}

/// <summary>
/// Persistent worker threads, one per extra core; the caller is worker 0. A worker spins for a short while after its work, because the
/// next piece usually follows at once, and then sleeps.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency * 60 / 1_000_000;
    private static readonly Lock SharedLock = new();
    private static WorkerPool? s_shared;

    private readonly Helper[] _helpers;
    private ISharedWork? _work;
    private Exception? _failure;
    private int _busy;
    private int _generation;
    private int _remaining;
    private volatile bool _stopping;

    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _helpers = new Helper[workers - 1];
        for (var i = 0; i < _helpers.Length; i++)
            _helpers[i] = new Helper(this, i + 1);
    }

    /// <summary>The process-wide pool.</summary>
    public static WorkerPool Shared
    {
        get
        {
            if (Volatile.Read(ref s_shared) is { } pool)
                return pool;
            lock (SharedLock)
                return s_shared ??= new WorkerPool(Environment.ProcessorCount);
        }
    }

    /// <summary>Threads that take part, the caller included.</summary>
    public int Workers { get; }

    /// <summary>Gives the process-wide pool another number of workers.</summary>
    public static void Resize(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        lock (SharedLock)
        {
            if (s_shared?.Workers == workers)
                return;
            var old = s_shared;
            Volatile.Write(ref s_shared, new WorkerPool(workers));
            old?.Dispose();
        }
    }

    /// <summary>
    /// Runs every worker's share and returns when all are done; what a worker throws, the caller gets as it is, whichever worker it was.
    /// A pool that is busy leaves all of the work to the caller.
    /// </summary>
    public void Run(ISharedWork work)
    {
        if (_helpers.Length == 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            RunAlone(work);
            return;
        }
        // Once the pool is taken it cannot be disposed; before, it may have been, and then nobody is there to help.
        if (_stopping)
        {
            Volatile.Write(ref _busy, 0);
            RunAlone(work);
            return;
        }
        _work = work;
        _failure = null;
        Volatile.Write(ref _remaining, _helpers.Length);
        Interlocked.Increment(ref _generation);
        foreach (var helper in _helpers)
            helper.Wake();
        RunShare(work, 0);
        WaitForHelpers();
        _work = null;
        var failure = _failure;
        Volatile.Write(ref _busy, 0);
        GC.KeepAlive(work);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads; work in progress is finished first.</summary>
    public void Dispose()
    {
        while (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            Thread.Yield();
        _stopping = true;
        Interlocked.Increment(ref _generation);
        foreach (var helper in _helpers)
            helper.Wake();
        Volatile.Write(ref _busy, 0);
    }

    /// <summary>Work reads memory of its own objects by pointers, which do not keep them alive.</summary>
    private static void RunAlone(ISharedWork work)
    {
        work.Run(0, 1);
        GC.KeepAlive(work);
    }

    /// <summary>
    /// Runs the share of one worker. The first failure is kept, and releases the others; those that only failed because of it do not count.
    /// </summary>
    private void RunShare(ISharedWork work, int worker)
    {
        try
        {
            work.Run(worker, Workers);
        }
        catch (TeamFailedException)
        {
            // The failure of another worker is the one to report.
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            work.Abort();
        }
    }

    private void WaitForHelpers()
    {
        for (var spins = 0; Volatile.Read(ref _remaining) != 0; spins++)
        {
            if (spins < 4000)
                Thread.SpinWait(4);
            else
                Thread.Yield();
        }
    }

    private sealed class Helper
    {
        private readonly SemaphoreSlim _wakeUp = new(0);
        private readonly WorkerPool _pool;
        private readonly int _worker;
        private int _asleep;

        public Helper(WorkerPool pool, int worker)
        {
            _pool = pool;
            _worker = worker;
            new Thread(Loop) { IsBackground = true, Name = $"SparseSharp worker {worker}" }.Start();
        }

        public void Wake()
        {
            if (Interlocked.Exchange(ref _asleep, 0) != 0)
                _wakeUp.Release();
        }

        private void Loop()
        {
            for (var seen = 0; ;)
            {
                WaitForWork(seen);
                seen = Volatile.Read(ref _pool._generation);
                if (_pool._stopping)
                    return;
                _pool.RunShare(_pool._work!, _worker);
                Interlocked.Decrement(ref _pool._remaining);
            }
        }

        private void WaitForWork(int seen)
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _pool._generation) == seen)
            {
                Thread.SpinWait(4);
                if (Stopwatch.GetTimestamp() - start < SpinTicks)
                    continue;
                Interlocked.Exchange(ref _asleep, 1);
                if (Volatile.Read(ref _pool._generation) == seen || Interlocked.Exchange(ref _asleep, 0) == 0)
                    _wakeUp.Wait();
                start = Stopwatch.GetTimestamp();
            }
        }
    }
}
