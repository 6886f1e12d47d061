using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>What a pass goes through.</summary>
/// <param name="Layout">The panels of the batch.</param>
/// <param name="Rows">Rows of the workspace, as in <see cref="ModelDescriptor"/>.</param>
internal readonly record struct PanelRun(BatchLayout Layout, int Rows)
{
    /// <summary>Whether all panels have room in the workspace, because something follows that reads them; else each worker uses one panel's room again and again.</summary>
    public bool KeepsPanels { get; init; }

    /// <summary>Whether the values are sample-major: a few samples, in room for <see cref="SmallBatch.FloatsPerRow"/> floats per row and sample.</summary>
    public bool IsSampleMajor { get; init; }

    /// <summary>Whether one worker is enough.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether this is a training pass.</summary>
    public bool Training { get; init; }

    /// <summary>Seed of the pass's random numbers.</summary>
    public ulong RandomKey { get; init; }

    /// <summary>Whether the gradient of the input is asked for.</summary>
    public bool HasInputGradient { get; init; }

    /// <summary>Whether something follows that needs all panels: <see cref="PanelRunner.RunBatch"/>.</summary>
    public bool HasBatchPhase { get; init; }

    /// <summary>Whether gradients add to what is there.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Takes the place of the weight gradients, or null.</summary>
    public GradientTap? Tap { get; init; }
}

/// <summary>
/// Takes the panels of a batch through a pass, in one way for trainings, predictions and other frameworks. If there are panels enough each worker takes whole ones; else all share one after the
/// other. What needs all panels comes after a barrier.
/// </summary>
internal abstract unsafe class PanelRunner : ISharedWork
{
    private TeamBarrier _teamBarrier;
    private TeamBarrier _phaseBarrier;
    private PanelRun _run;
    private float* _workspace;

    /// <summary>The panels.</summary>
    protected BatchLayout Layout => _run.Layout;

    void ISharedWork.Abort()
    {
        _teamBarrier.Fail();
        _phaseBarrier.Fail();
    }

    void ISharedWork.Run(int worker, int workers)
    {
        if (_run.IsSampleMajor)
        {
            RunPanel(new PanelPass(_workspace, SmallBatch.Padded(Layout.Batch), worker, workers, ref _teamBarrier), panel: 0);
            return;
        }
        var team = new PanelTeam(Layout, worker, workers, ref _teamBarrier);
        var own = _run.KeepsPanels || team.Shares ? 0 : (nint)worker * _run.Rows * PanelGeometry.MaxWidth;
        for (var panel = team.First; panel < Layout.Panels; panel += team.Step)
        {
            var start = _run.KeepsPanels ? Layout.Start(panel) : 0;
            RunPanel(team.Pass(_workspace + own, _run.Rows, start, Layout.Vectors(panel), _run.Training, _run.RandomKey, _run.HasInputGradient), panel);
        }
        if (!_run.HasBatchPhase)
            return;
        if (workers > 1)
            _phaseBarrier.Wait(workers);
        RunBatch(new BatchPass(_workspace, _run.Rows, Layout, _run.Accumulate, worker, workers, _run.RandomKey, _run.Tap));
    }

    /// <summary>Floats of workspace that a run needs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">Workers that may take part.</param>
    protected static long FloatsOf(in PanelRun run, int workers) => (long)run.Rows
        * (run.KeepsPanels ? run.Layout.Columns : Math.Max(workers * PanelGeometry.MaxWidth, SmallBatch.FloatsPerRow * SmallBatch.MaxSamples));

    /// <summary>Runs the pass.</summary>
    /// <param name="workers">Who takes part.</param>
    /// <param name="run">What it goes through.</param>
    /// <param name="workspace">Room for <see cref="FloatsOf"/> floats.</param>
    protected void Run(WorkerPool workers, in PanelRun run, float* workspace)
    {
        _run = run;
        _workspace = workspace;
        _teamBarrier.Reset();
        _phaseBarrier.Reset();
        if (run.IsAlone)
            ((ISharedWork)this).Run(0, 1);
        else
            workers.Run(this);
    }

    /// <summary>What is done with a panel.</summary>
    /// <param name="pass">The panel, as the calling worker sees it.</param>
    /// <param name="panel">Its number.</param>
    protected abstract void RunPanel(in PanelPass pass, int panel);

    /// <summary>What is done with all panels.</summary>
    protected virtual void RunBatch(in BatchPass batch) { }
}
