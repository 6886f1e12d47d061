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
    private readonly LearnedPart[] _parts;
    private readonly (LearnedPart Part, int Layer, int Task)[] _gradients;
    private readonly double[] _squares;
    private readonly float[] _peaks;
    private readonly IReadOnlyList<UpdatePhase>[] _phases;

    /// <summary>The phases of this round that have tasks.</summary>
    private readonly (LearnedPart Part, UpdatePhase Phase)[] _running;

    /// <summary>Number of the first task of each of them.</summary>
    private readonly int[] _starts;
    private Optimizer? _optimizer;
    private UpdateStep _step;
    private Kind _kind;
    private int _count;
    private int _tasks;
    private int _next;

    public UpdateWork(IEnumerable<LayerParts> layers)
    {
        (LearnedPart Part, int Layer)[] parts = [.. layers.SelectMany((layer, number) => layer.Learned.Select(part => (part, number)))];
        _parts = [.. parts.Select(entry => entry.Part)];
        _gradients =
            [.. from entry in parts from task in Enumerable.Range(0, entry.Part.GradientTasks) select (entry.Part, entry.Layer, task)];
        _squares = new double[_gradients.Length];
        _peaks = new float[_gradients.Length];
        _phases = new IReadOnlyList<UpdatePhase>[_parts.Length];
        _running = new (LearnedPart, UpdatePhase)[_parts.Length];
        _starts = new int[_parts.Length];
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
                return (_peaks[i], _gradients[i].Layer);
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

    /// <summary>Takes all layers through the phases of a step. All parts are through with one before any begins with the next.</summary>
    public void Update(WorkerPool workers, Optimizer optimizer, in UpdateStep step)
    {
        (_optimizer, _step) = (optimizer, step with { Decay = true });
        var rounds = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i].PrepareState(optimizer.StateCount);
            _phases[i] = _parts[i].Phases(in _step);
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
                _squares[i] = _gradients[i].Part.GradientSquares(_gradients[i].Task);
            else if (_kind == Kind.Peaks)
                _peaks[i] = _gradients[i].Part.GradientPeak(_gradients[i].Task);
            else
                _gradients[i].Part.CompleteGradients(_gradients[i].Task);
        }
    }

    private void Begin(Kind kind, int tasks) => (_kind, _tasks, _next) = (kind, tasks, 0);

    /// <summary>Begins a phase of each part that has so many; vectors have one. Returns the number of tasks.</summary>
    private int BeginPhases(int round)
    {
        _count = 0;
        var tasks = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            if (round < _phases[i].Count)
                tasks += BeginPhase(_parts[i], _phases[i][round], tasks);
        }
        return tasks;
    }

    private int BeginPhase(LearnedPart part, UpdatePhase phase, int start)
    {
        part.Begin(phase, _optimizer!, in _step);
        if (phase.Tasks > 0)
        {
            _running[_count] = (part, phase);
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
        var (part, phase) = _running[place];
        part.Update(phase, task - _starts[place], _optimizer!, in _step);
    }
}
