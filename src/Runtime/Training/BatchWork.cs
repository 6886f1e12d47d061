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
    private bool _measures;
    private int _peak;

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
    /// <returns>Sums over the batch.</returns>
    public PanelLoss Run(WorkerPool workers, Batch batch, Loss loss, float scale, bool accumulate, ulong randomKey, long gradients)
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
        (_batch, _loss, _scale) = (batch, loss, scale);
        if (_workspace is null || _workspace.Length < floats)
        {
            _workspace?.Dispose();
            _workspace = new PinnedBuffer<float>(floats);
        }
        if (_losses.Length < run.Layout.Panels)
            _losses = new PanelLoss[run.Layout.Panels];
        Run(workers, in run, _workspace.Pointer);
        return Total();
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
        if (pass.Phase == 0)
            LoadInput(in pass, panel);
        if (pass.Phase < descriptor.ForwardPhases)
            TModel.Forward(model, in pass);
        if (pass.Phase == descriptor.ForwardPhases - 1)
        {
            pass.Sync();
            if (pass.Member == 0)
                EvaluateLoss(in pass, panel);
            pass.Sync();
        }
        if (pass.Phase >= descriptor.ForwardPhases - 1)
            TModel.Backward(model, in pass);
        if (_measures && pass.Phase == descriptor.Phases - 1)
            Note(BitConverter.SingleToInt32Bits(Measure(in pass)));
    }

    private void LoadInput(in PanelPass pass, int panel)
    {
        InputEdge.Load(TModel.Descriptor, in pass, new(_batch!.InputPointer), Layout.Start(panel), Layout.Samples(panel), training: true);
        pass.Sync();
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
