using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>The three products of a matrix on row-major memory, for use outside a model.</summary>
internal sealed unsafe class LayerProducts(MatrixProduct product, bool roundsActivations) : ISharedWork, IDisposable
{
    private readonly int _inputSlot = 0;
    private readonly int _outputSlot = PanelGeometry.PaddedRows(product.Columns);
    private readonly MatrixProduct[] _products = [product];
    private readonly int _rows = PanelGeometry.PaddedRows(product.Columns) + PanelGeometry.PaddedRows(product.Rows);
    private PinnedBuffer<float>? _workspace;
    private TeamBarrier _teamBarrier;
    private TeamBarrier _phaseBarrier;
    private BatchLayout _layout;
    private Kind _kind;
    private bool _isSampleMajor;
    private float* _x;
    private float* _y;

    private enum Kind
    {
        Forward,
        GradInput,
        GradWeight,
    }

    /// <summary><c>y = x·Wᵀ + b</c>.</summary>
    public void Forward(float* x, float* y, int batch) => Run(Kind.Forward, x, y, batch);

    /// <summary><c>dx = dy·W</c>.</summary>
    public void GradInput(float* dy, float* dx, int batch) => Run(Kind.GradInput, dx, dy, batch);

    /// <summary><c>dW = dyᵀ·x</c> and <c>db = Σ dy</c>.</summary>
    public void GradWeight(float* x, float* dy, int batch) => Run(Kind.GradWeight, x, dy, batch);

    void ISharedWork.Abort()
    {
        _teamBarrier.Fail();
        _phaseBarrier.Fail();
    }

    void ISharedWork.Run(int worker, int workers)
    {
        if (_isSampleMajor)
        {
            var pass = new PanelPass(_workspace!.Pointer, SmallBatch.Padded(_layout.Batch), worker, workers, ref _teamBarrier);
            RunPanel(in pass, _x, _y, _layout.Batch);
            return;
        }
        if (_kind == Kind.GradWeight)
        {
            RunGradient(worker, workers);
            return;
        }
        var team = new PanelTeam(_layout, worker, workers, ref _teamBarrier);
        var workspace = _workspace!.Pointer + (team.Shares ? 0 : (nint)worker * _rows * PanelGeometry.MaxWidth);
        for (var panel = team.First; panel < _layout.Panels; panel += team.Step)
        {
            var start = (nint)_layout.Start(panel);
            var pass = team.Pass(workspace, _rows, 0, _layout.Vectors(panel));
            RunPanel(in pass, _x + (start * product.Columns), _y + (start * product.Rows), _layout.Samples(panel));
        }
    }

    /// <summary>
    /// The weight gradient, of few panels at a time where kernels can: they are still in the caches then. Several workers fill two rooms in turn, so that none waits for those
    /// that still compute with the panels before.
    /// </summary>
    private void RunGradient(int worker, int workers)
    {
        var room = workers > 1 ? (nint)(_workspace!.Length / 2) : 0;
        for (int first = 0, panels, turn = 0; first < _layout.Panels; first += panels, turn ^= 1)
        {
            panels = product.Kernels.GradientPanels(_layout, first);
            var workspace = _workspace!.Pointer + (turn * room);
            var part = _layout.Part(first, panels);
            var team = new PanelTeam(part, worker, workers, ref _teamBarrier);
            for (var panel = team.First; panel < panels; panel += team.Step)
            {
                var start = (nint)_layout.Start(first + panel);
                var pass = team.Pass(workspace, _rows, part.Start(panel), part.Vectors(panel));
                RunPanel(in pass, _x + (start * product.Columns), _y + (start * product.Rows), part.Samples(panel));
            }
            if (workers > 1)
                _phaseBarrier.Wait(workers);
            product.Kernels.GradWeight(product, new BatchPass(workspace, _rows, part, accumulate: first > 0, worker, workers, randomKey: 0), _inputSlot, _outputSlot);
        }
    }

    /// <summary>Columns that a weight gradient needs room for: those of the largest part of the batch, twice if workers fill rooms in turn.</summary>
    private int GradientColumns(int workers)
    {
        var most = 0;
        for (int first = 0, panels; first < _layout.Panels; first += panels)
        {
            panels = product.Kernels.GradientPanels(_layout, first);
            most = Math.Max(most, _layout.Part(first, panels).Columns);
        }
        return workers > 1 && most < _layout.Columns ? 2 * most : most;
    }

    public void Dispose() => _workspace?.Dispose();

    private void RunPanel(in PanelPass pass, float* x, float* y, int samples)
    {
        if (_kind != Kind.GradInput)
            PanelEdges.Load(in pass, x, product.Columns, samples, _inputSlot);
        if (_kind != Kind.Forward)
            PanelEdges.Load(in pass, y, product.Rows, samples, _outputSlot);
        Round(in pass);
        if (_kind == Kind.GradWeight)
            return;
        pass.Sync();
        if (_kind == Kind.Forward)
            product.Kernels.Forward(product, in pass, ref pass.Slot(_inputSlot), ref pass.Slot(_outputSlot), ref pass.Slot(_outputSlot), ActivationKind.None);
        else
            product.Kernels.GradInput(product, in pass, ref pass.Slot(_outputSlot), ref pass.Slot(_inputSlot), ActivationKind.None, ref pass.Slot(_inputSlot), accumulate: false);
        pass.Sync();
        if (_kind == Kind.Forward)
            PanelEdges.Store(in pass, _outputSlot, y, product.Rows, samples, _layout.Batch);
        else
            PanelEdges.Store(in pass, _inputSlot, x, product.Columns, samples, _layout.Batch);
        pass.Sync();
    }

    /// <summary>What the passes of a model do before a product.</summary>
    private void Round(in PanelPass pass)
    {
        if (!roundsActivations)
            return;
        pass.Sync();
        if (_kind != Kind.GradInput)
            Elementwise.Round(in pass, ref pass.Slot(_inputSlot), ref pass.Slot(_inputSlot), product.Columns);
        if (_kind != Kind.Forward)
            Elementwise.Round(in pass, ref pass.Slot(_outputSlot), ref pass.Slot(_outputSlot), product.Rows);
    }

    private void Run(Kind kind, float* x, float* y, int batch)
    {
        var pool = WorkerPool.Shared;
        _kind = kind;
        _x = x;
        _y = y;
        _layout = new BatchLayout(batch);
        _isSampleMajor = kind == Kind.Forward && batch <= SmallBatch.MaxSamples && SmallBatchProducts.Prepare(_products);
        var columns = kind == Kind.GradWeight ? GradientColumns(pool.Workers)
            : _isSampleMajor ? SmallBatch.FloatsPerRow * SmallBatch.MaxSamples
            : pool.Workers * PanelGeometry.MaxWidth;
        if (_workspace is null || _workspace.Length < (long)_rows * columns)
        {
            _workspace?.Dispose();
            _workspace = new PinnedBuffer<float>((long)_rows * columns);
        }
        _teamBarrier.Reset();
        _phaseBarrier.Reset();
        if (_isSampleMajor && !SmallBatchProducts.IsWorthSharing(_products, batch))
            ((ISharedWork)this).Run(0, 1);
        else
            pool.Run(this);
    }
}
