using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SparseSharp.Data;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>Changes a batch before it is used, for example to mix its samples. Runs on the loader's threads.</summary>
/// <param name="batch">The batch, filled.</param>
/// <param name="epoch">Its epoch.</param>
/// <param name="index">Its number in the epoch. A random change that depends only on epoch and number keeps training repeatable.</param>
/// <remarks>
/// A loader with several threads calls it for several batches at once. An <see cref="ImageTransform"/> changes images one by one, with
/// random numbers of its own for each.
/// </remarks>
public delegate void BatchTransform(Batch batch, int epoch, int index);

/// <summary>
/// Cuts a dataset into batches, epoch by epoch, in an order that depends only on the seed and the epoch. Threads read the samples, apply
/// their transforms, and prepare batches ahead while the caller works on another one. Apart from <see cref="Start"/> nothing is allocated,
/// but what reading of images allocates.
/// </summary>
/// <remarks>
/// One caller at a time: <see cref="Start"/>, then <see cref="TryNext"/> until it returns false, then <see cref="Start"/> with the next
/// epoch. The number of threads changes no batch.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    /// <summary>Batches beside those that threads work on: one with the caller, one ready.</summary>
    private const int WaitingBuffers = 2;

    private readonly object _lock = new();
    private readonly Dataset _data;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly int _augmentations;
    private readonly AugmentationOrder _order;
    private readonly BatchTransform? _transform;
    private readonly Slot[] _ring;
    private readonly int[] _samples;
    private readonly Thread[] _threads;

    // Guarded by _lock. Numbers of batches count from the start of the epoch; batch k is in slot k mod the number of slots.
    private int _run;
    private int _epoch;
    private int _next;
    private int _claimed;
    private int _released;
    private int _orderOf = -1;
    private int _active;
    private int _activeRun;
    private bool _started;
    private bool _disposed;
    private bool _faulted;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;

    /// <summary>Makes a loader.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples per batch.</param>
    /// <param name="seed">Of the shuffling and of random transforms.</param>
    /// <param name="shuffle">Whether the order is random; otherwise it is that of the dataset.</param>
    /// <param name="dropLast">Whether the last batch of an epoch is left out where it is smaller than the others.</param>
    /// <param name="transform">Changes each batch before it is used.</param>
    /// <param name="threads">Threads that prepare batches, at least 1.</param>
    /// <param name="augmentations">How often each sample is in its batch, each time with transforms that draw anew; at least 1.</param>
    /// <param name="order">How these follow each other.</param>
    public BatchLoader(
        Dataset data,
        int batchSize,
        ulong seed,
        bool shuffle = true,
        bool dropLast = false,
        BatchTransform? transform = null,
        int threads = 1,
        int augmentations = 1,
        AugmentationOrder order = AugmentationOrder.SampleMajor)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(augmentations, 1);
        if (dropLast && batchSize > data.Count)
            throw new ArgumentException(
                $"Without the last, smaller batch nothing is left of {data.Count} samples at batch size {batchSize}.", nameof(batchSize));
        _data = data;
        _seed = seed;
        _shuffle = shuffle;
        _transform = transform;
        BatchSize = Math.Min(batchSize, data.Count);
        BatchesPerEpoch = dropLast ? data.Count / BatchSize : ((data.Count - 1) / BatchSize) + 1;
        _samples = [.. Enumerable.Range(0, data.Count)];
        var capacity = (long)BatchSize * augmentations;
        if (capacity * data.Features > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A batch of {BatchSize} samples with {augmentations} augmentations each is too large: it has {capacity} times "
                + $"{data.Features} values.",
                nameof(augmentations));
        }
        (_augmentations, _order) = (augmentations, order);
        _ring = new Slot[threads + WaitingBuffers];
        for (var i = 0; i < _ring.Length; i++)
            _ring[i] = new Slot(new Batch((int)capacity, data.Features, data.TargetFeatures));
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Produce) { IsBackground = true, Name = "SparseSharp batch loader" };
            _threads[i].Start();
        }
    }

    /// <summary>
    /// Samples per batch, the last one of an epoch excepted; no more than there are. Each is in the batch once for each augmentation.
    /// </summary>
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
            _next = _claimed = _released = firstBatch;
            _started = true;
            _faulted = false;
            foreach (var slot in _ring)
                (slot.IsReady, slot.Fault) = (false, null);
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
                var slot = _ring[_next % _ring.Length];
                if (slot.IsReady)
                {
                    slot.IsReady = false;
                    _next++;
                    batch = slot.Batch;
                    return true;
                }
                slot.Fault?.Throw();
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

    /// <summary>Ends the threads and frees the batches.</summary>
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
        foreach (var thread in _threads)
            thread.Join();
        foreach (var slot in _ring)
            slot.Batch.Dispose();
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>
    /// A thread: it works on a batch outside the lock and offers it only if <see cref="Start"/> was not called meanwhile.
    /// </summary>
    private void Produce()
    {
        var reader = new SampleReader();
        while (WaitForRoom(out var run, out var epoch, out var index))
        {
            var slot = _ring[index % _ring.Length];
            ExceptionDispatchInfo? fault = null;
            try
            {
                Prepare(slot.Batch, reader, epoch, index);
            }
            catch (Exception error)
            {
                fault = ExceptionDispatchInfo.Capture(error);
            }
            lock (_lock)
            {
                _active--;
                if (run == _run)
                {
                    slot.Fault = fault;
                    slot.IsReady = fault is null;
                    _faulted |= fault is not null;
                }
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Waits until there is a batch to prepare and a slot for it; returns false when the loader is disposed.</summary>
    private bool WaitForRoom(out int run, out int epoch, out int index)
    {
        lock (_lock)
        {
            while (!_disposed && !HasRoom())
                Monitor.Wait(_lock);
            (run, epoch, index) = (_run, _epoch, _claimed);
            if (_disposed)
                return false;
            if (_shuffle && _orderOf != epoch)
                Permutation.Fill(_samples, _seed, (uint)(_orderOf = epoch));
            _claimed++;
            _active++;
            _activeRun = run;
            return true;
        }
    }

    /// <summary>Batches of an abandoned run are waited for: they write to slots, and read the order.</summary>
    private bool HasRoom() =>
        _started
        && !_faulted
        && _claimed < BatchesPerEpoch
        && _claimed - _released < _ring.Length
        && (_active == 0 || _activeRun == _run);

    private void Prepare(Batch batch, SampleReader reader, int epoch, int index)
    {
        var first = index * BatchSize;
        var samples = _samples.AsSpan(first, Math.Min(BatchSize, _samples.Length - first));
        if (_augmentations == 1)
            _data.Fill(batch, samples, reader, _seed, epoch);
        else
            _data.Fill(batch, samples, _augmentations, _order, reader, _seed, epoch);
        _transform?.Invoke(batch, epoch, index);
    }

    /// <summary>A place for a batch.</summary>
    private sealed class Slot(Batch batch)
    {
        public Batch Batch { get; } = batch;

        /// <summary>Whether the batch is prepared, and not handed out yet.</summary>
        public bool IsReady { get; set; }

        /// <summary>Why the batch could not be prepared.</summary>
        public ExceptionDispatchInfo? Fault { get; set; }
    }
}
