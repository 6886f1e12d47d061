using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Settings;
using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>The three products of a matrix on row-major memory, for use outside a model.</summary>
internal sealed unsafe class LayerProducts(MatrixProduct product, bool roundsActivations) : PanelRunner, IDisposable
{
    private readonly int _inputSlot = 0;
    private readonly int _outputSlot = DataLayout.PaddedRows(product.Columns);
    private readonly MatrixProduct[] _products = [product];
    private readonly int _rows = DataLayout.PaddedRows(product.Columns) + DataLayout.PaddedRows(product.Rows);
    private PinnedBuffer<float>? _workspace;
    private Kind _kind;
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

    public void Dispose() => _workspace?.Dispose();

    protected override void RunPanel(in PanelPass pass, int panel)
    {
        var (start, samples) = ((nint)Layout.Start(panel), Layout.Samples(panel));
        var x = _x + (start * product.Columns);
        var y = _y + (start * product.Rows);
        if (_kind != Kind.GradInput)
            PanelEdges.Load(in pass, x, product.Columns, samples, _inputSlot);
        if (_kind != Kind.Forward)
            PanelEdges.Load(in pass, y, product.Rows, samples, _outputSlot);
        Round(in pass);
        if (_kind == Kind.GradWeight)
            return;
        pass.Sync();
        if (_kind == Kind.Forward)
            product.Forward(
                in pass, ref pass.Slot(_inputSlot), ref pass.Slot(_outputSlot), ref pass.Slot(_outputSlot), ActivationKind.None);
        else
            product.Kernels.GradInput(
                product, in pass, ref pass.Slot(_outputSlot), ref pass.Slot(_inputSlot), ActivationKind.None, ref pass.Slot(_inputSlot),
                accumulate: false);
        pass.Sync();
        if (_kind == Kind.Forward)
            PanelEdges.Store(in pass, _outputSlot, y, product.Rows, samples, Layout.Batch);
        else
            PanelEdges.Store(in pass, _inputSlot, x, product.Columns, samples, Layout.Batch);
        pass.Sync();
    }

    /// <summary>Few panels at a time where kernels can: they are still in the caches then.</summary>
    protected override int PanelsTogether(BatchLayout layout, int panel) =>
        _kind == Kind.GradWeight ? product.Kernels.GradientPanels(layout, panel) : base.PanelsTogether(layout, panel);

    protected override void RunBatch(in BatchPass batch) => product.Kernels.GradWeight(product, in batch, _inputSlot, _outputSlot);

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
        _kind = kind;
        _x = x;
        _y = y;
        var isSampleMajor = kind == Kind.Forward && batch <= SmallBatch.MaxSamples && SmallBatchProducts.Prepare(_products);
        var run = new PanelRun(new BatchLayout(batch), _rows)
        {
            KeepsPanels = kind == Kind.GradWeight,
            HasBatchPhase = kind == Kind.GradWeight,
            IsSampleMajor = isSampleMajor,
            IsAlone = isSampleMajor && !SmallBatchProducts.IsWorthSharing(_products, batch),
        };
        var pool = WorkerPool.Shared;
        var floats = FloatsOf(in run, pool.Workers);
        if (_workspace is null || _workspace.Length < floats)
        {
            _workspace?.Dispose();
            _workspace = new PinnedBuffer<float>(floats);
        }
        Run(pool, in run, _workspace.Pointer);
    }
}
