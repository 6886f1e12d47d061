using System.Globalization;
using SparseSharp.Training;

namespace SparseSharp;

/// <content>Saving a training and going on with it.</content>
public sealed partial class Trainer<TModel>
{
    /// <summary>
    /// Saves the whole training: weights, masks, optimizer state and position. A trainer that <see cref="Resume"/>s from it goes on with
    /// the same bits as this one. The file is replaced as a whole, whenever the process is killed.
    /// </summary>
    /// <exception cref="InvalidOperationException">Gradients are being accumulated: save after a step that updated. Or another trainer has
    /// trained the model since.</exception>
    /// <exception cref="NotFiniteNumberException">A weight, or something of the optimizer, is infinite or not a number; the old file
    /// stays.</exception>
    /// <exception cref="DataFileException">The file cannot be written; the old one stays.</exception>
    public void SaveCheckpoint(string path)
    {
        using var scope = Enter();
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var model = _modelLifetime.Use();
        _claim.Check();
        if (_pendingBatches > 0)
            throw new InvalidOperationException(
                $"The gradients of {_pendingBatches} batches wait for an update: save after a step that updated.");
        _state.Operations = [.. _flops.Sums];
        _state.Averages = _averages is { IsStarted: true } averages ? averages.Snapshot() : null;
        _state.Start = _distance?.Start;
        CheckpointWriter.Write(path, Identity(), Model, TModel.Descriptor, _optimizer.StateCount, _state, stateIsNew: !_claim.IsTaken);
        (_state.Averages, _state.Start) = (null, null);
    }

    /// <summary>
    /// Goes back to a checkpoint of a training with the same model, loss, optimizer and options (threads, paths and callbacks aside). The
    /// schedule, the number of steps and the settings of the optimizer may be others: the training then goes on with those, and
    /// <see cref="TrainerOptions.Log"/> is told.
    /// </summary>
    /// <exception cref="SafeTensorsException">The file is missing, damaged or of another training; nothing has changed.</exception>
    public void Resume(string path)
    {
        using var scope = Enter();
        ArgumentException.ThrowIfNullOrEmpty(path);
        Restore(path, plan: null);
    }

    /// <summary>
    /// Makes a new model with the averages as its weights (<see cref="TrainerOptions.Average"/>); before the first step they are the
    /// weights as they are. Whoever gets it disposes it.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no average, or another trainer has trained the model since.</exception>
    public TModel CopyAverage()
    {
        using var scope = Enter();
        return Averages().Copy();
    }

    /// <summary>
    /// Saves a model with the averages as its weights, as <see cref="ModelFile.Save{TModel}(TModel, string, bool)"/> does.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="dense">Whether to write all weights, as other frameworks read them.</param>
    /// <exception cref="InvalidOperationException">There is no average, or another trainer has trained the model since.</exception>
    /// <exception cref="DataFileException">The file cannot be written; the old one stays.</exception>
    public void SaveAverage(string path, bool dense = false)
    {
        using var scope = Enter();
        ModelFile.Save(Averages().Model(), path, dense);
    }

    private WeightAverages<TModel> Averages()
    {
        if (_averages is null)
        {
            throw new InvalidOperationException(
                $"This training has no average of its weights: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.Average)}.");
        }
        _claim.Check();
        return _averages;
    }

    private void Restore(string path, FitPlan? plan)
    {
        using var model = _modelLifetime.Change();
        using (var reader = new CheckpointReader(path))
            _state = reader.Read(Identity(), Model, TModel.Descriptor, _optimizer, plan, Log);
        _claim.TakeOver();
        _groups.Apply();
        if (_state.Batches == 0)
            StartAnew();
        _averages?.Restart();
        if (_state.Averages is { } averages)
            _averages?.Take(averages);
        if (_distance is not null && _state.Batches > 0)
        {
            _distance.Start = _state.Start;
            if (_state.Start is null)
                Log("The checkpoint does not hold the weights that its training began with: there are no distances from them.");
        }
        (_state.Averages, _state.Start) = (null, null);
        _flops.Restore(_state.Operations, _state.Steps);
        (_pendingBatches, _pendingWeight) = (0, 0);
        _goals.Fit(_state.FittedSteps);
        // What was best before pruning ended, or in a dense phase, is no candidate.
        if (!_goals.AreFinal(_state, TotalSteps ?? 0, EpochSteps) || (_state.BestWeights is { } best && !_goals.AreFinal(best)))
            (_state.BestLoss, _state.EpochsWithoutImprovement, _state.BestWeights) = (double.PositiveInfinity, 0, null);
        _backup = null;
        _guard.Forget();
        _mayResume = false;
        _lastReport = null;
    }

    /// <summary>
    /// What a training that goes on with the same bits must have in common with this one, as texts to compare and to show.
    /// </summary>
    private List<(string Key, string Value)> Identity()
    {
        var culture = CultureInfo.InvariantCulture;
        var identity = new List<(string, string)>
        {
            ("model", TModel.Descriptor.Name),
            ("loss", $"{_loss}"),
            ("optimizer", $"{_optimizer}"),
            ("schedule", $"{_options.Schedule}"),
            ("total steps", _options.TotalSteps?.ToString(culture) ?? "those of the fit"),
            ("dense tail", _options.DenseTail.ToString("R", culture)),
            ("seed", _options.Seed.ToString(culture)),
            ("accumulation", _options.AccumulationSteps.ToString(culture)),
            (CheckpointFormat.Groups, $"{_groups}"),
            (CheckpointFormat.Average, _options.Average?.ToString() ?? CheckpointFormat.None),
            (CheckpointFormat.Smoothing, _options.GradientSmoothing?.ToString("R", culture) ?? CheckpointFormat.None),
            (CheckpointFormat.Augmentations, _augmentations?.ToString() ?? CheckpointFormat.None),
            (CheckpointFormat.DropLast, _options.DropLast ? "yes" : CheckpointFormat.None),
            ("clip norm", _options.ClipNorm?.ToString("R", culture) ?? "none"),
            ("early stopping", _options.EarlyStopping is { } stopping
                ? string.Create(culture, $"patience {stopping.Patience}, delta {stopping.MinDelta}, restore best {stopping.RestoreBest}")
                : "none"),
        };
        for (var i = 0; i < Model.Layers.Count; i++)
            identity.Add(($"layer {i + 1}", $"{TModel.Descriptor.Layers[i].Path} {Model.Layers[i].Identity}"));
        return identity;
    }
}
