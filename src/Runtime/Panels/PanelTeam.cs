using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>How the workers of one pass divide its panels: each takes whole panels, or all share one after the other.</summary>
internal readonly ref struct PanelTeam
{
    private readonly ref TeamBarrier _barrier;

    public PanelTeam(BatchLayout layout, int worker, int workers, ref TeamBarrier barrier)
    {
        Shares = layout.SharesPanels(workers);
        First = Shares ? 0 : worker;
        Step = Shares ? 1 : workers;
        Member = Shares ? worker : 0;
        Members = Shares ? workers : 1;
        _barrier = ref barrier;
    }

    /// <summary>Whether all workers share each panel.</summary>
    public bool Shares { get; }

    /// <summary>The caller's first panel.</summary>
    public int First { get; }

    /// <summary>From one of the caller's panels to the next.</summary>
    public int Step { get; }

    /// <summary>Index of the caller among those that share its panels.</summary>
    public int Member { get; }

    /// <summary>Workers that share a panel.</summary>
    public int Members { get; }

    /// <summary>The panel as the passes see it.</summary>
    /// <param name="workspace">Workspace in which the panel starts at column <paramref name="start"/>.</param>
    /// <param name="rows">Rows of the workspace.</param>
    /// <param name="start">First column.</param>
    /// <param name="vectors">Vectors per row.</param>
    /// <param name="samples">Columns that are not padding.</param>
    /// <param name="training">Whether this is a training pass.</param>
    /// <param name="randomKey">Seed of the step's random numbers.</param>
    /// <param name="hasInputGradient">Whether the gradient of the input is asked for.</param>
    /// <param name="phase">The phase of the pass.</param>
    /// <param name="isCut">Whether one sample takes all lanes, and each has a part of its images.</param>
    public unsafe PanelPass Pass(
        float* workspace, int rows, int start, int vectors, int samples, bool training = false, ulong randomKey = 0,
        bool hasInputGradient = false, int phase = 0, bool isCut = false) =>
        new(workspace, rows, start, vectors, samples, training, randomKey, Member, Members, ref _barrier, hasInputGradient, phase, isCut);
}
