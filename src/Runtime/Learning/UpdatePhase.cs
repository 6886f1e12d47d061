namespace SparseSharp.Learning;

/// <summary>
/// A part of the update of a matrix: something that is done alone, and after it tasks that workers take in any order. All matrices of a
/// model are through with a phase before one begins with the next.
/// </summary>
internal sealed class UpdatePhase
{
    private readonly Start? _begin;
    private readonly Share? _run;

    /// <param name="tasks">Tasks.</param>
    /// <param name="run">What a task does.</param>
    /// <param name="begin">What comes before the first task, or null.</param>
    public UpdatePhase(int tasks, Share run, Start? begin = null) => (Tasks, _run, _begin) = (tasks, run, begin);

    /// <param name="alone">All there is to do, on one thread: what it needs of its thread is there after the first time.</param>
    public UpdatePhase(Start alone) => _begin = alone;

    /// <summary>What a task does.</summary>
    public delegate void Share(int task, Optimizer optimizer, in UpdateStep step);

    /// <summary>What is done alone.</summary>
    public delegate void Start(Optimizer optimizer, in UpdateStep step);

    /// <summary>Tasks.</summary>
    public int Tasks { get; }

    /// <summary>Comes before the first task, on the thread of the training.</summary>
    public void Begin(Optimizer optimizer, in UpdateStep step) => _begin?.Invoke(optimizer, in step);

    /// <summary>Does one of the tasks.</summary>
    public void Run(int task, Optimizer optimizer, in UpdateStep step) => _run!(task, optimizer, in step);
}
