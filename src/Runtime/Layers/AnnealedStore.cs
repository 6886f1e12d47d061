using System.Numerics;
using SparseSharp.Annealing;
using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// The weights of a layer whose gradient is annealed. Dense master weights are the parameter; what products use is a matrix of its own, filled from them row by row: masked,
/// or masked and brought down by a threshold. It is packed under the mask; where so many weights are kept that packed products would be slower, the dense kernels read it.
/// </summary>
/// <remarks>
/// The mask of a layer without an N:M pattern is found anew every few steps. Between two times a weight that falls below its threshold is 0 in place, and one that rises above
/// it waits. <see cref="Kept"/> is what of the mask is above the thresholds at the moment.
/// </remarks>
internal sealed unsafe class AnnealedStore : BucketStore
{
    /// <summary>
    /// Density above which dense products are as fast as packed ones: measured at 128 x 1024 x 1024 on AVX-512, the three products of a step with dense weight gradients
    /// together. On a tie dense wins: it needs no packing.
    /// </summary>
    public const double DenseAbove = 0.45;

    private readonly UnstructuredPattern? _free;
    private readonly NMPattern? _grid;
    private readonly NativeBuffer<float> _effective;
    private readonly bool _rounds;
    private readonly LargestSelection _selection = new();
    private readonly long[] _keptOfGroup;
    private Magnitudes[] _magnitudes = [];
    private NativeBuffer<float>? _keptGradient;
    private NativeBuffer<int>? _positions;

    public AnnealedStore(int inputs, int outputs, SparsityPattern pattern, LinearOperations operations, bool rounds)
        : base(inputs, outputs, FormatOf(operations), Limit(pattern, _ => true), Limit(pattern, grid => grid.Transposable), hasDenseMaster: true, hasSecondMask: false, rounds: false)
    {
        _free = pattern as UnstructuredPattern;
        _grid = pattern as NMPattern;
        // The weights in use are a matrix of their own anyway, and rounded there.
        _rounds = rounds;
        Annealing = pattern.Annealed!;
        _effective = new NativeBuffer<float>((long)inputs * outputs);
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
    public float Scale { get; set; } = 1;

    /// <summary>Whether masked weights have stopped to learn for good.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether the mask stays as it is.</summary>
    public bool KeepsMask => IsFrozen && !(Annealing.AfterZero == AfterZero.FollowThreshold && Thresholds is not null);

    /// <summary>Share of the weights that are kept now.</summary>
    public override double? Density => KeptShare;

    /// <summary>Share of the weights that get a gradient now.</summary>
    public double GradientShare => IsFrozen ? KeptShare : Reached is null ? 1 : Math.Max(KeptShare, Annealing.BackwardDensity);

    /// <summary>The layers that share a budget, this one included; set by the training.</summary>
    public IReadOnlyList<AnnealedStore> BudgetOf { get; set; }

    public override bool RunsDense => UsesDenseKernels;

    public override float* InUse => _effective.Pointer;

    public override float* KeptGradient => _keptGradient is null || UsesDenseKernels ? null : _keptGradient.Pointer;

    public override Parameter? ThresholdParameter => Thresholds?.Parameter;

    private double KeptShare => _keptOfGroup.Sum() / ((double)Mask.Rows * Mask.Columns);

    private bool UsesDenseKernels { get; set; }

    private int Columns => Mask.Columns;

    public override WeightRule MakeRule(Linear layer) => new AnnealRule(layer, this);

    public override void FindMask(float* dense, bool fromMask)
    {
        if (_grid is not null)
        {
            MaskSearch.Find(_grid, dense, Columns, 0, Mask.Rows, Mask, fromMask ? Mask : null, "weight");
            return;
        }
        if (_free!.TopK is not null)
            SelectLargest([this], dense);
        else
            FindAbove(dense, 0, Mask.Rows);
        FindReached(dense);
    }

    public override void SetMask(Mask mask, float* dense)
    {
        base.SetMask(mask, dense);
        FindReached(dense);
    }

    /// <summary>Takes over master weights under the mask that is there, with everything that products read.</summary>
    public override void Pack(float* dense)
    {
        ApplyRows(dense, 0, Mask.Rows);
        Install();
    }

    /// <summary>Takes over weights as products use them, exactly, and returns master weights to go with them in place.</summary>
    public override void Adopt(float* dense)
    {
        new ReadOnlySpan<float>(dense, Mask.Rows * Columns).CopyTo(_effective.Span);
        Round(0, Mask.Rows);
        for (var i = 0; i < Mask.Rows * Columns; i++)
        {
            if (Thresholds is not null && dense[i] != 0)
                dense[i] += MathF.CopySign(Thresholds.Values.At(i / Columns, i), dense[i]);
        }
        Mask.Words.CopyTo(Kept.Words);
        for (var group = 0; group < Groups; group++)
            CountKept(group);
        FindReached(dense);
        Install();
    }

    /// <summary>Fills the weights in use of some rows from master weights, under the mask; a part of the rows may be done at the same time elsewhere.</summary>
    public void ApplyRows(float* dense, int first, int end)
    {
        var scratch = stackalloc ulong[Mask.WordsPerRow];
        for (var row = first; row < end; row++)
        {
            // A frozen mask keeps weights that fall below their threshold: they are 0 and may rise again.
            var kept = KeepsMask ? new Span<ulong>(scratch, Mask.WordsPerRow) : Kept.Row(row);
            ApplyRow(dense + ((nint)row * Columns), row, _effective.Pointer + ((nint)row * Columns), kept);
            if (kept != Kept.Row(row))
                Mask.Row(row).CopyTo(Kept.Row(row));
        }
        Round(first, end);
        for (var group = first / GroupRows; group * GroupRows < end; group++)
            CountKept(group);
    }

    /// <summary>Finds which weights of some rows exceed their thresholds, the mask of a layer without a pattern, and fills the weights in use.</summary>
    public void FindAbove(float* dense, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var at = (nint)row * Columns;
            LearnedThreshold.Apply(
                dense + at, Columns, Thresholds!.Values.Row(row, Columns), Thresholds.Values.IsUniform, [], _effective.Pointer + at, Mask.Row(row));
            Mask.Row(row).CopyTo(Kept.Row(row));
        }
        Round(first, end);
        for (var group = first / GroupRows; group * GroupRows < end; group++)
            CountKept(group);
    }

    /// <summary>Gives the layers of a budget the masks of their largest weights; of equal ones the first.</summary>
    public void SelectLargest() => SelectLargest(BudgetOf, null);

    /// <summary>Finds the weights that get a gradient, if that is limited: the kept ones, and of the others those closest to being kept.</summary>
    public void FindReached(float* dense)
    {
        if (Reached is null)
            return;
        var count = Mask.Rows * Columns;
        var reach = BackwardLimit.Count(Mask.Count, Annealing.BackwardDensity, count);
        if (Thresholds is not null)
        {
            var excesses = new Excesses(dense, count, Columns, Thresholds.Values);
            var cut = _selection.Find<Excesses>([excesses], reach);
            Write(Reached, excesses, ref cut);
        }
        else
        {
            var magnitudes = new Magnitudes(dense, count);
            var cut = _selection.Find<Magnitudes>([magnitudes], reach);
            Write(Reached, magnitudes, ref cut);
        }
    }

    /// <summary>Lets only kept weights learn from now on, or all again; comes before <see cref="Pack"/>.</summary>
    /// <param name="frozen">Whether only kept ones do.</param>
    /// <param name="packedGradient">Whether their gradient is computed for them alone; else it comes with that of the others.</param>
    public void Freeze(bool frozen, bool packedGradient)
    {
        IsFrozen = frozen;
        _keptGradient?.Dispose();
        _positions?.Dispose();
        _keptGradient = frozen && packedGradient ? new(Forward.Values.Length) : null;
        _positions = frozen && packedGradient ? new(Forward.Values.Length) : null;
    }

    /// <summary>Brings the gradient of kept weights of a group from its packed order to <c>[out, in]</c>.</summary>
    public void SpreadGradient(int group, float* dense)
    {
        if (KeptGradient == null)
            return;
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
        {
            var slice = PackedSlice(group, depthBlock);
            var positions = _positions!.Span[slice];
            var gradient = _keptGradient!.Span[slice];
            for (var i = 0; i < positions.Length; i++)
            {
                if (positions[i] >= 0)
                    dense[positions[i]] = gradient[i];
            }
        }
    }

    /// <summary>Chooses between packed and dense products, and how much room packed ones need.</summary>
    public void Plan()
    {
        UsesDenseKernels = _grid is null && Mask.Density > DenseAbove;
        if (!UsesDenseKernels)
            Limit(Forward, TransposedOrNull);
    }

    /// <summary>Packs a group of the weights in use after its mask has changed.</summary>
    public void BuildGroup(int group)
    {
        Packer.Build(_effective.Pointer, group);
        if (_positions is null)
            return;
        // Room that no weight uses any more must not be taken for one.
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
            _positions.Span[PackedSlice(group, depthBlock)].Fill(-1);
        Packer.Positions(group, _positions.Span);
    }

    /// <summary>Packs a group of the weights in use; its mask has not changed.</summary>
    public void LoadGroup(int group)
    {
        var (first, end) = Rows(group);
        Packer.Load(_effective.Pointer, first / 4, (end + 3) / 4);
    }

    public override void Dispose()
    {
        base.Dispose();
        _effective.Dispose();
        Thresholds?.Dispose();
        _keptGradient?.Dispose();
        _positions?.Dispose();
    }

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

    /// <param name="stores">The layers.</param>
    /// <param name="own">Weights of a single layer; null for the master weights of each.</param>
    private void SelectLargest(IReadOnlyList<AnnealedStore> stores, float* own)
    {
        if (_magnitudes.Length != stores.Count)
            _magnitudes = new Magnitudes[stores.Count];
        var all = 0L;
        for (var i = 0; i < stores.Count; i++)
        {
            _magnitudes[i] = new(own == null ? stores[i].Parameter.Pointer : own, stores[i].Mask.Rows * stores[i].Columns);
            all += _magnitudes[i].Length;
        }
        var cut = _selection.Find<Magnitudes>(_magnitudes, Budget.Weights(_free!.TopK!.Value, all));
        for (var i = 0; i < stores.Count; i++)
            Write(stores[i].Mask, _magnitudes[i], ref cut);
    }

    private static void Write<TRanked>(Mask mask, TRanked ranked, ref Cut cut)
        where TRanked : struct, IRanked
    {
        mask.Words.Clear();
        for (var row = 0; row < mask.Rows; row++)
        {
            var words = mask.Row(row);
            for (var column = 0; column < mask.Columns; column++)
            {
                if (cut.Takes(ranked[(row * mask.Columns) + column]))
                    words[column >> 6] |= 1UL << (column & 63);
            }
        }
    }

    private void ApplyRow(float* weight, int row, float* result, Span<ulong> kept)
    {
        if (Thresholds is not null)
        {
            LearnedThreshold.Apply(weight, Columns, Thresholds.Values.Row(row, Columns), Thresholds.Values.IsUniform, Mask.Row(row), result, kept);
            return;
        }
        Mask.Row(row).CopyTo(kept);
        if (_grid?.Mode == NMAnnealing.SoftNM)
            SoftThreshold.Apply(_grid.Group, weight, Columns, Mask.Row(row), Scale, result);
        else
            LearnedThreshold.Mask(weight, Columns, Mask.Row(row), result);
    }

    private void Round(int first, int end)
    {
        if (_rounds)
            BFloat16.RoundInPlace(_effective.Span[(first * Columns)..(end * Columns)]);
    }

    private void Install()
    {
        Plan();
        if (UsesDenseKernels)
            return;
        Build(_effective.Pointer);
        if (_positions is not null)
            Packer.Positions(_positions.Span);
    }

    private void CountKept(int group)
    {
        var (first, end) = Rows(group);
        long count = 0;
        foreach (var word in Kept.Words[(first * Kept.WordsPerRow)..(end * Kept.WordsPerRow)])
            count += BitOperations.PopCount(word);
        _keptOfGroup[group] = count;
    }

    /// <summary>The most weights that a row keeps in a block of depth.</summary>
    private int MostInRows()
    {
        var (most, words) = (1, GroupRows / 64);
        for (var row = 0; row < Mask.Rows; row++)
        {
            var bits = Mask.Row(row);
            for (var word = 0; word < bits.Length; word += words)
            {
                var count = 0;
                for (var w = word; w < Math.Min(bits.Length, word + words); w++)
                    count += BitOperations.PopCount(bits[w]);
                most = Math.Max(most, count);
            }
        }
        return most;
    }

    /// <summary>The most weights that a column keeps in a group of rows. Counted for eight columns at a time, a byte each.</summary>
    private int MostInColumns()
    {
        var most = 1;
        var counts = stackalloc ulong[8];
        for (var group = 0; group < Groups; group++)
        {
            var (first, end) = Rows(group);
            for (var word = 0; word < Mask.WordsPerRow; word++)
            {
                // A byte counts to 255: groups have at most 256 rows, and one that keeps all of them is full anyway.
                new Span<ulong>(counts, 8).Clear();
                for (var row = first; row < Math.Min(end, first + byte.MaxValue); row++)
                {
                    var bits = Mask.Row(row)[word];
                    for (var octet = 0; octet < 8; octet++)
                        counts[octet] += MaskBits.Spread((byte)(bits >> (8 * octet)));
                }
                foreach (var count in new ReadOnlySpan<byte>(counts, 64))
                    most = Math.Max(most, count);
            }
        }
        return most >= byte.MaxValue ? GroupRows : most;
    }
}
