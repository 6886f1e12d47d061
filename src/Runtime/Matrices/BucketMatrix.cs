using System.Buffers;
using System.Numerics;
using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The packed forms of a layer with a mask: one for the forward product and, made when it is first asked for, one for the gradient of the
/// input. They are built and refreshed by groups of rows that share no segment, so that workers can take a group each.
/// </summary>
internal abstract unsafe class BucketMatrix : Matrix
{
    private readonly Lock _lock = new();
    private readonly Func<BucketWeights?, BucketPacker> _makePacker;
    private readonly Func<BucketWeights> _makeTransposed;
    private readonly RoundedRows? _rounded;
    private BucketPacker _packer;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="pattern">Which masks the matrix may have.</param>
    /// <param name="format">How the kernels want the weights.</param>
    /// <param name="forward">The largest share of its weights that a row can keep.</param>
    /// <param name="transposed">The largest share of its weights that a column can keep.</param>
    /// <param name="hasDenseMaster">Whether masked weights exist too.</param>
    /// <param name="hasSecondMask">Whether the other orientation keeps only a part of the mask.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="derives">Whether <see cref="Forward"/> is filled from a matrix of weights in use that the derived class holds, which
    /// then rounds too.</param>
    protected BucketMatrix(
        int rows, int columns, SparsityPattern pattern, BucketFormat format, KeptLimit forward, KeptLimit transposed, bool hasDenseMaster,
        bool hasSecondMask, bool rounds, bool derives = false)
        : base(rows, columns, pattern, rounds)
    {
        Mask = new Mask(rows, columns);
        Previous = new Mask(rows, columns);
        if (hasSecondMask)
            SecondMask = new Mask(rows, columns);
        Forward = new(rows, columns, format, forward.Keep, forward.Group, padded: false);
        _makeTransposed = () => new(columns, rows, format, transposed.Keep, transposed.Group, padded: true);
        _makePacker = other => format == BucketFormat.Pairs
            ? new PairedPacker(Mask, Forward, other)
            : new QuadPacker(Mask, SecondMask, Forward, other);
        _packer = _makePacker(null);
        HasDenseMaster = hasDenseMaster;
        RoundsHere = rounds && !derives;
        _rounded = RoundsHere && hasDenseMaster ? new RoundedRows(rows, columns) : null;
        // A static mask leaves no other weights than the packed ones: they are the parameter, unless products read them rounded.
        Memory = HasDenseMaster
            ? new PinnedBuffer<float>((long)rows * columns)
            : RoundsHere
            ? new PinnedBuffer<float>(Forward.Values.Length)
            : Forward.Values;
    }

    public override PinnedBuffer<float> Memory { get; }

    public override bool IsPacked => !HasDenseMaster;

    public override float* InUse => _rounded is null ? base.InUse : _rounded.Pointer;

    public override Mask Mask { get; }

    /// <summary>The mask before the last refresh.</summary>
    public Mask Previous { get; }

    /// <inheritdoc/>
    public override Mask? SecondMask { get; }

    public BucketWeights Forward { get; }

    /// <summary>Whether the dense master weights are the parameter and <see cref="Forward"/> is derived from them.</summary>
    public bool HasDenseMaster { get; }

    public BucketPacker Packer => _packer;

    /// <summary>Weights of the other orientation; null until it is asked for.</summary>
    public BucketWeights? TransposedOrNull { get; private set; }

    /// <summary>Weights of the other orientation, made of those in use when they are first asked for.</summary>
    public BucketWeights Backward => TransposedOrNull ?? MakeTransposed();

    private BucketWeights MakeTransposed()
    {
        lock (_lock)
        {
            if (TransposedOrNull is { } present)
                return present;
            var transposed = _makeTransposed();
            using var weights = new NativeBuffer<float>((long)Rows * Columns);
            CopyInUse(weights.Span);
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

    public override void RoundRows(int first, int end) => _rounded?.Take(Memory.Pointer, first, end);

    /// <summary>Brings what the forward product reads up to date with some weights of a packed parameter, where it is rounded.</summary>
    public void RoundPacked(Range weights)
    {
        if (RoundsHere)
            BFloat16.Round(Memory.Span[weights], Forward.Values.Span[weights]);
    }

    /// <summary>
    /// Makes the packed weights of a group, which the packer has made of master weights, the parameter, and rounds them. Does nothing where
    /// both are the same.
    /// </summary>
    public void TakePacked(int group)
    {
        if (!RoundsHere || HasDenseMaster)
            return;
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
        {
            var slice = PackedSlice(group, depthBlock);
            Forward.Values.Span[slice].CopyTo(Memory.Span[slice]);
            BFloat16.RoundInPlace(Forward.Values.Span[slice]);
        }
        if (TransposedOrNull is { } transposed)
            BFloat16.RoundInPlace(
                transposed.Values.Span[(int)transposed.ValueOffset(group, 0)..(int)transposed.ValueOffset(group, transposed.Blocks)]);
    }

    /// <summary>The packed weights of a group in one depth block: its row blocks are neighbours.</summary>
    public Range PackedSlice(int group, int depthBlock)
    {
        var (first, end) = GroupRange(group);
        return (int)Forward.ValueOffset(depthBlock, first / 4)..(int)Forward.ValueOffset(depthBlock, (end + 3) / 4);
    }

    /// <summary>Whether rounded weights are held here, beside the parameter.</summary>
    private bool RoundsHere { get; }

    /// <summary>Whether the other orientation is filled from this one.</summary>
    protected virtual bool Transfers => !HasDenseMaster;

    /// <summary>Sets how many quads a segment has room for, where that depends on the mask.</summary>
    protected virtual void Limit(BucketWeights forward, BucketWeights? transposed) { }

    /// <summary>The most weights that a column keeps in a group of rows: what a segment of the other orientation needs room for.</summary>
    protected int MostInColumns()
    {
        var most = 1;
        var counts = stackalloc int[64];
        for (var group = 0; group < Groups; group++)
        {
            var (first, end) = GroupRange(group);
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

    /// <inheritdoc/>
    public override StoredWeights Read(IWeightReader reader)
    {
        if (reader.HasFull(WeightNames.Values, WeightNames.Bits))
            return Prune(reader, reader.Full(Rows, Columns));
        if (!reader.Has(WeightNames.Values))
            throw reader.Missing(reader.Has(WeightNames.Bits) ? WeightNames.Values : WeightNames.Full);
        if (!reader.Has(WeightNames.Bits))
            throw reader.Missing(WeightNames.Bits);
        if (KeptShape is { } known)
            reader.CheckShape(WeightNames.Values, known);
        var mask = reader.Bits(WeightNames.Bits, Rows, Columns);
        if (Pattern!.FirstFault(mask) is { } fault)
            throw reader.Fault($"the mask '{reader.NameOf(WeightNames.Bits)}', stored as {reader.StoredPattern}, is not {Pattern} as {reader.Owner} needs it: {fault}.");
        return new(MaskCodec.Scatter(reader.Floats(WeightNames.Values, KeptShape ?? [mask.Count]), mask), mask);
    }

    /// <summary>
    /// Shape of the kept weights in files where the pattern says how many there are; null where that is the mask's matter.
    /// </summary>
    protected abstract long[]? KeptShape { get; }

    /// <summary>Whether <see cref="InUse"/> holds the weights that products use; else only the packed ones are up to date.</summary>
    protected virtual bool HoldsInUse => HasDenseMaster;

    /// <inheritdoc/>
    protected override void WriteKept(IWeightWriter writer)
    {
        var values = writer.AddFloats(WeightNames.Values, KeptShape ?? [Mask.Count]);
        if (HoldsInUse)
            MaskCodec.Gather(new ReadOnlySpan<float>(InUse, checked(Rows * Columns)), Mask, values);
        else
            GatherPacked(values);
        writer.AddBits(WeightNames.Bits, Mask);
    }

    /// <summary>Takes each packed weight to the place that it has among the kept weights.</summary>
    private void GatherPacked(Span<float> values)
    {
        var before = new int[Mask.Words.Length];
        for (var (word, count) = (0, 0); word < before.Length; count += BitOperations.PopCount(Mask.Words[word++]))
            before[word] = count;
        var positions = Positions();
        var packed = Forward.Values.Span;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0)
                continue;
            var (row, column) = Math.DivRem(positions[i], Columns);
            var word = (row * Mask.WordsPerRow) + (column >> 6);
            values[before[word] + BitOperations.PopCount(Mask.Words[word] & ((1UL << (column & 63)) - 1))] = packed[i];
        }
    }

    /// <summary>From the packed weights, which are always up to date, unless those in use are a matrix of their own.</summary>
    public override void CopyInUse(Span<float> target) => CopyPacked(target);

    public override void Export(ReadOnlySpan<float> own, Span<float> dense)
    {
        if (!IsPacked)
        {
            base.Export(own, dense);
            return;
        }
        Unpack(own, dense);
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

    public override void FindPlaces(Span<int> places)
    {
        if (!IsPacked)
        {
            base.FindPlaces(places);
            return;
        }
        places.Fill(-1);
        var positions = Positions();
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                places[positions[i]] = i;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Forward.Dispose();
        TransposedOrNull?.Dispose();
        _packer.Dispose();
        _rounded?.Dispose();
    }

    /// <summary>Copies the packed weights, or all of them where products use all.</summary>
    protected void CopyPacked(Span<float> target)
    {
        if (IsDense)
            base.CopyInUse(target);
        else
            Unpack(Forward.Values.Span, target);
    }

    /// <summary>Convolutions do this at each step, which is to allocate nothing.</summary>
    private void Unpack(ReadOnlySpan<float> packed, Span<float> dense)
    {
        dense.Clear();
        var rented = ArrayPool<int>.Shared.Rent(checked((int)Forward.Values.Length));
        var positions = rented.AsSpan(0, checked((int)Forward.Values.Length));
        Packer.Positions(positions);
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                dense[positions[i]] = packed[i];
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    private int[] Positions()
    {
        var positions = new int[Forward.Values.Length];
        Packer.Positions(positions);
        return positions;
    }
}
