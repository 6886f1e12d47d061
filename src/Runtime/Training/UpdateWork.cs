using SparseSharp.Layers;
using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>The slices of all parameters, taken by workers as they become free: each is updated by one worker, whichever that is.</summary>
internal sealed class UpdateWork : ISharedWork
{
    private readonly Linear[] _layers;
    private readonly (Linear Layer, int Task)[] _tasks;
    private readonly double[] _squares;
    private readonly float[] _peaks;
    private Optimizer? _optimizer;
    private UpdateStep _step;
    private UpdateStage _stage;
    private int _next;

    public UpdateWork(Linear[] layers)
    {
        _layers = layers;
        _tasks = [.. from layer in layers from task in Enumerable.Range(0, layer.Weights.UpdateTasks) select (layer, task)];
        _squares = new double[_tasks.Length];
        _peaks = new float[_tasks.Length];
    }

    public void Prepare(Optimizer? optimizer, in UpdateStep step)
    {
        (_optimizer, _step) = (optimizer, step with { Decay = true });
        if (optimizer is null)
            return;
        foreach (var layer in _layers)
            layer.Weights.PrepareState(optimizer.StateCount);
    }

    public void Begin(UpdateStage stage) => (_stage, _next) = (stage, 0);

    public double TotalSquares()
    {
        var sum = 0.0;
        foreach (var squares in _squares)
            sum += squares;
        return sum;
    }

    /// <summary>Largest magnitude of all gradients; if one is not finite, the number of its layer beside it, else -1.</summary>
    public (float Peak, int Faulty) LargestPeak()
    {
        var peak = 0f;
        for (var i = 0; i < _tasks.Length; i++)
        {
            if (!float.IsFinite(_peaks[i]))
                return (_peaks[i], Array.IndexOf(_layers, _tasks[i].Layer));
            peak = Math.Max(peak, _peaks[i]);
        }
        return (peak, -1);
    }

    public void Run(int worker, int workers)
    {
        for (var i = Interlocked.Increment(ref _next) - 1; i < _tasks.Length; i = Interlocked.Increment(ref _next) - 1)
        {
            var (layer, task) = _tasks[i];
            if (_stage == UpdateStage.Squares)
                _squares[i] = layer.Weights.GradientSquares(task);
            else if (_stage == UpdateStage.Peaks)
                _peaks[i] = layer.Weights.GradientPeak(task);
            else if (_stage == UpdateStage.Update)
                layer.Weights.Update(task, _optimizer!, in _step);
            else if (task < layer.Matrix.Groups)
                RunGroup(layer, task);
        }
    }

    private void RunGroup(Linear layer, int group)
    {
        if (_stage == UpdateStage.Complete)
        {
            layer.Weights.Rule.CompleteGradient(group);
        }
        else if (_stage == UpdateStage.Prepare)
        {
            if (layer.Weights.Rule.PreparesUpdate)
                layer.Weights.Rule.Prepare(group);
        }
        else if (layer.Weights.Rule.RefreshesTogether(in _step))
        {
            layer.Weights.Rule.Refresh(_stage == UpdateStage.Find ? RefreshPhase.Find : RefreshPhase.Pack, group);
        }
    }
}
