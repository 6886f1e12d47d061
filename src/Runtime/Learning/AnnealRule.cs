using System.Numerics.Tensors;
using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>
/// Gradient annealing (AutoSparse, Kundu et al., 2023): dense master weights, of which masked ones learn from a share of their gradient,
/// and thresholds that learn beside them where there are any. Once the share is 0 only kept weights have a gradient, and masked ones stay
/// as they are.
/// </summary>
internal sealed unsafe class AnnealRule : UpdateRule, IAnnealing
{
    /// <summary>Rows that are updated and packed together, while their weights are in the second-level cache.</summary>
    private const int RowsTogether = 64;

    private readonly AnnealedMatrix _store;
    private readonly bool _canLearnPacked;
    private readonly double[] _pulls;
    private readonly GradientBuffer[] _all;
    private readonly GradientBuffer[] _kept;
    private readonly UpdatePhase[] _phases;
    private readonly UpdatePhase[] _phasesWithSearch;
    private float _decay;

    /// <param name="store">The weights.</param>
    /// <param name="canLearnPacked">Whether there are kernels for a gradient of kept weights alone: not where an operand of the gradient is
    /// pruned.</param>
    public AnnealRule(AnnealedMatrix store, bool canLearnPacked)
        : base(store)
    {
        _store = store;
        _canLearnPacked = canLearnPacked;
        _pulls = new double[store.Rows];
        _all = [new RowGradients(store, () => Gains)];
        _kept = [new PackedGradients(store, () => Gains)];
        _phases = PreparesUpdate
            ? [new UpdatePhase(store.Groups, Prepare), new UpdatePhase(store.Groups, Update, FinishPreparing)]
            : OnlyUpdate;
        _phasesWithSearch = [.. _phases, new UpdatePhase(store.Groups, Find, BeginFind), new UpdatePhase(store.Groups, Pack, BeginPack)];
        Anneal(store.Annealing.Alpha);
    }

    public double Alpha { get; private set; }

    public bool IsFrozen => _store.IsFrozen;

    public double? MeanThreshold => _store.Thresholds?.Mean;

    public override IAnnealing Annealing => this;

    public override string NeedsTrainer => "[GradientAnneal] moves thresholds and a share of the gradient over the steps of a training";

    /// <summary>A threshold that all weights share has to know the gradients of all.</summary>
    private bool PreparesUpdate => _store.Thresholds is { Scope: ThresholdScope.PerLayer };

    /// <summary>
    /// Whether kept weights can learn for themselves once the mask is frozen: not if an operand of their gradient is pruned, which has
    /// kernels of its own, not while the mask follows thresholds, and not where a weight in use depends on others or has a threshold of its
    /// own.
    /// </summary>
    private bool CanPackGradient =>
        _canLearnPacked
        && (_store.Thresholds is null
            || (_store.Annealing.AfterZero == AfterZero.FreezeMask && _store.Thresholds.Scope != ThresholdScope.PerWeight))
        && _store.Grid?.Mode != NMAnnealing.SoftNM;

    private GradientRule Gradient => new((float)Alpha, _decay);

    private float* Master => Parameter.Buffer.Pointer;

    private int Columns => _store.Columns;

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _store.Packed is null ? _all : _kept;

    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => RefreshesTogether(in step) ? _phasesWithSearch : _phases;

    public void Anneal(double alpha)
    {
        Alpha = alpha;
        // The pull of masked weights to zero vanishes with their gradient.
        _decay = _store is { Grid: { Policy: MaskPolicy.SrSte } grid, Annealing.Alpha: > 0 }
            ? (float)(grid.Decay * alpha / _store.Annealing.Alpha)
            : 0;
    }

    public void Freeze()
    {
        if (_store.IsFrozen)
            return;
        _store.Mask.Words.CopyTo(_store.Previous.Words);
        _store.FindMask(Master, fromMask: true);
        Flips = _store.Mask.Flips(_store.Previous);
        Freeze(frozen: true);
        _store.Pack(Master);
        TakeTransposed(0, Matrix.Rows);
        _store.Mask.Clear(Parameter.StateOrEmpty(0));
        if (_store.Thresholds is { Scope: ThresholdScope.PerWeight } thresholds)
            _store.Mask.Clear(thresholds.Parameter.StateOrEmpty(0));
    }

    public override void Save(IStateWriter writer)
    {
        base.Save(writer);
        writer.AddNumber(StateNames.Frozen, _store.IsFrozen ? 1 : 0);
    }

    public override Action Restore(IStateReader reader, float[] weight)
    {
        var restore = base.Restore(reader, weight);
        var isFrozen = reader.Number(StateNames.Frozen, most: 1) != 0;
        return () =>
        {
            Freeze(isFrozen);
            restore();
        };
    }

    public void ShareBudget(List<AnnealedMatrix> members)
    {
        members.Add(_store);
        _store.BudgetOf = members;
    }

    public void Thaw() => Freeze(frozen: false);

    private void Prepare(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        if (_store.Packed is null)
            Pull(first, end);
        else
            PullKept(group);
    }

    private void FinishPreparing(Optimizer optimizer, in UpdateStep step)
    {
        var thresholds = _store.Thresholds!;
        thresholds.Parameter.GradientBuffer[0] = (float)(-thresholds.Slope(0) * PairwiseSum.Of(_pulls));
        UpdateThresholds(0, 1, optimizer, in step);
    }

    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        if (_store.Packed is { } packed)
        {
            UpdateKept(group, packed, optimizer, in step);
            return;
        }
        var refreshes = RefreshesTogether(in step);
        for (var row = first; row < end; row += RowsTogether)
        {
            var last = Math.Min(end, row + RowsTogether);
            UpdateRows(row, last, optimizer, in step);
            if (!refreshes)
                _store.LoadRows(Master, row, last);
        }
        if (refreshes)
            return;
        _store.FinishGroup(group);
        TakeTransposed(first, end);
    }

    private bool RefreshesTogether(in UpdateStep step) =>
        step.Step % _store.SearchInterval == 0 && !(_store.IsFrozen && (_store.KeepsMask || _store.Free is null));

    private void BeginFind(Optimizer optimizer, in UpdateStep step)
    {
        _store.Mask.Words.CopyTo(_store.Previous.Words);
        if (_store.Free?.TopK is not null && _store.BudgetOf[0] == _store)
            _store.SelectLargest();
        else if (_store.Grid is { } grid && !grid.StaysInGroups(_store.GroupRows))
            _store.FindMask(Master, fromMask: true);
    }

    private void Find(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        if (_store.Free is { TopK: null })
            _store.FindAbove(Master, first, end);
        else if (_store.Grid is { } grid && grid.StaysInGroups(_store.GroupRows))
            MaskSearch.Find(grid.Shape, Master, Columns, first, end - first, _store.Mask, _store.Previous, "weight");
        SetFlips(group, _store.Mask.Flips(_store.Previous, first, end - first));
    }

    private void BeginPack(Optimizer optimizer, in UpdateStep step)
    {
        _store.Plan();
        _store.FindReached(Master);
    }

    private void Pack(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        _store.BuildGroup(Master, group);
        TakeTransposed(first, end);
    }

    private GradientGains Gains => new(Math.Max(1, Math.Abs(_store.Scale)), _decay, ThresholdTerms, 0, _store.Annealing.ThresholdRate);

    /// <summary>Weights that share a threshold; 0 where there are none.</summary>
    private double ThresholdTerms => _store.Thresholds switch
    {
        null => 0,
        { Scope: ThresholdScope.PerLayer } => (double)Columns * Matrix.Rows,
        { Scope: ThresholdScope.PerOutputChannel } => Columns,
        _ => 1,
    };

    private void Freeze(bool frozen) =>
        Parameter.Copies = _store.Freeze(frozen, CanPackGradient ? Parameter : null);

    private void TakeTransposed(int first, int end)
    {
        if (_store.UsesDenseKernels)
            Matrix.Transposed.Take(first, end);
    }

    /// <summary>Where only kept weights learn, packed: masked ones stay as they are.</summary>
    private void UpdateKept(int group, KeptWeights packed, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        var thresholds = PreparesUpdate ? null : _store.Thresholds;
        if (thresholds is not null)
        {
            PullKept(group);
            for (var row = first; row < end; row++)
                thresholds.Parameter.GradientBuffer[row] = (float)(-thresholds.Slope(row) * _pulls[row]);
        }
        UpdatePacked(group, packed, optimizer, in step);
        if (thresholds is not null)
            UpdateThresholds(first, end, optimizer, in step);
        packed.Use(group);
        _store.Packer.Transfer(group);
    }

    private void UpdatePacked(int group, KeptWeights packed, Optimizer optimizer, in UpdateStep step)
    {
        packed.Gather(group);
        var finite = true;
        for (var depthBlock = 0; depthBlock < _store.Forward.DepthBlocks; depthBlock++)
        {
            var slice = _store.PackedSlice(group, depthBlock);
            var values = packed.Values[slice];
            optimizer.Update(values, packed.Gradients[slice], State(0), State(1), in step);
            finite &= TensorPrimitives.IsFiniteAll<float>(values);

            Span<float> State(int slot) => slot < optimizer.StateCount ? packed.State(slot)[slice] : [];
        }
        if (finite)
            return;
        var (first, end) = Matrix.GroupRange(group);
        MaskSearch.CheckFinite(Master + ((nint)first * Columns), end - first, Columns, first, "weight");
    }

    private void PullKept(int group)
    {
        var (first, end) = Matrix.GroupRange(group);
        _pulls.AsSpan(first..end).Clear();
        _store.Packed!.Pull(group, _pulls);
    }

    private void UpdateRows(int first, int end, Optimizer optimizer, in UpdateStep step)
    {
        if (_store.Reached is not null && !_store.IsFrozen)
            DropUnreached(first, end);
        for (var row = first; row < end; row++)
        {
            if (_store.Thresholds is { } thresholds && !PreparesUpdate)
                PullThresholds(thresholds, row);
            UpdateRow(row, optimizer, in step);
        }
        MaskSearch.CheckFinite(Master + ((nint)first * Columns), end - first, Columns, first, "weight");
        if (_store.Thresholds is { Scope: ThresholdScope.PerOutputChannel })
            UpdateThresholds(first, end, optimizer, in step);
        else if (_store.Thresholds is { Scope: ThresholdScope.PerWeight })
            UpdateThresholds(first * Columns, end * Columns, optimizer, in step);
    }

    private void UpdateRow(int row, Optimizer optimizer, in UpdateStep step)
    {
        if (_store.IsFrozen)
        {
            KeptSlices.Update(Parameter, row * Columns, _store.Kept.Row(row), optimizer, in step);
            return;
        }
        var scaled = _store.Grid is { Mode: NMAnnealing.SoftNM, BetaInBackward: true }
            ? step with { GradientScale = step.GradientScale * _store.Scale }
            : step;
        var slice = (row * Columns)..((row + 1) * Columns);
        if (Gradient.IsPlain)
            UpdateSlice(Parameter, slice, optimizer, in scaled);
        else
            UpdateSlice(Parameter, slice, new MaskedDecay(_store.Kept.Row(row), Gradient, scaled.GradientScale), optimizer, in scaled);
    }

    private void UpdateThresholds(int first, int end, Optimizer optimizer, in UpdateStep step)
    {
        var thresholds = _store.Thresholds!;
        UpdateSlice(
            thresholds.Parameter, first..end, optimizer,
            step with { Decay = false, FrozenAt = 0, LearningRate = step.LearningRate * thresholds.Rate });
        thresholds.Refresh(first, end);
    }

    /// <summary>The gradient of the thresholds of a row, from weights as they were in the passes of this step.</summary>
    private void PullThresholds(LayerThresholds thresholds, int row)
    {
        if (thresholds.Scope == ThresholdScope.PerOutputChannel)
        {
            Pull(row, row + 1);
            thresholds.Parameter.GradientBuffer[row] = (float)(-thresholds.Slope(row) * _pulls[row]);
            return;
        }
        var at = (nint)row * Columns;
        LearnedThreshold.PullEach(
            Master + at, Parameter.GradientPointer + at, Columns, _store.Kept.Row(row), (float)Alpha, thresholds.Values.Row(row, Columns),
            thresholds.Parameter.GradientBuffer.Slice((int)at, Columns));
    }

    private void Pull(int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var at = (nint)row * Columns;
            _pulls[row] = LearnedThreshold.Pull(Master + at, Parameter.GradientPointer + at, Columns, _store.Kept.Row(row), (float)Alpha);
        }
    }

    /// <summary>Leaves weights without a gradient that are too far from being kept.</summary>
    private void DropUnreached(int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var gradient = Parameter.GradientPointer + ((nint)row * Columns);
            LearnedThreshold.Mask(gradient, Columns, _store.Reached!.Row(row), gradient);
        }
    }
}
