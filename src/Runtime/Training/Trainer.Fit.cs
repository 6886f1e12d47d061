using System.Diagnostics;
using SparseSharp.Files;
using SparseSharp.Training;

namespace SparseSharp;

/// <content>Whole epochs.</content>
public sealed partial class Trainer<TModel>
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private bool _mayResume = true;
    private long _lastProgress;
    private EpochReport? _lastReport;

    /// <summary>
    /// Trains until <paramref name="epochs"/> epochs are done in all, and returns the report of the last one. <see cref="Fit"/> does the
    /// same with a report after each; <see cref="TrainerOptions.OnEpoch"/> sees them here too. Where nothing is left to train, as after a
    /// resume at the end, the report is that of the last epoch, or the losses of the model as it is if another trainer did that epoch.
    /// </summary>
    /// <inheritdoc cref="Fit" path="/param"/>
    /// <inheritdoc cref="Fit" path="/exception"/>
    public EpochReport Train(
        Dataset train, int epochs, int batchSize, Dataset? validation = null, CancellationToken cancellation = default)
    {
        foreach (var _ in Fit(train, epochs, batchSize, validation, cancellation))
        {
        }
        return _lastReport ?? ReportAsItIs(train, epochs, validation);
    }

    /// <summary>
    /// Trains until <paramref name="epochs"/> epochs are done in all, and returns a report after each. Work is done while the sequence is
    /// enumerated: without a loop over it nothing is trained (<see cref="Train"/> needs none). A trainer that has done some already (after
    /// a break, a cancellation or a resume) goes on where it stopped, at the very batch.
    /// </summary>
    /// <param name="train">Samples to learn from, shuffled anew for every epoch.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="batchSize">Samples per batch; the last one of an epoch may be smaller.</param>
    /// <param name="validation">Samples to evaluate after every epoch, or null.</param>
    /// <param name="cancellation">Stops between two steps, with a checkpoint if there is a path for it.</param>
    /// <exception cref="ArgumentException">The data do not fit the model, the loss or the options.</exception>
    /// <exception cref="InvalidOperationException">The training began with other data or another batch size, or another trainer has trained
    /// the model since.</exception>
    /// <exception cref="DataFileException">The checkpoint cannot be written, for example because its folder is not there, which is found
    /// before the first epoch.</exception>
    /// <exception cref="SafeTensorsException">The checkpoint to resume from is damaged or belongs to another training.</exception>
    /// <exception cref="DivergenceException">A step has diverged, as for <see cref="Step"/>: the model is that from before it.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or its model is disposed, also inside the loop.</exception>
    public IEnumerable<EpochReport> Fit(
        Dataset train, int epochs, int batchSize, Dataset? validation = null, CancellationToken cancellation = default)
    {
        using var scope = Enter();
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        Check(train, "training data");
        if (validation is not null)
            Check(validation, "validation data");
        else if (_options.EarlyStopping is not null)
            throw new ArgumentException("Early stopping needs validation data.", nameof(validation));
        CheckRest(train.Count, Math.Min(batchSize, train.Count));
        return Epochs(train, epochs, Math.Min(batchSize, train.Count), validation, cancellation);
    }

    /// <summary>Throws if a batch of an epoch is too small for the model: better now than at the end of the first epoch.</summary>
    private void CheckRest(int samples, int batchSize)
    {
        var rest = _options.DropLast ? 0 : samples % batchSize;
        var fewest = rest == 0 ? batchSize : Math.Min(rest, batchSize);
        TModel.Descriptor.CheckSamples(_options.AdaptGradientNormEvery is null ? fewest * _options.Augmentations : fewest);
    }

    private IEnumerable<EpochReport> Epochs(Dataset train, int epochs, int batchSize, Dataset? validation, CancellationToken cancellation)
    {
        using (Enter())
        {
            Begin(train, epochs, batchSize);
            if (_state.Epochs < epochs && !HasEnded)
                Say(_goals.Unreachable(_state, LastStep(epochs), TotalSteps ?? 0, EpochSteps));
        }
        using var loader = new BatchLoader(
            train, batchSize, _options.Seed, dropLast: _options.DropLast, transform: _options.Transform, threads: _options.LoadingThreads,
            augmentations: _options.Augmentations, order: _augmentations?.Order ?? default);
        while (_state.Epochs < epochs && !HasEnded)
        {
            EpochReport report;
            using (Enter())
                report = RunEpoch(loader, epochs, validation, cancellation);
            yield return report;
        }
        // A training that was resumed after its last epoch has only this left to do.
        _claim.Check();
        RestoreBest();
    }

    private EpochReport RunEpoch(BatchLoader loader, int epochs, Dataset? validation, CancellationToken cancellation)
    {
        var rate = TrainEpoch(loader, epochs, cancellation);
        var report = EndEpoch(epochs, rate, validation);
        if (_options.CheckpointPath is { } path)
            SaveCheckpoint(path);
        if (HasEnded || _state.Epochs == epochs)
        {
            RestoreBest();
            Say(_goals.Unfinished(_state, TotalSteps ?? 0, EpochSteps));
        }
        _lastReport = report;
        _options.OnEpoch?.Invoke(report);
        return report;
    }

    /// <summary>Resumes if that was asked for, and makes sure that the training goes on as it began.</summary>
    private void Begin(Dataset train, int epochs, int batchSize)
    {
        if (_pendingBatches > 0)
            throw new InvalidOperationException(
                $"The gradients of {_pendingBatches} batches wait for an update: finish the steps of the custom loop before a fit.");
        var plan = new FitPlan(train.Count, batchSize, TotalSteps: 0);
        if (NeedsTotal)
            plan = plan with { TotalSteps = _options.TotalSteps ?? StepsOf(epochs, plan) };
        if (_options.CheckpointPath is { } path)
            AtomicFile.CheckWritable(path);
        if (_mayResume && _options.ResumeIfPresent && File.Exists(_options.CheckpointPath))
            Restore(_options.CheckpointPath, plan);
        else
            _claim.Check();
        _mayResume = false;
        _state.Plan?.Check(plan);
        if (_state.Plan is { TotalSteps: > 0 } before && plan.TotalSteps > 0 && before.TotalSteps != plan.TotalSteps)
        {
            Log($"The training was planned for {before.TotalSteps} steps, and goes on from step {_state.Steps} with a plan for {plan.TotalSteps}: "
                + "its learning rate and its phases follow the new length from here on.");
        }
        _state.Plan = plan;
        FitSchedules(_options.TotalSteps ?? StepsOf(epochs, plan));
    }

    /// <summary>Steps done when a fit ends.</summary>
    private long LastStep(int epochs) => Math.Min(
        _options.MaxSteps ?? long.MaxValue,
        _state.Steps + ((epochs - _state.Epochs) * EpochSteps) - (_state.EpochBatches / _options.AccumulationSteps));

    /// <summary>Whether a training is over before its last epoch.</summary>
    private bool HasEnded => _state.Stopped || IsAtLastStep;

    private void Say(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Log(line);
    }

    /// <summary>Trains to the end of the current epoch; returns the last learning rate.</summary>
    private float TrainEpoch(BatchLoader loader, int epochs, CancellationToken cancellation)
    {
        var rate = 0f;
        var mark = Stopwatch.GetTimestamp();
        loader.Start(_state.Epochs, _state.EpochBatches);
        while (NextBatch(loader, cancellation) is { } batch)
        {
            var report = Learn(batch, last: _state.EpochBatches + 1 == loader.BatchesPerEpoch);
            rate = report.LearningRate;
            var now = Stopwatch.GetTimestamp();
            Record(report, Stopwatch.GetElapsedTime(mark, now));
            mark = now;
            _options.OnStep?.Invoke(report);
            ReportProgress(loader, epochs, now);
            if (report.Updated
                && _options.CheckpointEvery is { } every
                && _state.Steps % every == 0
                && _state.EpochBatches < loader.BatchesPerEpoch)
            {
                SaveCheckpoint(_options.CheckpointPath!);
                mark = Stopwatch.GetTimestamp();
            }
        }
        return rate;
    }

    private Batch? NextBatch(BatchLoader loader, CancellationToken cancellation)
    {
        if (_state.EpochBatches == loader.BatchesPerEpoch || (_pendingBatches == 0 && IsAtLastStep))
            return null;
        // Only where no gradient is waiting: that is a state to save and to go on from.
        if (_pendingBatches == 0 && cancellation.IsCancellationRequested)
        {
            if (_options.CheckpointPath is { } path)
                SaveCheckpoint(path);
            cancellation.ThrowIfCancellationRequested();
        }
        var start = Stopwatch.GetTimestamp();
        var hasNext = loader.TryNext(out var batch);
        _state.Sums = _state.Sums with { WaitTicks = _state.Sums.WaitTicks + Stopwatch.GetElapsedTime(start).Ticks };
        return hasNext ? batch : null;
    }

    private void Record(in StepReport report, TimeSpan elapsed)
    {
        _state.EpochBatches++;
        _state.Sums = _state.Sums.Plus(report.Loss * report.Weight, report.Weight, report.Correct, report.Samples, elapsed.Ticks);
    }

    private void ReportProgress(BatchLoader loader, int epochs, long now)
    {
        if (_options.Progress is not { } progress)
            return;
        var ended = _state.EpochBatches == loader.BatchesPerEpoch;
        if (!ended && Stopwatch.GetElapsedTime(_lastProgress, now) < ProgressInterval)
            return;
        _lastProgress = now;
        var sums = _state.Sums;
        var seconds = new TimeSpan(sums.Ticks).TotalSeconds;
        progress.Report(new(
            _state.Epochs + 1,
            epochs,
            _state.EpochBatches,
            loader.BatchesPerEpoch,
            _state.Steps,
            sums.MeanLoss,
            sums.Accuracy(_loss),
            seconds > 0 ? sums.Samples / seconds : 0));
    }

    private EpochReport EndEpoch(int epochs, float rate, Dataset? validation)
    {
        var sums = _state.Sums;
        var evaluation = validation is null ? null : Validate(validation);
        _state.Epochs++;
        _annealing.EndEpoch(_state, sums.MeanLoss);
        _state.EpochBatches = 0;
        _state.Sums = default;
        // An epoch before the layers are as sparse as they will be is neither the best nor a reason to stop.
        if (evaluation is not null && _options.EarlyStopping is { } stopping && _goals.AreFinal(_state, TotalSteps ?? 0, EpochSteps))
            Judge(stopping, evaluation.Loss);
        return Report(epochs, sums.Report(_loss), evaluation, rate, new TimeSpan(sums.Ticks)) with { WaitShare = sums.WaitShare };
    }

    private EvaluationReport Validate(Dataset data) => _averages is null ? _evaluation.Run(data) : _averages.Evaluate(data);

    /// <summary>What can be said of a training without an epoch of it.</summary>
    private EpochReport ReportAsItIs(Dataset train, int epochs, Dataset? validation) => Report(
        epochs,
        _evaluation.Run(train),
        validation is null ? null : Validate(validation),
        LearningRateAt(Math.Max(0, _state.Steps - 1)),
        elapsed: TimeSpan.Zero);

    private EpochReport Report(int epochs, EvaluationReport training, EvaluationReport? validation, float rate, TimeSpan elapsed)
    {
        using var scope = _modelLifetime.Use();
        var layers = Model.Layers.Select((layer, i) =>
        {
            return new LayerReport(TModel.Descriptor.Layers[i].Path, layer.Pattern, layer.Density, layer.FlipRate)
            {
                Bfloat16 = layer.Bfloat16,
                Alpha = layer.Parts.Annealing?.Alpha,
                Threshold = layer.Parts.Annealing?.MeanThreshold,
                UsesDenseKernels = layer.Parts.UsesDenseKernels,
                IsFinal = _goals.IsFinal(layer.Parts, _state, TotalSteps ?? 0, EpochSteps),
            };
        });
        return new(_state.Epochs, epochs, _state.Steps, training, validation, rate, elapsed, [.. layers], _state.Stopped)
        {
            Flops = Flops,
            Distance = _distance?.Measure(),
        };
    }

    private void Judge(EarlyStopping stopping, double loss)
    {
        if (loss < _state.BestLoss - stopping.MinDelta)
        {
            _state.BestLoss = loss;
            _state.EpochsWithoutImprovement = 0;
            _state.BestWeights = !stopping.RestoreBest ? null : _averages is null ? ModelSnapshot.Of(Model) : _averages.Snapshot();
        }
        else
        {
            _state.Stopped = ++_state.EpochsWithoutImprovement >= stopping.Patience;
        }
    }

    private void RestoreBest()
    {
        if (_state.BestWeights is not { } best)
            return;
        using var model = _modelLifetime.Change();
        best.Restore(Model);
        // What was best was the average: the weights are it now.
        _averages?.Restart();
    }
}
