using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>The passes of one batch: all panels forward and backward, then the weight gradients over all of them.</summary>
internal sealed unsafe class BatchWork<TModel>(TModel model) : ISharedWork, IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>A value that the caches still hold is read in half the time of a gradient that has left them.</summary>
    private const int MostPerGradient = 2;

    private PinnedBuffer<float>? _workspace;
    private PanelLoss[] _losses = [];
    private TeamBarrier _teamBarrier;
    private TeamBarrier _phaseBarrier;
    private BatchLayout _layout;
    private Batch? _batch;
    private Loss? _loss;
    private bool _accumulate;
    private ulong _randomKey;
    private bool _measures;
    private int _peak;

    /// <summary>Largest magnitude in the workspace after the passes, infinite or NaN if one is; NaN where it was not measured.</summary>
    public float Peak => _measures ? BitConverter.Int32BitsToSingle(_peak) : float.NaN;

    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="randomKey">Seed of the random numbers.</param>
    /// <param name="gradients">Gradients of all parameters: the workspace is measured where that is no more work than to look at these.</param>
    public void Prepare(Batch batch, Loss loss, bool accumulate, ulong randomKey, long gradients)
    {
        _layout = new BatchLayout(batch.Count);
        _measures = (long)TModel.Descriptor.TrainingRows * _layout.Columns <= MostPerGradient * gradients;
        _peak = 0;
        (_batch, _loss, _accumulate, _randomKey) = (batch, loss, accumulate, randomKey);
        var floats = (long)TModel.Descriptor.TrainingRows * _layout.Columns;
        if (_workspace is null || _workspace.Length < floats)
        {
            _workspace?.Dispose();
            _workspace = new PinnedBuffer<float>(floats);
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

    public void Abort()
    {
        _teamBarrier.Fail();
        _phaseBarrier.Fail();
    }

    public void Run(int worker, int workers)
    {
        var descriptor = TModel.Descriptor;
        var team = new PanelTeam(_layout, worker, workers, ref _teamBarrier);
        var largest = 0f;
        for (var panel = team.First; panel < _layout.Panels; panel += team.Step)
        {
            var start = _layout.Start(panel);
            var pass = team.Pass(_workspace!.Pointer, descriptor.TrainingRows, start, _layout.Vectors(panel), training: true, _randomKey);
            PanelEdges.Load(
                in pass, _batch!.InputPointer + ((nint)start * descriptor.InputFeatures), descriptor.InputFeatures, _layout.Samples(panel), descriptor.TrainingInput);
            pass.Sync();
            TModel.Forward(model, in pass);
            pass.Sync();
            if (team.Member == 0)
                EvaluateLoss(in pass, panel);
            pass.Sync();
            TModel.Backward(model, in pass);
            if (_measures)
                largest = Numerics.Peak.Larger(largest, Measure(in pass));
        }
        if (_measures)
            Note(BitConverter.SingleToInt32Bits(largest));
        if (workers > 1)
            _phaseBarrier.Wait(workers);
        TModel.GradWeights(model, new BatchPass(_workspace!.Pointer, descriptor.TrainingRows, _layout, _accumulate, worker, workers, _randomKey));
    }

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
                output, gradient, descriptor.OutputFeatures, pass.Width, _layout.Samples(panel), _batch!, _layout.Start(panel), 1f / _layout.Batch);
        }
    }
}
