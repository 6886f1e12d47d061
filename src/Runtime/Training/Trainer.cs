using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Models;
using SparseSharp.Numerics;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>
/// Trains a model: whole epochs with <see cref="Train"/> or <see cref="Fit"/>, or batch by batch with <see cref="Step"/>. Equal seeds give
/// equal bits, for any number of threads; a step allocates nothing once every size of batch has been seen. A trainer serves one thread at a
/// time. Predictions of its model wait for the end of a step, and steps for the end of predictions.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
public sealed partial class Trainer<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>What the authors add to a norm before they divide by it.</summary>
    private const double SmoothingEpsilon = 1e-6;

    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly WorkerPool? _ownWorkers;
    private readonly TrainingPass<TModel> _pass;
    private readonly DatasetEvaluation<TModel> _evaluation;
    private readonly TrainingPhases _phases;
    private readonly AnnealingPhases _annealing;
    private readonly FlopsMeter _flops;
    private readonly TrainingClaim _claim;
    private readonly Lifetime _lifetime = new($"Trainer<{TModel.Descriptor.Name}>", layers: 0);
    private readonly Lifetime _modelLifetime;
    private readonly UpdateGuard _guard;
    private readonly SparsityGoals _goals;
    private readonly GroupedLayers _groups;
    private readonly StepGradients _gradients;
    private readonly WeightAverages<TModel>? _averages;
    private readonly WeightDistance? _distance;
    private readonly BatchAugmentation? _augmentations;
    private TrainingState _state = new();
    private int _pendingBatches;
    private double _pendingWeight;
    private double _gradientScale = 1;
    private StepBackup? _backup;
    private (long Batches, int EpochBatches, RunningSums Sums) _stepStart;

    /// <summary>
    /// Makes a trainer, and leaves the model as it is. The first step, or <see cref="Resume"/>, makes the training of the model its own:
    /// the optimizer's state, which lives with the model's parameters, starts anew. A trainer that has trained the model before gets an
    /// error from then on, because its state is gone.
    /// </summary>
    /// <param name="model">The model to train.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">The update rule with its base learning rate.</param>
    /// <param name="options">Everything else; see the defaults there.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the model, or a mask policy needs another
    /// optimizer.</exception>
    public Trainer(TModel model, Loss loss, Optimizer optimizer, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        _options = options ?? new TrainerOptions();
        _options.Check();
        Model = model;
        _modelLifetime = ModelLifetime.Of(model, TModel.Descriptor.Name);
        using var change = _modelLifetime.Change();
        _loss = loss;
        _optimizer = optimizer;
        _phases = new TrainingPhases(model, TModel.Descriptor, _options.DenseTail, optimizer);
        _annealing = new AnnealingPhases(model, _options, Log);
        _flops = new FlopsMeter(model.Layers.Count);
        _goals = new SparsityGoals(model, TModel.Descriptor, _phases);
        _groups = new GroupedLayers(model, TModel.Descriptor, _options.Groups);
        FitSchedules(_options.TotalSteps ?? 0);
        _guard = new UpdateGuard(model.Layers, optimizer);
        _ownWorkers = _options.Threads is { } threads ? new WorkerPool(threads) : null;
        _pass = new TrainingPass<TModel>(model, _ownWorkers ?? WorkerPool.Shared);
        _gradients = new StepGradients(model.Layers, TModel.Descriptor, _pass.GradientSquares);
        _evaluation = new DatasetEvaluation<TModel>(new Predictor<TModel>(model), loss);
        _averages = _options.Average is { } average ? new WeightAverages<TModel>(model, loss, average) : null;
        _augmentations = _options.Augmentations > 1 ? BatchAugmentation.Of(_options, model.Layers) : null;
        _distance = _options.TrackDistance ? new WeightDistance(model) : null;
        _claim = new TrainingClaim(model.Layers, TModel.Descriptor.Name);
        JitNotice.Write(_options.Log);
    }

    /// <summary>The model.</summary>
    public TModel Model { get; }

    /// <summary>Optimizer steps done.</summary>
    public long StepsDone => _state.Steps;

    /// <summary>The last dense step of layers with <see cref="MaskPolicy.Step"/>; null before it, and where there are none.</summary>
    public long? SwitchedAt => _state.SwitchedAt > 0 ? _state.SwitchedAt : null;

    /// <summary>Operations of the model and of the training so far, beside those of a dense one.</summary>
    public FlopsReport Flops => new([.. Model.Layers.Select((layer, i) => new LayerFlops(
        TModel.Descriptor.Layers[i].Path, TModel.Descriptor.Layers[i].DenseFlops, layer.Density, _flops.Ratio(i)))]);

    /// <summary>Whole epochs done.</summary>
    public int EpochsDone => _state.Epochs;

    /// <summary>
    /// The norm of the difference of all weights, biases and other vectors from those before the first step: measured when it is asked for.
    /// Null before that, and without <see cref="TrainerOptions.TrackDistance"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public double? Distance
    {
        get
        {
            using var scope = _modelLifetime.Use();
            return _distance?.Measure();
        }
    }

    /// <summary>Learns from one batch: forward, loss, backward and, unless gradients are still to be accumulated, the update.</summary>
    /// <param name="batch">Samples and targets.</param>
    /// <exception cref="ArgumentException">The batch is empty or does not fit the model or the loss; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">Another trainer has trained the model since, or another thread uses this one; nothing
    /// has changed.</exception>
    /// <exception cref="DivergenceException">
    /// The loss, the gradient or what the update makes of weights and optimizer state is not finite. The step is taken back: weights, masks
    /// and optimizer state are those from before it, its accumulated gradients are dropped, and the trainer can go on.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The trainer, its model or the batch is disposed.</exception>
    public StepReport Step(Batch batch)
    {
        using var scope = Enter();
        return Learn(batch, last: false);
    }

    /// <summary>Loss and accuracy of a dataset, by inference.</summary>
    /// <param name="data">Samples and targets.</param>
    /// <param name="average">
    /// Whether to evaluate the average of the weights (<see cref="TrainerOptions.Average"/>), or the weights as they are. By default the
    /// average where there is one.
    /// </param>
    /// <exception cref="ArgumentException">The data do not fit the model or the loss.</exception>
    /// <exception cref="InvalidOperationException">There is no average, or another trainer has trained the model since.</exception>
    public EvaluationReport Evaluate(Dataset data, bool? average = null)
    {
        using var scope = Enter();
        Check(data, "data");
        return average ?? (_averages is not null) ? Averages().Evaluate(data) : _evaluation.Run(data);
    }

    /// <summary>
    /// Ends the trainer's own threads and frees its buffers, after the step that another thread may be in; the model stays.
    /// </summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _lifetime.Close(new Resources(this));
    }

    /// <summary>Threads would live on.</summary>
    ~Trainer() => _ownWorkers?.Dispose();

    private void Log(string line) => (_options.Log ?? Console.Error.WriteLine)(line);

    /// <summary>What every public method begins with: the trainer serves one thread at a time.</summary>
    /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in.</exception>
    private Lifetime.Scope Enter() => _lifetime.ChangeOrThrow();

    /// <param name="batch">Samples and targets.</param>
    /// <param name="last">Whether the accumulated gradients must be used now: the last batch of an epoch.</param>
    private StepReport Learn(Batch batch, bool last)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var samples = batch.Use();
        using var model = _modelLifetime.Change();
        var weight = _pass.Check(batch, _loss);
        if (_augmentations is not null)
            weight = CheckAugmentations(batch, weight);
        var accumulates = _options.AccumulationSteps > 1;
        var rate = LearningRate();
        if (_claim.Take())
            StartAnew();
        if (_pendingBatches == 0)
            BeginStep();
        var scale = accumulates ? 1 : TrainingPass<TModel>.MeanScale(weight);
        var measured = _pendingBatches == 0 && _state.Steps % _options.AdaptGradientNormEvery == 0 ? MeasureNorm(batch) : null;
        var sums = RunPasses(batch, scale);
        if (!double.IsFinite(sums.Sum))
            throw Diverged("loss", sums.Sum, rate);
        if (measured is { } mean)
            AdaptTo(mean, accumulates ? TrainingPass<TModel>.MeanScale(weight) : 1);
        _state.Batches++;
        _pendingBatches++;
        _pendingWeight += weight;
        var updates = last || _pendingBatches == _options.AccumulationSteps;
        var norm = updates ? Update(rate, accumulates ? TrainingPass<TModel>.MeanScale(_pendingWeight) : 1) : double.NaN;
        return new(_state.Steps, weight > 0 ? sums.Sum / weight : 0, sums.Samples, sums.Correct, rate, norm, updates)
        {
            Weight = weight,
            GradientScale = _gradientScale,
        };
    }

    /// <summary>Throws unless a batch has whole samples; returns the sum of the weights of what the loss counts.</summary>
    private double CheckAugmentations(Batch batch, double weight)
    {
        if (batch.Count % _options.Augmentations != 0)
        {
            throw new ArgumentException(
                $"The batch has {batch.Count} samples, which are no whole number of {_options.Augmentations} augmentations each.",
                nameof(batch));
        }
        if (_options.AdaptGradientNormEvery is not null)
            TModel.Descriptor.CheckSamples(batch.Count / _options.Augmentations);
        return _options.AverageOutputs ? weight / _options.Augmentations : weight;
    }

    /// <summary>
    /// The mean norm of the gradients with one augmentation of each sample; null where one is not finite. Nothing of it stays: statistics
    /// of its batches are dropped by the next pass, and random numbers do not depend on what was drawn before.
    /// </summary>
    private double? MeasureNorm(Batch batch)
    {
        var sum = 0.0;
        for (var augmentation = 0; augmentation < _options.Augmentations; augmentation++)
        {
            var replica = _augmentations!.Replica(batch, augmentation);
            var weight = _pass.Check(replica, _loss);
            RunPasses(replica, TrainingPass<TModel>.MeanScale(weight), accumulate: false, step: 0, average: null);
            sum += Math.Sqrt(_pass.GradientSquares());
        }
        return double.IsFinite(sum) ? sum / _options.Augmentations : null;
    }

    /// <summary>
    /// Takes the factor from the gradients that are there to a norm; where they are 0 or not finite the one before stays.
    /// </summary>
    private void AdaptTo(double mean, float scale)
    {
        var norm = Math.Sqrt(_pass.GradientSquares()) * scale;
        if (norm > 0 && double.IsFinite(mean / norm))
            _gradientScale = mean / norm;
    }

    /// <summary>Forward, loss and gradients. What a loss of the user's own throws takes the step back.</summary>
    private PanelLoss RunPasses(Batch batch, float scale) =>
        RunPasses(batch, scale, _pendingBatches > 0, _state.Steps + 1, _augmentations?.Average);

    private PanelLoss RunPasses(Batch batch, float scale, bool accumulate, long step, OutputAverage? average)
    {
        try
        {
            return _pass.RunChecked(batch, _loss, scale, accumulate, Philox.PassKey(_options.Seed, _state.Batches), step, average);
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    private void BeginStep()
    {
        _goals.Apply();
        _stepStart = (_state.Batches, _state.EpochBatches, _state.Sums);
        _gradientScale = _state.GradientScale;
        var (total, perEpoch) = (TotalSteps ?? 0, EpochSteps);
        // A change of phase belongs to the step: if that diverges, it is taken back as well.
        if (_backup is null && (_phases.Changes(_state, total) || _annealing.Changes(_state, total, perEpoch)))
            _backup = new StepBackup(Model, _optimizer.StateCount);
        _phases.Begin(_state, total);
        _annealing.Begin(_state, total, perEpoch);
    }

    /// <summary>Clips and applies the gradients; returns their norm if it was needed.</summary>
    private double Update(float rate, float scale)
    {
        var norm = double.NaN;
        var bound = _pass.GradientBound;
        scale *= (float)_gradientScale;
        if (_options.OnGradients is { } callback)
        {
            Show(callback, rate, scale);
            // The gradients are means now, and nobody knows how large the callback has made them.
            (scale, bound) = (1, double.PositiveInfinity);
        }
        var smoothed = _state.SmoothedNorm;
        if (_options.ClipNorm is not null || _options.GradientSmoothing is not null)
        {
            norm = Math.Sqrt(_pass.GradientSquares()) * scale;
            if (!double.IsFinite(norm))
                throw Diverged("gradient norm", norm, rate);
            scale *= Clip(norm) * Smooth(Math.Min(norm, _options.ClipNorm ?? norm), ref smoothed);
        }
        if (_pass.FaultyStatistics() is >= 0 and var faulty)
            throw Diverged($"statistics of the batch in {TModel.Descriptor.Layers[faulty].Path} of step {_state.Steps + 1} are not finite", rate);
        var step = new UpdateStep(_state.Steps + 1, rate, scale, Decay: true);
        if (IsCertain(bound, rate, in step))
        {
            Account();
            _pass.AcceptStatistics();
            _pass.Update(_optimizer, in step);
        }
        else
        {
            TryUpdate(rate, in step);
        }
        _averages?.Add(_ownWorkers ?? WorkerPool.Shared);
        _backup = null;
        _state.Steps++;
        (_state.SmoothedNorm, _state.GradientScale) = (smoothed, _gradientScale);
        _phases.End(_state, TotalSteps ?? 0);
        (_pendingBatches, _pendingWeight) = (0, 0);
        return norm;
    }

    /// <summary>The factor that brings gradients down to the largest norm that they may have.</summary>
    private float Clip(double norm) => norm > _options.ClipNorm ? (float)(_options.ClipNorm.Value / norm) : 1;

    /// <summary>The factor that brings gradients to the running average of their norms.</summary>
    /// <param name="norm">Their norm.</param>
    /// <param name="smoothed">The average, which becomes that with this step.</param>
    private float Smooth(double norm, ref double? smoothed)
    {
        if (_options.GradientSmoothing is not { } share)
            return 1;
        if (smoothed is not { } before)
        {
            smoothed = norm;
            return 1;
        }
        var average = (share * before) + ((1 - share) * norm);
        smoothed = average;
        return (float)(average / (norm + SmoothingEpsilon));
    }

    private void Show(Action<StepGradients> callback, float rate, float scale)
    {
        try
        {
            _gradients.Show(callback, _state.Steps + 1, rate, scale);
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>Clears what trainings leave with the layers of a model.</summary>
    private void StartAnew()
    {
        _groups.Apply();
        _averages?.Restart();
        _distance?.Begin();
        foreach (var layer in Model.Layers)
        {
            foreach (var parameter in layer.Parameters)
                parameter.ClearState();
        }
        _annealing.Thaw();
    }

    /// <summary>Whether an update can only leave finite numbers. The gradients are finite after this.</summary>
    private bool IsCertain(double bound, float rate, in UpdateStep step)
    {
        _guard.Begin();
        if (_guard.TryAdvance(bound, in step))
            return true;
        var (peak, faulty) = _pass.GradientPeak();
        if (faulty >= 0)
            throw Diverged($"gradient of {TModel.Descriptor.Layers[faulty].Path}", peak, rate);
        if (_guard.TryAdvance(peak, in step))
            return true;
        _guard.Measure();
        return _guard.TryAdvance(peak, in step);
    }

    /// <summary>Updates with a copy of everything at hand, and takes the update back if it has left what is not finite.</summary>
    private void TryUpdate(float rate, in UpdateStep step)
    {
        _backup ??= new StepBackup(Model, _optimizer.StateCount);
        _guard.Forget();
        double[] operations = [.. _flops.Sums];
        Account();
        string? fault;
        try
        {
            _pass.AcceptStatistics();
            _pass.Update(_optimizer, in step);
            fault = _guard.FirstFault(TModel.Descriptor);
        }
        catch (NotFiniteNumberException exception)
        {
            fault = exception.Message;
        }
        if (fault is null)
            return;
        _flops.Restore(operations, _state.Steps);
        throw Diverged($"update of step {step.Step} would leave values that are not finite ({fault})", rate);
    }

    /// <summary>Counts the operations of the step whose gradients are there.</summary>
    private void Account()
    {
        for (var i = 0; i < Model.Layers.Count; i++)
            _flops.Add(i, Model.Layers[i].Density, Model.Layers[i].Parts.GradientShare);
        _flops.Next();
    }

    /// <summary>Before the first step: fits schedules without a length of their own to the length of the training.</summary>
    private void FitSchedules(long steps)
    {
        if (_state.Steps == 0 && _goals.CanFit)
            _state.FittedSteps = steps;
        _goals.Fit(_state.FittedSteps);
    }

    private long StepsPerEpoch(FitPlan plan)
    {
        var batches = _options.DropLast ? plan.Samples / plan.BatchSize : ((plan.Samples - 1) / plan.BatchSize) + 1;
        return ((batches - 1) / _options.AccumulationSteps) + 1;
    }

    /// <summary>Optimizer steps of a fit that does not stop early.</summary>
    private long StepsOf(int epochs, FitPlan plan) => Math.Min(_options.MaxSteps ?? long.MaxValue, epochs * StepsPerEpoch(plan));

    private bool IsAtLastStep => _state.Steps >= _options.MaxSteps;

    private float LearningRate()
    {
        if (NeedsTotal && TotalSteps is null)
        {
            var needing = _options.Schedule.NeedsTotal
                ? $"The schedule {_options.Schedule}"
                : "A training that runs layers dense for a while, or anneals gradients,";
            throw new InvalidOperationException(
                $"{needing} needs the number of steps: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.TotalSteps)} or use Fit.");
        }
        if (_options.Schedule.NeedsEpochs && EpochSteps == 0)
        {
            throw new InvalidOperationException(
                $"The schedule {_options.Schedule} counts epochs, which a loop of single steps does not have: use Fit, or a regime in "
                + "steps.");
        }
        return LearningRateAt(_state.Steps);
    }

    private float LearningRateAt(long step) =>
        (float)(_optimizer.LearningRate * _options.Schedule.Factor(step, TotalSteps ?? 0, EpochSteps));

    /// <summary>Optimizer steps of an epoch; 0 in a training that knows no epochs.</summary>
    private long EpochSteps => _state.Plan is { } plan ? StepsPerEpoch(plan) : 0;

    private bool NeedsTotal => _options.Schedule.NeedsTotal || _phases.NeedsTotal || _annealing.NeedsTotal;

    private long? TotalSteps => _options.TotalSteps ?? _state.Plan?.TotalSteps;

    private DivergenceException Diverged(string what, double value, float rate) =>
        Diverged(string.Create(CultureInfo.InvariantCulture, $"{what} of step {_state.Steps + 1} is {value}"), rate);

    /// <summary>Takes back what the step has done so far, and says why.</summary>
    private DivergenceException Diverged(string fault, float rate)
    {
        TakeBack();
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"The {fault}: the training has diverged. The model is as it was before the step. Try a smaller learning rate (it was {rate}), "
            + $"a warm-up, gradient clipping (TrainerOptions.ClipNorm), and check that the inputs are normalised."));
    }

    /// <summary>Makes everything what it was before the step.</summary>
    private void TakeBack()
    {
        _backup?.Restore();
        _backup = null;
        _guard.Forget();
        // The gradients that were accumulated so far belong to a step that will never be: their batches are still to be learned from.
        (_pendingBatches, _pendingWeight) = (0, 0);
        (_state.Batches, _state.EpochBatches, _state.Sums) = _stepStart;
    }

    /// <summary>Throws unless all samples fit the model and the loss.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="what">What they are, for a message.</param>
    private void Check(Dataset data, string what)
    {
        ArgumentNullException.ThrowIfNull(data);
        DatasetEvaluation<TModel>.Check(data, _loss, what);
    }

    /// <summary>What <see cref="Dispose"/> frees.</summary>
    private sealed class Resources(Trainer<TModel> trainer) : IDisposable
    {
        public void Dispose()
        {
            trainer._pass.Dispose();
            trainer._evaluation.Dispose();
            trainer._averages?.Dispose();
            trainer._augmentations?.Dispose();
            trainer._ownWorkers?.Dispose();
        }
    }
}
