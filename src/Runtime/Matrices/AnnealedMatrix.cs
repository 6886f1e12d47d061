using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Masks.Search;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The weights of a layer whose gradient is annealed. Dense master weights are the parameter; what products use is a matrix of its own,
/// filled from them row by row: masked, or masked and brought down by a threshold. It is packed under the mask; where so many weights are
/// kept that packed products would be slower, the dense kernels read it.
/// </summary>
/// <remarks>
/// The mask of a layer without an N:M pattern is found anew every few steps. Between two times a weight that falls below its threshold is 0
/// in place, and one that rises above it waits. <see cref="Kept"/> is what of the mask is above the thresholds at the moment.
/// </remarks>
internal sealed unsafe class AnnealedMatrix : BucketMatrix
{
    /// <summary>
    /// Density above which dense products are as fast as packed ones: measured at 128 x 1024 x 1024 on AVX-512, the three products of a
    /// step with dense weight gradients together. On a tie dense wins: it needs no packing.
    /// </summary>
    public const double DenseAbove = 0.45;

    private readonly UnstructuredPattern? _free;
    private readonly NMPattern? _grid;
    private readonly PinnedBuffer<float> _effective;
    private readonly LargestWeights _largest = new();
    private readonly long[] _keptOfGroup;
    private KeptWeights? _packed;
    private bool _usesDense;

    public AnnealedMatrix(int outputs, int inputs, SparsityPattern pattern, BucketFormat format, bool rounds)
        : base(
            outputs, inputs, pattern, format, Limit(pattern, _ => true), Limit(pattern, grid => grid.Transposable), hasDenseMaster: true,
            hasSecondMask: false, rounds, derives: true)
    {
        _free = pattern as UnstructuredPattern;
        _grid = pattern as NMPattern;
        Annealing = pattern.Annealed!;
        _effective = new PinnedBuffer<float>((long)inputs * outputs);
        Kept = new Mask(outputs, inputs);
        _keptOfGroup = new long[Groups];
        BudgetOf = [this];
        if (_grid is null ? _free!.TopK is null : _grid.Mode == NMAnnealing.Intersect)
            Thresholds = new LayerThresholds(Annealing, outputs, inputs);
        if (_free is not null && Annealing.BackwardDensity < 1)
            Reached = new Mask(outputs, inputs);
    }

    public GradientAnnealing Annealing { get; }

    /// <summary>The N:M pattern, or null.</summary>
    public NMPattern? Grid => _grid;

    /// <summary>The pattern of a layer without N:M, or null.</summary>
    public UnstructuredPattern? Free => _free;

    /// <summary>Null where none are learned.</summary>
    public LayerThresholds? Thresholds { get; }

    /// <summary>What of the mask is above the thresholds now; the mask itself where none are learned.</summary>
    public Mask Kept { get; }

    /// <summary>Weights that get a gradient while masked weights do, as far as that is limited; else null.</summary>
    public Mask? Reached { get; }

    /// <summary>Factor of soft-thresholded weights of an N:M pattern.</summary>
    public override float Scale { get; set; } = 1;

    /// <summary>Whether masked weights have stopped to learn for good.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether the mask stays as it is.</summary>
    public bool KeepsMask => IsFrozen && !(Annealing.AfterZero == AfterZero.FollowThreshold && Thresholds is not null);

    /// <inheritdoc/>
    public override double KeptShare => _keptOfGroup.Sum() / ((double)Mask.Rows * Mask.Columns);

    /// <summary>Optimizer steps between two searches for the mask.</summary>
    public int SearchInterval => _grid?.SearchInterval ?? _free!.SearchInterval;

    /// <summary>Share of the weights that get a gradient now.</summary>
    public override double GradientShare => IsFrozen ? KeptShare : Reached is null ? 1 : Math.Max(KeptShare, Annealing.BackwardDensity);

    /// <summary>The layers that share a budget, this one included; set by the training.</summary>
    public IReadOnlyList<AnnealedMatrix> BudgetOf { get; set; }

    protected override bool RunsDense => _usesDense;

    public override float* InUse => _effective.Pointer;

    /// <summary>The kept weights as an optimizer sees them where only they learn; null where the gradient is that of all weights.</summary>
    public KeptWeights? Packed => _usesDense ? null : _packed;

    public override float* KeptGradient => Packed is { } packed ? packed.Gradient : null;

    public override Parameter? ThresholdParameter => Thresholds?.Parameter;

    /// <summary>
    /// Whether the weights in use are packed straight from master weights: not those of N:M patterns, nor where each has a threshold of its
    /// own.
    /// </summary>
    private bool PacksMaster => _free is not null && !_usesDense && Thresholds is not { Scope: ThresholdScope.PerWeight };

    /// <summary>A frozen mask keeps weights that fall below their threshold: they are 0 and may rise again.</summary>
    private bool KeptFollowsMask => Thresholds is null || KeepsMask;

    private QuadPacker Quads => (QuadPacker)Packer;

    public override void FindMask(float* dense, bool fromMask)
    {
        if (_grid is not null)
        {
            MaskSearch.Find(_grid.Shape, dense, Columns, 0, Mask.Rows, Mask, fromMask ? Mask : null, "weight");
            return;
        }
        if (_free!.TopK is not null)
            _largest.Keep([this], _free.TopK.Value, dense);
        else
            FindAbove(dense, 0, Mask.Rows);
        FindReached(dense);
    }

    public override void SetMask(Mask mask, float* dense)
    {
        base.SetMask(mask, dense);
        FindReached(dense);
    }

    public override void FixScale(float* dense)
    {
        if (_grid?.Mode == NMAnnealing.SoftNM)
            Scale = (float)SoftThreshold.Scale(_grid.Group, new ReadOnlySpan<float>(dense, Rows * Columns), Mask);
    }

    /// <summary>Takes over master weights under the mask that is there, with everything that products read.</summary>
    public override void Pack(float* dense)
    {
        Plan();
        for (var group = 0; group < Groups; group++)
            BuildGroup(dense, group);
        Repack();
    }

    /// <summary>Takes over weights as products use them, exactly, and returns master weights to go with them in place.</summary>
    protected override void Adopt(float* dense)
    {
        new ReadOnlySpan<float>(dense, Rows * Columns).CopyTo(_effective.Span);
        Round(0, Mask.Rows);
        for (var i = 0; i < Rows * Columns; i++)
        {
            if (Thresholds is not null && dense[i] != 0)
                dense[i] += MathF.CopySign(Thresholds.Values.At(i / Columns, i), dense[i]);
        }
        Mask.Words.CopyTo(Kept.Words);
        for (var group = 0; group < Groups; group++)
            CountKept(group);
        FindReached(dense);
        Plan();
        if (_usesDense)
            return;
        Build(_effective.Pointer);
        Repack();
    }

    /// <summary>Fills the weights in use of some rows of a group, whole blocks, from master weights under the mask that is there.</summary>
    public void LoadRows(float* dense, int first, int end)
    {
        if (!PacksMaster)
        {
            Apply(dense, first, end);
            return;
        }
        FindKept(dense, first, end);
        Quads.LoadForward(dense, first / 4, (end + 3) / 4);
        if (Thresholds is not null)
            PackedThresholds.Apply(Forward, first, end, Thresholds.Values, Forward.Values.Pointer);
        RoundPacked(first, end);
    }

    /// <summary>Rounds the packed weights of some rows, whole blocks, where products want them rounded.</summary>
    public void RoundPacked(int first, int end)
    {
        for (var depthBlock = 0; RoundsWeights && depthBlock < Forward.DepthBlocks; depthBlock++)
            BFloat16.RoundInPlace(
                Forward.Values.Span[(int)Forward.ValueOffset(depthBlock, first / 4)..(int)Forward.ValueOffset(depthBlock, (end + 3) / 4)]);
    }

    /// <summary>Fills what products read of a group once all its rows are loaded.</summary>
    public void FinishGroup(int group)
    {
        var (first, end) = GroupRange(group);
        if (PacksMaster)
            Packer.Transfer(group);
        else if (!_usesDense)
            Packer.Load(_effective.Pointer, first / 4, (end + 3) / 4);
        CountKept(group);
    }

    /// <summary>Fills all of this for a group after its mask has changed.</summary>
    public void BuildGroup(float* dense, int group)
    {
        var (first, end) = GroupRange(group);
        if (PacksMaster)
        {
            Quads.Sort(group);
            Quads.FindSources(group);
        }
        LoadRows(dense, first, end);
        if (PacksMaster || _usesDense)
        {
            FinishGroup(group);
            return;
        }
        Packer.Build(_effective.Pointer, group);
        CountKept(group);
    }

    /// <inheritdoc/>
    public override void CopyInUse(Span<float> all)
    {
        if (HoldsInUse)
        {
            _effective.Span.CopyTo(all);
            return;
        }
        all.Clear();
        if (Packed is { } packed)
            packed.CopyInUse(all);
        else
            Unpack(all);
    }

    private void Unpack(Span<float> all)
    {
        fixed (float* target = all)
            Quads.Unpack(target);
    }

    /// <summary>Finds which weights of some rows exceed their thresholds: the mask of a layer without a pattern.</summary>
    public void FindAbove(float* dense, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            LearnedThreshold.Above(
                dense + ((nint)row * Columns), Columns, Thresholds!.Values.Row(row, Columns), Thresholds.Values.IsUniform, [],
                Mask.Row(row));
        }
    }

    /// <summary>Gives the layers of a budget the masks of their largest weights; of equal ones the first.</summary>
    public void SelectLargest() => _largest.Keep(BudgetOf, _free!.TopK!.Value, own: null);

    /// <summary>
    /// Finds the weights that get a gradient, if that is limited: the kept ones, and of the others those closest to being kept.
    /// </summary>
    public void FindReached(float* dense)
    {
        if (Reached is not null)
            _largest.Reach(dense, Thresholds, BackwardLimit.Count(Mask.Count, Annealing.BackwardDensity, (long)Rows * Columns), Reached);
    }

    /// <summary>Lets only kept weights learn from now on, or all again; comes before <see cref="Pack"/>.</summary>
    /// <param name="frozen">Whether only kept ones do.</param>
    /// <param name="packed">The parameter, if kept weights can learn in packed order, with a gradient for them alone; else null.</param>
    /// <returns>The kept weights in that order.</returns>
    public KeptWeights? Freeze(bool frozen, Parameter? packed)
    {
        IsFrozen = frozen;
        _packed?.HandBack();
        _packed?.Dispose();
        return _packed = frozen && packed is not null ? new KeptWeights(this, packed) : null;
    }

    /// <summary>Chooses between packed and dense products, and how much room packed ones need.</summary>
    public void Plan()
    {
        _usesDense = _grid is null && Mask.Density > DenseAbove;
        if (!_usesDense)
            Limit(Forward, TransposedOrNull);
    }

    /// <summary>A file has the weights in use, but those that learn where nothing was pruned.</summary>
    public override StoredWeights Read(IWeightReader reader)
    {
        var weights = base.Read(reader);
        return weights with { IsInUse = weights.Mask is not null };
    }

    protected override long[]? KeptShape => _grid is null ? null : [Rows, Columns / _grid.Group * _grid.Keep];

    protected override bool HoldsInUse => !PacksMaster && Packed is null;

    /// <summary>Full weights that nobody has pruned are those that learn: the mask is found from them.</summary>
    protected override StoredWeights Prune(IWeightReader reader, StoredWeights full) =>
        _free is not null && full.Mask is null && reader.Text(WeightNames.Meaning) != WeightNames.InUse ? full : base.Prune(reader, full);

    public override void Save(IStateWriter writer)
    {
        base.Save(writer);
        if (Thresholds is { } learned)
            learned.Parameter.Values.CopyTo(writer.AddFloats(StateNames.Threshold, learned.Parameter.Length));
        if (Reached is { } reached)
            writer.AddBits(StateNames.ReachedMask, reached);
    }

    protected override Action Restore(IStateReader reader, float[] weight, Mask mask)
    {
        var restore = base.Restore(reader, weight, mask);
        var thresholds = Thresholds is null ? [] : reader.Floats(StateNames.Threshold, Thresholds.Parameter.Length);
        var reached = Reached is null ? null : reader.Bits(StateNames.ReachedMask, Rows, Columns);
        return () =>
        {
            // Weights are packed with them.
            Thresholds?.Set(thresholds);
            restore();
            reached?.Words.CopyTo(Reached!.Words);
        };
    }

    public override void Dispose()
    {
        base.Dispose();
        _effective.Dispose();
        Thresholds?.Dispose();
        _packed?.Dispose();
    }

    protected override bool Transfers => _free is not null || _packed is not null;

    /// <summary>Only a layer without a pattern can keep any number of weights: its segments are as long as they need to be.</summary>
    protected override void Limit(BucketWeights forward, BucketWeights? transposed)
    {
        if (_grid is not null)
            return;
        forward.Capacity = MostInRows();
        if (transposed is not null)
            transposed.Capacity = MostInColumns();
    }

    private static KeptLimit Limit(SparsityPattern pattern, Func<NMPattern, bool> applies) =>
        pattern is NMPattern grid ? KeptLimit.Of(grid, applies(grid)) : KeptLimit.All;

    /// <summary>Fills the matrix of weights in use in some rows from master weights, under the mask.</summary>
    private void Apply(float* dense, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var at = (nint)row * Columns;
            Apply(dense + at, row, _effective.Pointer + at);
        }
        Round(first, end);
    }

    private void Round(int first, int end)
    {
        if (RoundsWeights)
            BFloat16.RoundInPlace(_effective.Span[(first * Columns)..(end * Columns)]);
    }

    private void Apply(float* weight, int row, float* result)
    {
        var mask = Mask.Row(row);
        var kept = Kept.Row(row);
        if (Thresholds is not null)
            LearnedThreshold.Apply(weight, Columns, Thresholds.Values.Row(row, Columns), Thresholds.Values.IsUniform, mask, result, kept);
        else if (_grid?.Mode == NMAnnealing.SoftNM)
            SoftThreshold.Apply(_grid.Group, weight, Columns, mask, Scale, result);
        else
            LearnedThreshold.Mask(weight, Columns, mask, result);
        if (KeptFollowsMask)
            mask.CopyTo(kept);
    }

    /// <summary>Finds what of the mask is above the thresholds in some rows.</summary>
    private void FindKept(float* dense, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            if (KeptFollowsMask)
                Mask.Row(row).CopyTo(Kept.Row(row));
            else
                LearnedThreshold.Above(
                    dense + ((nint)row * Columns), Columns, Thresholds!.Values.Row(row, Columns), Thresholds.Values.IsUniform,
                    Mask.Row(row), Kept.Row(row));
        }
    }

    /// <summary>After everything was packed anew.</summary>
    private void Repack()
    {
        if (Packed is null)
            return;
        if (_grid is not null)
            Packer.Complete();
        Packed.Fit();
    }

    private void CountKept(int group)
    {
        var (first, end) = GroupRange(group);
        _keptOfGroup[group] = MaskCounts.InRows(Kept, first, end);
    }

    /// <summary>The most weights that a row keeps in a block of depth.</summary>
    private int MostInRows()
    {
        var most = 1;
        for (var row = 0; row < Mask.Rows; row++)
        {
            for (var first = 0; first < Columns; first += GroupRows)
                most = Math.Max(most, MaskCounts.InRow(Mask, row, first, Math.Min(Columns, first + GroupRows)));
        }
        return most;
    }
}
