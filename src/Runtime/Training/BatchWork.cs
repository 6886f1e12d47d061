using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>The passes of one batch: all panels forward and backward, phase by phase, then the weight gradients over all of them.</summary>
internal sealed unsafe class BatchWork<TModel>(TModel model) : PanelRunner, IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>A value that the caches still hold is read in half the time of a gradient that has left them.</summary>
    private const int MostPerGradient = 2;

    private PinnedBuffer<float>? _workspace;
    private PanelLoss[] _losses = [];
    private Batch? _batch;
    private Loss? _loss;
    private float _scale;
    private OutputAverage? _average;
    private bool _measures;
    private int _peak;

    /// <summary>Which half runs, where outputs are averaged.</summary>
    private bool _isBackward;

    /// <summary>Largest magnitude in the workspace after the passes, infinite or NaN if one is; NaN where it was not measured.</summary>
    public float Peak => _measures ? BitConverter.Int32BitsToSingle(_peak) : float.NaN;

    /// <summary>Runs the passes.</summary>
    /// <param name="workers">Who takes part.</param>
    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor on the gradients of the loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="randomKey">Seed of the random numbers.</param>
    /// <param name="gradients">Gradients of all parameters: the workspace is measured where that is no more work than to look at
    /// these.</param>
    /// <param name="average">Averages the outputs of each sample before the loss; null where it has one.</param>
    /// <returns>Sums over the batch.</returns>
    public PanelLoss Run(
        WorkerPool workers, Batch batch, Loss loss, float scale, bool accumulate, ulong randomKey, long gradients,
        OutputAverage? average = null)
    {
        var descriptor = TModel.Descriptor;
        TModel.Prepare(model, training: true);
        var run = new PanelRun(descriptor.LayoutOf(batch.Count), descriptor.TrainingRows)
        {
            KeepsPanels = true,
            Training = true,
            RandomKey = randomKey,
            Phases = descriptor.Phases,
            HasBatchPhase = true,
            Accumulate = accumulate,
        };
        var floats = FloatsOf(in run, workers.Workers);
        _measures = floats <= MostPerGradient * gradients;
        _peak = 0;
        (_batch, _loss, _scale, _average) = (batch, loss, scale, average);
        if (_workspace is null || _workspace.Length < floats)
        {
            _workspace?.Dispose();
            _workspace = new PinnedBuffer<float>(floats);
        }
        if (_losses.Length < run.Layout.Panels)
            _losses = new PanelLoss[run.Layout.Panels];
        if (average is not null)
            return RunInHalves(workers, in run, average);
        Run(workers, in run, _workspace.Pointer);
        return Total();
    }

    /// <summary>All panels forward, then the loss of what they have in common, then all panels backward.</summary>
    private PanelLoss RunInHalves(WorkerPool workers, in PanelRun run, OutputAverage average)
    {
        var descriptor = TModel.Descriptor;
        average.Begin(_batch!, descriptor.OutputFeatures);
        _isBackward = false;
        Run(workers, run with { Phases = descriptor.ForwardPhases, HasBatchPhase = false }, _workspace!.Pointer);
        var loss = average.Evaluate(_loss!, descriptor.OutputFeatures, _scale);
        _isBackward = true;
        Run(workers, run with { FirstPhase = descriptor.ForwardPhases - 1, Phases = descriptor.BackwardPhases }, _workspace.Pointer);
        return loss;
    }

    private PanelLoss Total()
    {
        var total = default(PanelLoss);
        foreach (var loss in _losses.AsSpan(0, Layout.Panels))
            total += loss;
        return total;
    }

    protected override void RunPanel(in PanelPass pass, int panel)
    {
        var descriptor = TModel.Descriptor;
        var (isForward, isBackward) = (_average is null || !_isBackward, _average is null || _isBackward);
        if (pass.Phase == 0 && isForward)
            LoadInput(in pass, panel);
        if (pass.Phase < descriptor.ForwardPhases && isForward)
            TModel.Forward(model, in pass);
        if (pass.Phase == descriptor.ForwardPhases - 1)
        {
            pass.Sync();
            if (_average is not null)
                MoveOutput(in pass, panel, _average.Values);
            else if (pass.Member == 0)
                EvaluateLoss(in pass, panel);
            pass.Sync();
        }
        if (pass.Phase >= descriptor.ForwardPhases - 1 && isBackward)
            TModel.Backward(model, in pass);
        if (_measures && pass.Phase == descriptor.Phases - 1 && isBackward)
            Note(BitConverter.SingleToInt32Bits(Measure(in pass)));
    }

    private void LoadInput(in PanelPass pass, int panel)
    {
        InputEdge.Load(TModel.Descriptor, in pass, new(_batch!.InputPointer), Layout.Start(panel), Layout.Samples(panel), training: true);
        pass.Sync();
    }

    /// <summary>Takes the outputs of a panel to where they are averaged, or gets their gradients from there.</summary>
    private void MoveOutput(in PanelPass pass, int panel, float* values)
    {
        var (descriptor, samples) = (TModel.Descriptor, Layout.Samples(panel));
        var rows = values + ((nint)Layout.Start(panel) * descriptor.OutputFeatures);
        if (_isBackward)
            PanelEdges.Load(in pass, rows, descriptor.OutputFeatures, samples, descriptor.TrainingOutputGradient);
        else
            PanelEdges.Store(in pass, descriptor.TrainingOutput, rows, descriptor.OutputFeatures, samples, Layout.Batch);
    }

    protected override void Reduce(in BatchPass batch) => TModel.Reduce(model, in batch);

    protected override void RunBatch(in BatchPass batch) => TModel.GradWeights(model, in batch);

    public void Dispose() => _workspace?.Dispose();

    /// <summary>The values of a panel while the caches hold them: those that weight gradients are made of are among them.</summary>
    private static float Measure(in PanelPass pass)
    {
        pass.Sync();
        var (first, end) = pass.Share(TModel.Descriptor.TrainingRows, tile: 4);
        fixed (float* values = &pass.Slot(first))
            return Numerics.Peak.Of(new ReadOnlySpan<float>(values, (end - first) * pass.Width));
    }

    /// <summary>Bits of magnitudes are ordered as these are.</summary>
    private void Note(int bits)
    {
        for (var seen = Volatile.Read(ref _peak); bits > seen;)
        {
            var now = Interlocked.CompareExchange(ref _peak, bits, seen);
            if (now == seen)
                return;
            seen = now;
        }
    }

    private void EvaluateLoss(in PanelPass pass, int panel)
    {
        var descriptor = TModel.Descriptor;
        fixed (float* output = &pass.Slot(descriptor.TrainingOutput))
        fixed (float* gradient = &pass.Slot(descriptor.TrainingOutputGradient))
        {
            _losses[panel] = _loss!.Evaluate(
                output, gradient, descriptor.OutputFeatures, pass.Width, Layout.Samples(panel), _batch!, Layout.Start(panel), _scale);
        }
    }
}
