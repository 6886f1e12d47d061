using System.ComponentModel;
using SparseSharp.Models;
using SparseSharp.Numerics;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>
/// The passes of a model for a framework that records its own graph and has optimizers of its own. Parameters can live in its memory,
/// gradients are written to its memory, and what depends on the parameters is brought up to date after its steps.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class AutogradPass<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>
    /// Workspaces that are kept: more live at a time only where several forward passes come before their backward passes.
    /// </summary>
    private const int KeptWorkspaces = 4;

    private readonly TModel _model;
    private readonly ulong _seed;
    private readonly Lifetime _lifetime;
    private readonly Lock _lock = new();
    private readonly Stack<PinnedBuffer<float>> _workspaces = [];
    private readonly ForeignOptimizer _optimizer = new();
    private readonly TrainingPass<TModel> _training;
    private readonly Work _work;
    private readonly Predictor<TModel> _predictor;
    private long _passes;
    private long _steps;
    private bool _isStale;
    private string? _misuse;

    /// <summary>Prepares the passes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Of dropout and pruned gradients.</param>
    /// <exception cref="NotSupportedException">A layer learns by more than the gradients of its weights.</exception>
    public AutogradPass(TModel model, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        var descriptor = TModel.Descriptor;
        for (var i = 0; i < model.Layers.Count; i++)
            CheckCanLearn(model.Layers[i], descriptor, i);
        _model = model;
        _seed = seed;
        _lifetime = ModelLifetime.Of(model, descriptor.Name);
        _training = new TrainingPass<TModel>(model, WorkerPool.Shared);
        _work = new Work(model);
        _predictor = new Predictor<TModel>(model);
        Parameters =
        [
            .. model.Layers.SelectMany((layer, index) => layer.Parts.LearnedParameters.Select(
                learned => new SharedParameter(layer.Parts, learned.Part, learned.Parameter, descriptor.Layers[index]))),
        ];
    }

    /// <summary>Features of one input sample.</summary>
    public int InputFeatures => TModel.Descriptor.InputFeatures;

    /// <summary>Features of one output row.</summary>
    public int OutputFeatures => TModel.Descriptor.OutputFeatures;

    /// <summary>Weights and biases, layer by layer.</summary>
    public IReadOnlyList<SharedParameter> Parameters { get; }

    /// <summary>Optimizer steps that <see cref="AfterStep"/> has been told of.</summary>
    public long Steps => _steps;

    /// <summary>Computes outputs that no backward pass follows.</summary>
    /// <param name="inputs">Row-major <c>[batch, input features]</c>.</param>
    /// <param name="outputs">Receives <c>[batch, output features]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not belong to one batch.</exception>
    /// <exception cref="InvalidOperationException">The last backward pass could not be run.</exception>
    public void Infer(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        lock (_lock)
        {
            _lifetime.ThrowIfClosed();
            ThrowIfMisused();
            Refresh();
        }
        _predictor.Predict(inputs, outputs);
    }

    /// <summary>Forward pass that a backward pass may follow.</summary>
    /// <param name="inputs">Row-major <c>[batch, input features]</c>.</param>
    /// <param name="outputs">Receives <c>[batch, output features]</c>.</param>
    /// <param name="training">Whether dropout is active.</param>
    /// <returns>What the backward pass needs.</returns>
    /// <exception cref="ArgumentException">The lengths do not belong to one batch.</exception>
    /// <exception cref="InvalidOperationException">The last backward pass could not be run.</exception>
    public AutogradTape Forward(ReadOnlySpan<float> inputs, Span<float> outputs, bool training)
    {
        var batch = inputs.Length / InputFeatures;
        if (batch == 0 || inputs.Length != batch * InputFeatures || outputs.Length != (long)batch * OutputFeatures)
            throw new ArgumentException($"{inputs.Length} input and {outputs.Length} output values are not a batch: a sample has {InputFeatures} and {OutputFeatures}.");
        lock (_lock)
        {
            using var scope = _lifetime.Change();
            ThrowIfMisused();
            if (training)
                TModel.Descriptor.CheckSamples(batch);
            Refresh();
            TModel.Prepare(_model, training: true);
            var layout = TModel.Descriptor.LayoutOf(batch);
            var tape = new AutogradTape(Rent(layout), layout, Philox.PassKey(_seed, _passes++));
            fixed (float* source = inputs)
            fixed (float* target = outputs)
                _work.Forward(tape, source, target, training);
            return tape;
        }
    }

    /// <summary>Backward pass. Throws nothing, because it may be called through frames that no exception can pass.</summary>
    /// <param name="tape">Of the forward pass; it can be used once.</param>
    /// <param name="outputGradient">Gradient of the outputs, <c>[batch, output features]</c>.</param>
    /// <param name="inputGradient">Receives the gradient of the inputs, or is empty.</param>
    /// <param name="gradients">Where the gradients of <see cref="Parameters"/> go: what <see cref="SharedParameter.GradientAddress"/>
    /// says.</param>
    /// <returns>Whether the gradients are there; if not, the next <see cref="Forward"/> tells why.</returns>
    public bool Backward(AutogradTape tape, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, ReadOnlySpan<nint> gradients)
    {
        lock (_lock)
        {
            if (outputGradient.Length != (long)tape.Batch * OutputFeatures
                || (!inputGradient.IsEmpty && inputGradient.Length != (long)tape.Batch * InputFeatures))
            {
                _misuse =
                    $"The last backward pass got {outputGradient.Length} gradients for {tape.Batch} samples of {OutputFeatures} outputs.";
                return false;
            }
            if (tape.Take() is not { } workspace)
            {
                _misuse = "backward() ran twice through the same forward pass, whose values are gone after the first time. Call the module "
                    + "again instead of backward(retain_graph: true).";
                return false;
            }
            try
            {
                using var scope = _lifetime.Change();
                for (var i = 0; i < Parameters.Count; i++)
                    Parameters[i].BeginGradient((float*)gradients[i]);
                _training.BeginGradients(_steps + 1);
                fixed (float* source = outputGradient)
                fixed (float* target = inputGradient)
                    _work.Backward(tape, workspace, source, target);
                _training.CompleteGradients();
                if (_training.FaultyStatistics() < 0)
                    _training.AcceptStatistics();
                _isStale = true;
                return true;
            }
            catch (Exception exception)
            {
                _misuse = $"The last backward pass failed: {exception.Message}";
                return false;
            }
            finally
            {
                foreach (var parameter in Parameters)
                    parameter.EndGradient();
                Keep(workspace);
            }
        }
    }

    /// <summary>Comes after each step of an optimizer: finds masks that are due and packs the weights anew.</summary>
    /// <exception cref="InvalidOperationException">The last backward pass could not be run.</exception>
    public void AfterStep()
    {
        lock (_lock)
        {
            ThrowIfMisused();
            Update(++_steps);
        }
    }

    /// <summary>Brings packed copies up to date if the weights may have changed since they were made; masks stay as they are.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            // Step 1 is one at which masks are found anew only if they are at every step.
            if (_isStale)
                Update(step: 1);
        }
    }

    /// <summary>Notes that somebody has changed weights.</summary>
    public void WeightsChanged() => _isStale = true;

    /// <summary>
    /// Moves all parameters back into memory of the model and frees what belongs to the passes; the model stays as it is.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            // Memory of a model that is gone has nothing to move back.
            if (!_lifetime.IsClosed)
                ReturnParameters();
            while (_workspaces.TryPop(out var workspace))
                workspace.Dispose();
            _training.Dispose();
            _predictor.Dispose();
        }
    }

    private void ReturnParameters()
    {
        using var scope = _lifetime.Change();
        foreach (var parameter in Parameters)
            parameter.Return();
    }

    private static void CheckCanLearn(ILayer layer, ModelDescriptor descriptor, int index)
    {
        if (layer.Parts.Learned.Select(part => part.NeedsTrainer).FirstOrDefault(reason => reason is not null) is not { } reason)
            return;
        throw new NotSupportedException(
            $"Layer {descriptor.Layers[index].Path} cannot be trained by the optimizer of another framework: {reason}. "
            + $"Train this model with Trainer<{descriptor.Name}>.");
    }

    private void Update(long step)
    {
        using var scope = _lifetime.Change();
        _training.Update(_optimizer, new UpdateStep(step, LearningRate: 1, GradientScale: 1, Decay: false));
        _isStale = false;
    }

    private void ThrowIfMisused()
    {
        if (Interlocked.Exchange(ref _misuse, null) is { } misuse)
            throw new InvalidOperationException(misuse);
    }

    private PinnedBuffer<float> Rent(BatchLayout layout)
    {
        var floats = _work.FloatsOf(layout);
        while (_workspaces.TryPop(out var kept))
        {
            if (kept.Length >= floats)
                return kept;
            kept.Dispose();
        }
        return new PinnedBuffer<float>(floats);
    }

    private void Keep(PinnedBuffer<float> workspace)
    {
        if (_workspaces.Count < KeptWorkspaces)
            _workspaces.Push(workspace);
        else
            workspace.Dispose();
    }

    /// <summary>What the workers do in a pass.</summary>
    private sealed class Work(TModel model) : PanelRunner
    {
        private float* _source;
        private float* _target;
        private bool _isBackward;

        /// <summary>Floats of workspace that the passes of a batch need.</summary>
        public long FloatsOf(BatchLayout layout) => FloatsOf(RunOf(layout, randomKey: 0), WorkerPool.Shared.Workers);

        public void Forward(AutogradTape tape, float* inputs, float* outputs, bool training)
        {
            _source = inputs;
            _target = outputs;
            _isBackward = false;
            Run(
                WorkerPool.Shared,
                RunOf(tape.Layout, tape.RandomKey) with { Training = training, Phases = TModel.Descriptor.ForwardPhases },
                tape.Workspace.Pointer);
        }

        public void Backward(AutogradTape tape, PinnedBuffer<float> workspace, float* outputGradient, float* inputGradient)
        {
            _source = outputGradient;
            _target = inputGradient;
            _isBackward = true;
            var run = RunOf(tape.Layout, tape.RandomKey) with
            {
                Training = true,
                HasInputGradient = inputGradient != null,
                FirstPhase = TModel.Descriptor.ForwardPhases - 1,
                Phases = TModel.Descriptor.BackwardPhases,
                HasBatchPhase = true,
            };
            Run(WorkerPool.Shared, in run, workspace.Pointer);
        }

        protected override void RunPanel(in PanelPass pass, int panel)
        {
            if (_isBackward)
                BackwardPanel(in pass, Layout.Start(panel), Layout.Samples(panel));
            else
                ForwardPanel(in pass, Layout.Start(panel), Layout.Samples(panel));
        }

        protected override void Reduce(in BatchPass batch) => TModel.Reduce(model, in batch);

        protected override void RunBatch(in BatchPass batch) => TModel.GradWeights(model, in batch);

        private static PanelRun RunOf(BatchLayout layout, ulong randomKey) =>
            new(layout, TModel.Descriptor.TrainingRows) { KeepsPanels = true, RandomKey = randomKey };

        private void ForwardPanel(in PanelPass pass, nint start, int samples)
        {
            var descriptor = TModel.Descriptor;
            if (pass.Phase == 0)
            {
                InputEdge.Load(descriptor, in pass, new(_source), start, samples, training: true);
                pass.Sync();
            }
            TModel.Forward(model, in pass);
            if (pass.Phase < descriptor.ForwardPhases - 1)
                return;
            pass.Sync();
            PanelEdges.Store(
                in pass, descriptor.TrainingOutput, _target + (start * descriptor.OutputFeatures), descriptor.OutputFeatures, samples,
                Layout.Batch);
            pass.Sync();
        }

        private void BackwardPanel(in PanelPass pass, nint start, int samples)
        {
            var descriptor = TModel.Descriptor;
            if (pass.Phase == descriptor.ForwardPhases - 1)
            {
                PanelEdges.Load(
                    in pass, _source + (start * descriptor.OutputFeatures), descriptor.OutputFeatures, samples,
                    descriptor.TrainingOutputGradient);
                pass.Sync();
            }
            TModel.Backward(model, in pass);
            if (!pass.HasInputGradient || pass.Phase < descriptor.Phases - 1)
                return;
            pass.Sync();
            PanelEdges.Store(
                in pass, descriptor.TrainingInputGradient, _target + (start * descriptor.InputFeatures), descriptor.InputFeatures, samples,
                Layout.Batch);
        }
    }
}
