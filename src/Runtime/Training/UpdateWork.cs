using SparseSharp.Layers;
using SparseSharp.Learning;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>
/// What is done with the gradients and the parameters of all layers, in tasks that workers take as they become free: each is done by one
/// worker, whichever that is.
/// </summary>
internal sealed class UpdateWork : ISharedWork
{
    private readonly LayerWeights[] _layers;
    private readonly (LayerWeights Layer, int Task)[] _gradients;
    private readonly double[] _squares;
    private readonly float[] _peaks;
    private readonly IReadOnlyList<UpdatePhase>[] _phases;

    /// <summary>The phases of this round that have tasks.</summary>
    private readonly (LayerWeights Layer, UpdatePhase Phase)[] _running;

    /// <summary>Number of the first task of each of them.</summary>
    private readonly int[] _starts;
    private Optimizer? _optimizer;
    private UpdateStep _step;
    private Kind _kind;
    private int _count;
    private int _tasks;
    private int _next;

    public UpdateWork(IEnumerable<LayerWeights> layers)
    {
        _layers = [.. layers];
        _gradients = [.. from layer in _layers from task in Enumerable.Range(0, layer.GradientTasks) select (layer, task)];
        _squares = new double[_gradients.Length];
        _peaks = new float[_gradients.Length];
        _phases = new IReadOnlyList<UpdatePhase>[_layers.Length];
        _running = new (LayerWeights, UpdatePhase)[2 * _layers.Length];
        _starts = new int[2 * _layers.Length];
    }

    private enum Kind
    {
        Squares,
        Peaks,
        Complete,
        Phase,
    }

    /// <summary>Sum of squares of all gradients, in an order that does not depend on the number of workers.</summary>
    public double Squares(WorkerPool workers)
    {
        Begin(Kind.Squares, _gradients.Length);
        workers.Run(this);
        var sum = 0.0;
        foreach (var squares in _squares)
            sum += squares;
        return sum;
    }

    /// <summary>Largest magnitude of all gradients; if one is not finite, the number of its layer beside it, else -1.</summary>
    /// <param name="workers">Who looks; null leaves it to the caller.</param>
    public (float Peak, int Faulty) Peaks(WorkerPool? workers)
    {
        Begin(Kind.Peaks, _gradients.Length);
        if (workers is null)
            Run(0, 1);
        else
            workers.Run(this);
        var peak = 0f;
        for (var i = 0; i < _peaks.Length; i++)
        {
            if (!float.IsFinite(_peaks[i]))
                return (_peaks[i], Array.IndexOf(_layers, _gradients[i].Layer));
            peak = Math.Max(peak, _peaks[i]);
        }
        return (peak, -1);
    }

    /// <summary>Turns gradients of the loss into those that weights learn from, for optimizers that know nothing of masks.</summary>
    public void Complete(WorkerPool workers)
    {
        Begin(Kind.Complete, _gradients.Length);
        workers.Run(this);
    }

    /// <summary>Takes all layers through the phases of a step. Layers are through with one before any begins with the next.</summary>
    public void Update(WorkerPool workers, Optimizer optimizer, in UpdateStep step)
    {
        (_optimizer, _step) = (optimizer, step with { Decay = true });
        var rounds = 0;
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i].PrepareState(optimizer.StateCount);
            _phases[i] = _layers[i].Phases(in _step);
            rounds = Math.Max(rounds, _phases[i].Count);
        }
        for (var round = 0; round < rounds; round++)
        {
            Begin(Kind.Phase, BeginPhases(round));
            if (_tasks > 0)
                workers.Run(this);
        }
    }

    public void Run(int worker, int workers)
    {
        for (var i = Interlocked.Increment(ref _next) - 1; i < _tasks; i = Interlocked.Increment(ref _next) - 1)
        {
            if (_kind == Kind.Phase)
                RunPhase(i);
            else if (_kind == Kind.Squares)
                _squares[i] = _gradients[i].Layer.GradientSquares(_gradients[i].Task);
            else if (_kind == Kind.Peaks)
                _peaks[i] = _gradients[i].Layer.GradientPeak(_gradients[i].Task);
            else
                _gradients[i].Layer.CompleteGradients(_gradients[i].Task);
        }
    }

    private void Begin(Kind kind, int tasks) => (_kind, _tasks, _next) = (kind, tasks, 0);

    /// <summary>Begins a phase of each layer that has so many; biases go with the first. Returns the number of tasks.</summary>
    private int BeginPhases(int round)
    {
        _count = 0;
        var tasks = 0;
        for (var i = 0; i < _layers.Length; i++)
        {
            if (round < _phases[i].Count)
                tasks += BeginPhase(_layers[i], _phases[i][round], tasks);
            if (round == 0 && _layers[i].BiasPhase is { } bias)
                tasks += BeginPhase(_layers[i], bias, tasks);
        }
        return tasks;
    }

    private int BeginPhase(LayerWeights layer, UpdatePhase phase, int start)
    {
        layer.Begin(phase, _optimizer!, in _step);
        if (phase.Tasks > 0)
        {
            _running[_count] = (layer, phase);
            _starts[_count++] = start;
        }
        return phase.Tasks;
    }

    private void RunPhase(int task)
    {
        var place = Array.BinarySearch(_starts, 0, _count, task);
        // Between two starts it is the one before.
        if (place < 0)
            place = ~place - 1;
        var (layer, phase) = _running[place];
        layer.Update(phase, task - _starts[place], _optimizer!, in _step);
    }
}
