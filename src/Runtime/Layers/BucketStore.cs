using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// The packed forms of a layer with a mask: one for the forward product and, made when it is first asked for, one for the gradient of the
/// input. They are built and refreshed by groups of rows that share no segment, so that workers can take a group each.
/// </summary>
internal abstract unsafe class BucketStore : WeightStore
{
    private readonly Lock _lock = new();
    private readonly Func<BucketWeights?, BucketPacker> _makePacker;
    private readonly Func<BucketWeights> _makeTransposed;
    private readonly RoundedRows? _rounded;
    private BucketPacker _packer;

    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="format">How the kernels want the weights.</param>
    /// <param name="forward">The largest share of its weights that a row can keep.</param>
    /// <param name="transposed">The largest share of its weights that a column can keep.</param>
    /// <param name="hasDenseMaster">Whether masked weights exist too.</param>
    /// <param name="hasSecondMask">Whether the other orientation keeps only a part of the mask.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16, which are then beside the parameter.</param>
    protected BucketStore(
        int inputs, int outputs, BucketFormat format, KeptLimit forward, KeptLimit transposed, bool hasDenseMaster, bool hasSecondMask, bool rounds)
    {
        Mask = new Mask(outputs, inputs);
        Previous = new Mask(outputs, inputs);
        if (hasSecondMask)
            SecondMask = new Mask(outputs, inputs);
        Forward = new(outputs, inputs, format, forward.Keep, forward.Group, padded: false);
        _makeTransposed = () => new(inputs, outputs, format, transposed.Keep, transposed.Group, padded: true);
        _makePacker = other => format == BucketFormat.Pairs
            ? new PairedPacker(Mask, Forward, other)
            : new StepPacker(Mask, SecondMask, Forward, other);
        _packer = _makePacker(null);
        HasDenseMaster = hasDenseMaster;
        Rounds = rounds;
        _rounded = rounds && hasDenseMaster ? new RoundedRows(outputs, inputs) : null;
        // A static mask leaves no other weights than the packed ones: they are the parameter, unless products read them rounded.
        Parameter = HasDenseMaster ? new PinnedBuffer<float>((long)inputs * outputs) : rounds ? new PinnedBuffer<float>(Forward.Values.Length) : Forward.Values;
    }

    public override PinnedBuffer<float> Parameter { get; }

    public override bool IsPacked => !HasDenseMaster;

    public override float* InUse => _rounded is null ? base.InUse : _rounded.Pointer;

    /// <summary>Whether products use weights rounded to bfloat16.</summary>
    protected bool Rounds { get; }

    public override Mask Mask { get; }

    /// <summary>The mask before the last refresh.</summary>
    public Mask Previous { get; }

    /// <inheritdoc/>
    public override Mask? SecondMask { get; }

    public BucketWeights Forward { get; }

    public int Groups => (Forward.Rows + GroupRows - 1) / GroupRows;

    /// <summary>Whether the dense master weights are the parameter and <see cref="Forward"/> is derived from them.</summary>
    public bool HasDenseMaster { get; }

    public BucketPacker Packer => _packer;

    /// <summary>Weights of the other orientation; null until it is asked for.</summary>
    public BucketWeights? TransposedOrNull { get; private set; }

    /// <summary>The format of the kernels of a layer with a mask.</summary>
    public static BucketFormat FormatOf(LinearOperations operations) =>
        operations.Format ?? throw new ArgumentException("A layer with a mask needs kernels for packed weights.", nameof(operations));

    /// <summary>Makes the other orientation from the weights in use, <c>[out, in]</c>, unless it is there.</summary>
    public BucketWeights MakeTransposed(Func<NativeBuffer<float>> effective)
    {
        lock (_lock)
        {
            if (TransposedOrNull is { } present)
                return present;
            var transposed = _makeTransposed();
            using var weights = effective();
            _packer.Dispose();
            _packer = _makePacker(transposed);
            Limit(Forward, transposed);
            Build(weights.Pointer);
            return TransposedOrNull = transposed;
        }
    }

    /// <summary>Packs everything from dense weights and the current mask.</summary>
    public override void Pack(float* dense)
    {
        _rounded?.Take(dense);
        Build(_rounded is null ? dense : _rounded.Pointer);
        for (var group = 0; group < Groups; group++)
            TakePacked(group);
    }

    public override void RoundRows(int first, int end) => _rounded?.Take(Parameter.Pointer, first, end);

    /// <summary>Brings what the forward product reads up to date with some weights of a packed parameter, where it is rounded.</summary>
    public void RoundPacked(Range weights)
    {
        if (Rounds)
            BFloat16.Round(Parameter.Span[weights], Forward.Values.Span[weights]);
    }

    /// <summary>Makes the packed weights of a group, which the packer has made of master weights, the parameter, and rounds them. Does nothing where both are the same.</summary>
    public void TakePacked(int group)
    {
        if (!Rounds || HasDenseMaster)
            return;
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
        {
            var slice = PackedSlice(group, depthBlock);
            Forward.Values.Span[slice].CopyTo(Parameter.Span[slice]);
            BFloat16.RoundInPlace(Forward.Values.Span[slice]);
        }
        if (TransposedOrNull is { } transposed)
            BFloat16.RoundInPlace(transposed.Values.Span[(int)transposed.ValueOffset(group, 0)..(int)transposed.ValueOffset(group, transposed.Blocks)]);
    }

    /// <summary>Rows of a group, as first and end.</summary>
    public (int First, int End) Rows(int group) => (group * GroupRows, Math.Min(Forward.Rows, (group + 1) * GroupRows));

    /// <summary>The packed weights of a group in one depth block: its row blocks are neighbours.</summary>
    public Range PackedSlice(int group, int depthBlock)
    {
        var (first, end) = Rows(group);
        return (int)Forward.ValueOffset(depthBlock, first / 4)..(int)Forward.ValueOffset(depthBlock, (end + 3) / 4);
    }

    /// <summary>Whether the other orientation is filled from this one.</summary>
    protected virtual bool Transfers => !HasDenseMaster;

    /// <summary>Sets how many steps a segment has room for, where that depends on the mask.</summary>
    protected virtual void Limit(BucketWeights forward, BucketWeights? transposed) { }

    /// <summary>The most weights that a column keeps in a group of rows: what a segment of the other orientation needs room for.</summary>
    protected int MostInColumns()
    {
        var most = 1;
        var counts = stackalloc int[64];
        for (var group = 0; group < Groups; group++)
        {
            var (first, end) = Rows(group);
            for (var word = 0; word < Mask.WordsPerRow; word++)
            {
                MaskCounts.InColumns(Mask, SecondMask, word, first, end, counts);
                foreach (var count in new ReadOnlySpan<int>(counts, 64))
                    most = Math.Max(most, count);
            }
        }
        return most;
    }

    /// <summary>Packs the weights in use, <c>[out, in]</c>, under the current mask.</summary>
    protected void Build(float* effective)
    {
        for (var group = 0; group < Groups; group++)
            _packer.Build(effective, group);
        if (Transfers)
            _packer.Complete();
    }

    public override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        if (!IsPacked)
        {
            base.Export(own, dense);
            return;
        }
        dense.Clear();
        var positions = Positions();
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                dense[positions[i]] = own[i];
        }
    }

    public override void Import(ReadOnlySpan<float> dense, Span<float> own)
    {
        if (!IsPacked)
        {
            base.Import(dense, own);
            return;
        }
        var positions = Positions();
        for (var i = 0; i < positions.Length; i++)
            own[i] = positions[i] >= 0 ? dense[positions[i]] : 0;
    }

    public override void Dispose()
    {
        Forward.Dispose();
        TransposedOrNull?.Dispose();
        _packer.Dispose();
        _rounded?.Dispose();
    }

    private int[] Positions()
    {
        var positions = new int[Forward.Values.Length];
        Packer.Positions(positions);
        return positions;
    }
}
