using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>Changes a batch before it is used, for example to augment it. Runs on the loader's thread.</summary>
/// <param name="batch">The batch, filled.</param>
/// <param name="epoch">Its epoch.</param>
/// <param name="index">Its number in the epoch. A random change that depends only on epoch and number keeps training repeatable.</param>
public delegate void BatchTransform(Batch batch, int epoch, int index);

/// <summary>
/// Cuts a dataset into batches, epoch by epoch, in an order that depends only on the seed and the epoch. A thread prepares up to two
/// batches while the caller works on another one. Apart from <see cref="Start"/> nothing is allocated.
/// </summary>
/// <remarks>
/// One caller at a time: <see cref="Start"/>, then <see cref="TryNext"/> until it returns false, then <see cref="Start"/> with the next
/// epoch.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    /// <summary>One batch with the caller, two ahead.</summary>
    private const int Buffers = 3;

    private readonly object _lock = new();
    private readonly Dataset _data;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly BatchTransform? _transform;
    private readonly Batch[] _ring = new Batch[Buffers];
    private readonly int[] _order;
    private readonly Thread _producer;

    // Guarded by _lock. Numbers of batches count from the start of the epoch; batch k is in buffer k mod Buffers.
    private int _run;
    private int _epoch;
    private int _next;
    private int _prepared;
    private int _released;
    private bool _started;
    private bool _disposed;
    private ExceptionDispatchInfo? _fault;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;

    /// <summary>Makes a loader.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples per batch.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <param name="shuffle">Whether the order is random; otherwise it is that of the dataset.</param>
    /// <param name="dropLast">Whether the last batch of an epoch is left out where it is smaller than the others.</param>
    /// <param name="transform">Changes each batch before it is used.</param>
    public BatchLoader(
        Dataset data, int batchSize, ulong seed, bool shuffle = true, bool dropLast = false, BatchTransform? transform = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (dropLast && batchSize > data.Count)
            throw new ArgumentException(
                $"Without the last, smaller batch nothing is left of {data.Count} samples at batch size {batchSize}.", nameof(batchSize));
        _data = data;
        _seed = seed;
        _shuffle = shuffle;
        _transform = transform;
        BatchSize = Math.Min(batchSize, data.Count);
        BatchesPerEpoch = dropLast ? data.Count / BatchSize : ((data.Count - 1) / BatchSize) + 1;
        _order = [.. Enumerable.Range(0, data.Count)];
        for (var i = 0; i < Buffers; i++)
            _ring[i] = new Batch(BatchSize, data.Features, data.TargetFeatures);
        _producer = new Thread(Produce) { IsBackground = true, Name = "SparseSharp batch loader" };
        _producer.Start();
    }

    /// <summary>Samples per batch, the last one of an epoch excepted; no more than there are.</summary>
    public int BatchSize { get; }

    /// <summary>Batches of an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>Begins an epoch, whatever was going on before; the batch that the caller holds becomes invalid.</summary>
    /// <param name="epoch">Number of the epoch, from 0.</param>
    /// <param name="firstBatch">Batch to begin with: to resume, the number of batches already used.</param>
    /// <param name="cancellation">Ends a wait in <see cref="TryNext"/>.</param>
    public void Start(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        _registration.Dispose();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _run++;
            _epoch = epoch;
            _next = _prepared = _released = firstBatch;
            _started = true;
            _fault = null;
            _cancellation = cancellation;
            Monitor.PulseAll(_lock);
        }
        // Outside the lock: a token that is cancelled already calls back at once.
        _registration = cancellation.UnsafeRegister(static loader => ((BatchLoader)loader!).Wake(), this);
    }

    /// <summary>Waits for the next batch of the epoch.</summary>
    /// <param name="batch">The batch, valid until the next call.</param>
    /// <returns>False at the end of the epoch.</returns>
    /// <exception cref="OperationCanceledException">The token given to <see cref="Start"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The loader was not started.</exception>
    public bool TryNext([NotNullWhen(true)] out Batch? batch)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_started)
                throw new InvalidOperationException("Call Start with the number of the epoch first.");
            _released = _next;
            Monitor.PulseAll(_lock);
            while (true)
            {
                _cancellation.ThrowIfCancellationRequested();
                if (_prepared > _next)
                {
                    batch = _ring[_next++ % Buffers];
                    return true;
                }
                _fault?.Throw();
                if (_next == BatchesPerEpoch)
                {
                    batch = null;
                    return false;
                }
                Monitor.Wait(_lock);
                ObjectDisposedException.ThrowIf(_disposed, this);
            }
        }
    }

    /// <summary>Ends the thread and frees the batches.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            Monitor.PulseAll(_lock);
        }
        _registration.Dispose();
        _producer.Join();
        foreach (var batch in _ring)
            batch.Dispose();
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>
    /// The thread: it works on a batch outside the lock and offers it only if <see cref="Start"/> was not called meanwhile.
    /// </summary>
    private void Produce()
    {
        var orderOf = -1;
        while (WaitForRoom(out var run, out var epoch, out var index))
        {
            ExceptionDispatchInfo? fault = null;
            try
            {
                if (_shuffle && orderOf != epoch)
                    Permutation.Fill(_order, _seed, (uint)(orderOf = epoch));
                Prepare(_ring[index % Buffers], epoch, index);
            }
            catch (Exception error)
            {
                fault = ExceptionDispatchInfo.Capture(error);
            }
            lock (_lock)
            {
                if (run != _run)
                    continue;
                _fault = fault;
                _prepared += fault is null ? 1 : 0;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Waits until there is a batch to prepare and a buffer for it; returns false when the loader is disposed.</summary>
    private bool WaitForRoom(out int run, out int epoch, out int index)
    {
        lock (_lock)
        {
            while (!_disposed && (!_started || _fault is not null || _prepared == BatchesPerEpoch || _prepared - _released == Buffers))
                Monitor.Wait(_lock);
            (run, epoch, index) = (_run, _epoch, _prepared);
            return !_disposed;
        }
    }

    private void Prepare(Batch batch, int epoch, int index)
    {
        var first = index * BatchSize;
        _data.Fill(batch, _order.AsSpan(first, Math.Min(BatchSize, _order.Length - first)));
        _transform?.Invoke(batch, epoch, index);
    }
}
