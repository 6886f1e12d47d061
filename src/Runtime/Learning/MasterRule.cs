using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Settings;

namespace SparseSharp.Learning;

/// <summary>Dense master weights that all learn, and a mask that follows their magnitudes.</summary>
internal sealed unsafe class MasterRule : UpdateRule
{
    private const int PackedTogether = 64;

    private readonly NMPattern _pattern;
    private readonly GradientBuffer[] _gradients;
    private readonly UpdatePhase[] _phasesWithSearch;

    public MasterRule(NMMatrix matrix)
        : base(matrix)
    {
        Buckets = matrix;
        _pattern = matrix.Pattern;
        Gradient = GradientRule.Of(matrix.Pattern);
        _gradients = [new MasterGradients(this)];
        _phasesWithSearch = [.. OnlyUpdate, new UpdatePhase(Search)];
    }

    public override string? NeedsTrainer =>
        _pattern.Policy == MaskPolicy.Step ? "MaskPolicy.Step reads the second moments of the optimizer" : null;

    /// <summary>What the weights learn from.</summary>
    private GradientRule Gradient { get; }

    private NMMatrix Buckets { get; }

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _gradients;

    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) =>
        SearchesWhole(in step) || SearchesSecond(in step) ? _phasesWithSearch : OnlyUpdate;

    /// <summary>A few rows at a time, so that packing finds them in the second-level cache.</summary>
    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        var refresh = RefreshIsDue(in step) && Buckets.TilesStayInGroups;
        var master = Parameter.Buffer.Pointer;
        for (var row = first; row < end; row += PackedTogether)
        {
            var last = Math.Min(end, row + PackedTogether);
            for (var r = row; r < last; r++)
                UpdateRow(r, optimizer, in step);
            Buckets.RoundRows(row, last);
            if (!refresh)
                Buckets.Packer.Load(Buckets.InUse, row / 4, (last + 3) / 4);
        }
        if (refresh)
            RefreshMask(group, first, end, master);
    }

    /// <summary>
    /// A mask search whose tiles span groups of rows waits for all of them, and so does a second mask, whose groups are of permuted rows.
    /// </summary>
    private void Search(Optimizer optimizer, in UpdateStep step)
    {
        if (SearchesWhole(in step))
            RefreshWhole();
        if (!SearchesSecond(in step))
            return;
        var master = Parameter.Buffer.Pointer;
        Buckets.FindSecondMask(master, step.Step);
        Buckets.Pack(master);
    }

    private bool SearchesWhole(in UpdateStep step) => RefreshIsDue(in step) && !Buckets.TilesStayInGroups;

    private bool SearchesSecond(in UpdateStep step) => Buckets.SecondMask is not null && step.Step % NMSettings.SecondMaskRefresh == 0;

    private void UpdateRow(int row, Optimizer optimizer, in UpdateStep step)
    {
        var slice = (row * Matrix.Columns)..((row + 1) * Matrix.Columns);
        if (Gradient.IsPlain)
            UpdateSlice(Parameter, slice, optimizer, in step);
        else
            UpdateSlice(Parameter, slice, new MaskedDecay(Buckets.Mask.Row(row), Gradient, step.GradientScale), optimizer, in step);
    }

    private bool RefreshIsDue(in UpdateStep step) => step.Step % _pattern.RefreshEvery == 0;

    private void RefreshWhole()
    {
        Buckets.Mask.Words.CopyTo(Buckets.Previous.Words);
        var master = Parameter.Buffer.Pointer;
        MaskSearch.Find(_pattern.Shape, master, Matrix.Columns, 0, Matrix.Rows, Buckets.Mask, Buckets.Previous, "weight");
        Flips = Buckets.Mask.Flips(Buckets.Previous);
        Buckets.Pack(master);
    }

    private void RefreshMask(int group, int first, int end, float* master)
    {
        for (var row = first; row < end; row++)
            Buckets.Mask.Row(row).CopyTo(Buckets.Previous.Row(row));
        MaskSearch.Find(_pattern.Shape, master, Matrix.Columns, first, end - first, Buckets.Mask, Buckets.Previous, "weight");
        SetFlips(group, Buckets.Mask.Flips(Buckets.Previous, first, end - first));
        Buckets.Packer.Build(Buckets.InUse, group);
    }

    /// <summary>The gradient of all weights, which a pull of masked ones to zero may complete.</summary>
    private sealed class MasterGradients(MasterRule rule) : RowGradients(rule.Buckets, () => new(1, rule.Gradient.Decay))
    {
        public override void Complete(int group)
        {
            if (rule.Gradient.IsPlain)
                return;
            var (first, end) = Matrix.GroupRange(group);
            for (var row = first; row < end; row++)
            {
                var slice = (row * Matrix.Columns)..((row + 1) * Matrix.Columns);
                var gradient = Values[slice];
                new MaskedDecay(
                    Matrix.Mask!.Row(row), rule.Gradient, scale: 1).Compute(0, Matrix.Parameter.Values[slice], gradient, gradient);
            }
        }
    }
}
