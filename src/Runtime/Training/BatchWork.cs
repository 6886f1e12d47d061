using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>The passes of one batch: all panels forward and backward, then the weight gradients over all of them.</summary>
internal sealed unsafe class BatchWork<TModel>(TModel model) : ISharedWork, IDisposable
    where TModel : class, ISparseModel<TModel>
{
    private PinnedBuffer<float>? _workspace;
    private PanelLoss[] _losses = [];
    private TeamBarrier _teamBarrier;
    private TeamBarrier _phaseBarrier;
    private BatchLayout _layout;
    private Batch? _batch;
    private Loss? _loss;
    private bool _accumulate;
    private ulong _randomKey;

    public void Prepare(Batch batch, Loss loss, bool accumulate, ulong randomKey)
    {
        _layout = new BatchLayout(batch.Count);
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
        }
        if (workers > 1)
            _phaseBarrier.Wait(workers);
        TModel.GradWeights(model, new BatchPass(_workspace!.Pointer, descriptor.TrainingRows, _layout, _accumulate, worker, workers, _randomKey));
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
