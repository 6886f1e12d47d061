using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>What a pass goes through.</summary>
/// <param name="Layout">The panels of the batch.</param>
/// <param name="Rows">Rows of the workspace, as in <see cref="ModelDescriptor"/>.</param>
internal readonly record struct PanelRun(BatchLayout Layout, int Rows)
{
    /// <summary>
    /// Whether all panels have room in the workspace, because something follows that reads them; else each worker uses one panel's room
    /// again and again.
    /// </summary>
    public bool KeepsPanels { get; init; }

    /// <summary>
    /// Whether the values are sample-major: a few samples, in room for <see cref="SmallBatch.FloatsPerRow"/> floats per row and sample.
    /// </summary>
    public bool IsSampleMajor { get; init; }

    /// <summary>Whether a panel with few samples goes sample by sample, whose images are cut into parts, one for each lane.</summary>
    public bool CutsImages { get; init; }

    /// <summary>Whether one worker is enough.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether this is a training pass.</summary>
    public bool Training { get; init; }

    /// <summary>Seed of the pass's random numbers.</summary>
    public ulong RandomKey { get; init; }

    /// <summary>Whether the gradient of the input is asked for.</summary>
    public bool HasInputGradient { get; init; }

    /// <summary>The first phase. A run of several phases keeps its panels.</summary>
    public int FirstPhase { get; init; }

    /// <summary>How many phases there are: <see cref="PanelRunner.Reduce"/> comes between two of them.</summary>
    public int Phases { get; init; } = 1;

    /// <summary>Whether something follows that needs all panels: <see cref="PanelRunner.RunBatch"/>.</summary>
    public bool HasBatchPhase { get; init; }

    /// <summary>Whether gradients add to what is there.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Takes the place of the weight gradients, or null.</summary>
    public GradientTap? Tap { get; init; }
}

/// <summary>
/// Takes the panels of a batch through a pass, in one way for trainings, predictions and other frameworks. If there are panels enough each
/// worker takes whole ones; else all share one after the other. A pass has phases; all panels finish one, then comes what needs all of
/// them, then they begin the next.
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
            var samples = SmallBatch.Padded(Layout.Batch);
            RunPanel(new PanelPass(_workspace, _run.Rows, samples, Layout.Batch, worker, workers, ref _teamBarrier), panel: 0);
            return;
        }
        // Several workers fill two rooms in turn, so that none waits for those that still compute with the panels before.
        var room = workers > 1 ? (nint)_run.Rows * MostColumns(Layout) : 0;
        for (int first = 0, panels, turn = 0; first < Layout.Panels; first += panels, turn ^= 1)
        {
            panels = PanelsTogether(Layout, first);
            RunPart(first, panels, _workspace + (turn * room), worker, workers);
        }
    }

    private void WaitForAll(int workers)
    {
        if (workers > 1)
            _phaseBarrier.Wait(workers);
    }

    /// <summary>Floats of workspace that a run needs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">Workers that may take part.</param>
    protected long FloatsOf(in PanelRun run, int workers)
    {
        if (!run.KeepsPanels)
        {
            // Passes of a few samples use the same workspace; models of images have none.
            var fewest = run.Layout.MostWidth == PanelGeometry.MaxWidth ? SmallBatch.FloatsPerRow * SmallBatch.MaxSamples : 0;
            return (long)run.Rows * Math.Max(workers * run.Layout.MostWidth, fewest);
        }
        var most = MostColumns(run.Layout);
        return (long)run.Rows * (workers > 1 && most < run.Layout.Columns ? 2 * most : most);
    }

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

    /// <summary>
    /// How many panels to take before what needs all of them, starting at <paramref name="panel"/>: a part of the batch where nothing needs
    /// more. A run of several phases takes all.
    /// </summary>
    protected virtual int PanelsTogether(BatchLayout layout, int panel) => layout.Panels - panel;

    /// <summary>What is done with all panels between two phases.</summary>
    protected virtual void Reduce(in BatchPass batch) { }

    /// <summary>What is done with all panels in the end, or with a part of the batch after the other.</summary>
    protected virtual void RunBatch(in BatchPass batch) { }

    private void RunPart(int first, int panels, float* workspace, int worker, int workers)
    {
        var part = panels == Layout.Panels ? Layout : Layout.Part(first, panels);
        var team = new PanelTeam(part, worker, workers, ref _teamBarrier);
        var own = _run.KeepsPanels || team.Shares ? 0 : (nint)worker * _run.Rows * _run.Layout.MostWidth;
        var last = _run.FirstPhase + _run.Phases - 1;
        for (var phase = _run.FirstPhase; phase <= last; phase++)
        {
            for (var panel = team.First; panel < panels; panel += team.Step)
            {
                var (start, vectors) = (_run.KeepsPanels ? part.Start(panel) : 0, part.Vectors(panel));
                RunPanel(
                    team.Pass(
                        workspace + own, _run.Rows, start, vectors, part.Samples(panel), _run.Training, _run.RandomKey,
                        _run.HasInputGradient, phase, _run.CutsImages && ImageCuts.IsFor(part.Samples(panel))),
                    first + panel);
            }
            if (phase == last)
                break;
            WaitForAll(workers);
            Reduce(Batch(phase));
            WaitForAll(workers);
        }
        if (!_run.HasBatchPhase)
            return;
        WaitForAll(workers);
        RunBatch(Batch(last));

        BatchPass Batch(int phase) =>
            new(workspace, _run.Rows, part, _run.Accumulate || first > 0, worker, workers, _run.RandomKey, _run.Tap, phase, _run.Training);
    }

    /// <summary>Columns of the largest part of a batch.</summary>
    private int MostColumns(BatchLayout layout)
    {
        var most = 0;
        for (int first = 0, panels; first < layout.Panels; first += panels)
        {
            panels = PanelsTogether(layout, first);
            most = Math.Max(most, layout.Part(first, panels).Columns);
        }
        return most;
    }
}
