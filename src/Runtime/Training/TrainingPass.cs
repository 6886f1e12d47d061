using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>Runs the emitted passes of a model over one batch: everything of a training step but the rule of the optimizer. Allocates nothing after the first batch of a size.</summary>
internal sealed unsafe class TrainingPass<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    private readonly Linear[] _layers;
    private readonly WorkerPool _workers;
    private readonly BatchWork _batchWork;
    private readonly UpdateWork _updateWork;

    public TrainingPass(TModel model, WorkerPool workers)
    {
        _layers = [.. model.Layers];
        ShareBudgets(_layers);
        _workers = workers;
        _batchWork = new BatchWork(model);
        _updateWork = new UpdateWork(_layers);
    }

    /// <summary>Forward, loss, backward and weight gradients of one batch.</summary>
    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="dropoutKey">Seed of this step's random numbers: dropout and pruned gradients.</param>
    /// <param name="step">Number of the optimizer step that the gradients are for; 0 if they are for none.</param>
    /// <returns>Sums over the batch.</returns>
    public PanelLoss Run(Batch batch, Loss loss, bool accumulate, ulong dropoutKey, long step = 0)
    {
        var descriptor = TModel.Descriptor;
        if (batch.Features != descriptor.InputFeatures)
            throw new ArgumentException($"The batch has {batch.Features} features per sample; {descriptor.Name} takes {descriptor.InputFeatures}.", nameof(batch));
        if (batch.Count == 0)
            throw new ArgumentException("The batch is empty.", nameof(batch));
        loss.Check(batch, descriptor.OutputFeatures);
        _batchWork.Prepare(batch, loss, accumulate, dropoutKey);
        foreach (var layer in _layers)
            layer.Rule.Begin(step);
        _workers.Run(_batchWork);
        return _batchWork.Total();
    }

    /// <summary>Sum of squares of all gradients, in an order that does not depend on the number of workers.</summary>
    public double GradientSquares()
    {
        _updateWork.Prepare(null, default);
        Run(UpdateStage.Squares);
        return _updateWork.TotalSquares();
    }

    /// <summary>Turns gradients of the loss into those that weights learn from, for optimizers that know nothing of masks.</summary>
    public void CompleteGradients() => Run(UpdateStage.Complete);

    /// <summary>Applies the optimizer to every parameter, refreshes masks that are due and the packed copies.</summary>
    public void Update(Optimizer optimizer, in UpdateStep step)
    {
        _updateWork.Prepare(optimizer, in step);
        if (Array.Exists(_layers, layer => layer.Rule.PreparesUpdate))
            PrepareUpdate(optimizer, in step);
        Run(UpdateStage.Update);
        foreach (var layer in _layers)
            layer.Rule.Finish(optimizer, in step);
        Refresh(in step);
    }

    /// <summary>Layers with the same budget over the model select their weights together.</summary>
    private static void ShareBudgets(Linear[] layers)
    {
        foreach (var budget in layers.Where(layer => layer.Pattern is UnstructuredPattern { TopK: not null, Budget: BudgetScope.OverModel }).GroupBy(layer => layer.Pattern))
        {
            var stores = budget.Select(layer => layer.Annealed!).ToArray();
            foreach (var store in stores)
                store.BudgetOf = stores;
        }
    }

    private void PrepareUpdate(Optimizer optimizer, in UpdateStep step)
    {
        Run(UpdateStage.Prepare);
        foreach (var layer in _layers)
        {
            if (layer.Rule.PreparesUpdate)
                layer.Rule.FinishPreparing(optimizer, in step);
        }
    }

    /// <summary>Finds masks anew that need to know the whole layer, and packs the weights.</summary>
    private void Refresh(in UpdateStep step)
    {
        foreach (var phase in (ReadOnlySpan<RefreshPhase>)[RefreshPhase.Find, RefreshPhase.Pack])
        {
            var refreshes = false;
            foreach (var layer in _layers)
            {
                if (!layer.Rule.RefreshesTogether(in step))
                    continue;
                layer.Rule.BeginRefresh(phase);
                refreshes = true;
            }
            if (refreshes)
                Run(phase == RefreshPhase.Find ? UpdateStage.Find : UpdateStage.Pack);
        }
    }

    private void Run(UpdateStage stage)
    {
        _updateWork.Begin(stage);
        _workers.Run(_updateWork);
    }

    public void Dispose() => _batchWork.Dispose();

    /// <summary>What workers do with the groups of rows of all layers.</summary>
    private enum UpdateStage
    {
        Squares,
        Complete,
        Prepare,
        Update,
        Find,
        Pack,
    }

    /// <summary>The passes of one batch: all panels forward and backward, then the weight gradients over all of them.</summary>
    private sealed class BatchWork(TModel model) : ISharedWork, IDisposable
    {
        private NativeBuffer<float>? _workspace;
        private PanelLoss[] _losses = [];
        private TeamBarrier _teamBarrier;
        private TeamBarrier _phaseBarrier;
        private BatchLayout _layout;
        private Batch? _batch;
        private Loss? _loss;
        private bool _accumulate;
        private ulong _dropoutKey;

        public void Prepare(Batch batch, Loss loss, bool accumulate, ulong dropoutKey)
        {
            _layout = new BatchLayout(batch.Count);
            (_batch, _loss, _accumulate, _dropoutKey) = (batch, loss, accumulate, dropoutKey);
            var floats = (long)TModel.Descriptor.TrainingRows * _layout.Columns;
            if (_workspace is null || _workspace.Length < floats)
            {
                _workspace?.Dispose();
                _workspace = new NativeBuffer<float>(floats);
            }
            if (_losses.Length < _layout.Panels)
                _losses = new PanelLoss[_layout.Panels];
            _teamBarrier.Reset();
            _phaseBarrier.Reset();
        }

        public PanelLoss Total()
        {
            var sum = 0.0;
            var correct = 0;
            foreach (var loss in _losses.AsSpan(0, _layout.Panels))
            {
                sum += loss.Sum;
                correct += loss.Correct;
            }
            return new PanelLoss(sum, correct);
        }

        public void Run(int worker, int workers)
        {
            var descriptor = TModel.Descriptor;
            var team = new PanelTeam(_layout, worker, workers, ref _teamBarrier);
            for (var panel = team.First; panel < _layout.Panels; panel += team.Step)
            {
                var start = _layout.Start(panel);
                var pass = team.Pass(_workspace!.Pointer, descriptor.TrainingRows, start, _layout.Vectors(panel), training: true, _dropoutKey);
                PanelEdges.Load(
                    in pass, _batch!.InputPointer + ((nint)start * descriptor.InputFeatures), descriptor.InputFeatures, _layout.Samples(panel), descriptor.TrainingInput);
                pass.Sync();
                TModel.Forward(model, in pass);
                pass.Sync();
                if (team.Member == 0)
                    EvaluateLoss(in pass, panel);
                pass.Sync();
                TModel.Backward(model, in pass);
            }
            if (workers > 1)
                _phaseBarrier.Wait(workers);
            TModel.GradWeights(model, new BatchPass(_workspace!.Pointer, descriptor.TrainingRows, _layout, _accumulate, worker, workers, _dropoutKey));
        }

        public void Dispose() => _workspace?.Dispose();

        private void EvaluateLoss(in PanelPass pass, int panel)
        {
            var descriptor = TModel.Descriptor;
            fixed (float* output = &pass.Slot(descriptor.TrainingOutput))
            fixed (float* gradient = &pass.Slot(descriptor.TrainingOutputGradient))
            {
                _losses[panel] = _loss!.Evaluate(
                    output, gradient, descriptor.OutputFeatures, pass.Width, _layout.Samples(panel), _batch!, _layout.Start(panel), 1f / _layout.Batch);
            }
        }
    }

    /// <summary>The slices of all parameters, taken by workers as they become free: each is updated by one worker, whichever that is.</summary>
    private sealed class UpdateWork : ISharedWork
    {
        private readonly Linear[] _layers;
        private readonly (Linear Layer, int Task)[] _tasks;
        private readonly double[] _squares;
        private Optimizer? _optimizer;
        private UpdateStep _step;
        private UpdateStage _stage;
        private int _next;

        public UpdateWork(Linear[] layers)
        {
            _layers = layers;
            _tasks = [.. from layer in layers from task in Enumerable.Range(0, layer.UpdateTasks) select (layer, task)];
            _squares = new double[_tasks.Length];
        }

        public void Prepare(Optimizer? optimizer, in UpdateStep step)
        {
            (_optimizer, _step) = (optimizer, step with { Decay = true });
            if (optimizer is null)
                return;
            foreach (var layer in _layers)
                layer.PrepareState(optimizer.StateCount);
        }

        public void Begin(UpdateStage stage) => (_stage, _next) = (stage, 0);

        public double TotalSquares()
        {
            var sum = 0.0;
            foreach (var squares in _squares)
                sum += squares;
            return sum;
        }

        public void Run(int worker, int workers)
        {
            for (var i = Interlocked.Increment(ref _next) - 1; i < _tasks.Length; i = Interlocked.Increment(ref _next) - 1)
            {
                var (layer, task) = _tasks[i];
                if (_stage == UpdateStage.Squares)
                    _squares[i] = layer.GradientSquares(task);
                else if (_stage == UpdateStage.Update)
                    layer.Update(task, _optimizer!, in _step);
                else if (task < layer.Groups)
                    RunGroup(layer, task);
            }
        }

        private void RunGroup(Linear layer, int group)
        {
            if (_stage == UpdateStage.Complete)
            {
                layer.Rule.CompleteGradient(group);
            }
            else if (_stage == UpdateStage.Prepare)
            {
                if (layer.Rule.PreparesUpdate)
                    layer.Rule.Prepare(group);
            }
            else if (layer.Rule.RefreshesTogether(in _step))
            {
                layer.Rule.Refresh(_stage == UpdateStage.Find ? RefreshPhase.Find : RefreshPhase.Pack, group);
            }
        }
    }
}
