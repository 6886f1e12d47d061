using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// The packed forms of an N:M layer: one for the forward product and, made when it is first asked for, one for the gradient of the
/// input. They are built and refreshed by groups of rows that share no segment, so that workers can take a group each.
/// </summary>
internal sealed unsafe class BucketStore : WeightStore
{
    private readonly Lock _lock = new();
    private readonly Func<BucketWeights?, BucketPacker> _makePacker;
    private readonly Func<BucketWeights> _makeTransposed;
    private BucketPacker _packer;

    public BucketStore(int inputs, int outputs, NMPattern pattern, BucketFormat format)
    {
        Pattern = pattern;
        Mask = new Mask(outputs, inputs);
        Previous = new Mask(outputs, inputs);
        if (pattern.Policy == MaskPolicy.BiMask)
            SecondMask = new Mask(outputs, inputs);
        var aligned = PanelGeometry.DepthBlock % pattern.Group == 0;
        BucketWeights Make(int rows, int depth, bool exact, bool padded) =>
            new(rows, depth, format, exact ? pattern.Keep : 1, exact ? pattern.Group : 1, padded);
        Forward = Make(outputs, inputs, aligned, padded: false);
        _makeTransposed = () => Make(inputs, outputs, aligned && pattern.Transposable, padded: true);
        _makePacker = transposed => format == BucketFormat.Pairs
            ? new PairedPacker(Mask, Forward, transposed)
            : new StepPacker(Mask, SecondMask, Forward, transposed);
        _packer = _makePacker(null);
        // A static mask leaves no other weights than the packed ones: they are the parameter.
        Parameter = HasDenseMaster ? new NativeBuffer<float>((long)inputs * outputs) : Forward.Values;
    }

    public NMPattern Pattern { get; }

    public override NativeBuffer<float> Parameter { get; }

    public override bool IsPacked => !HasDenseMaster;

    public override Mask Mask { get; }

    /// <summary>The mask before the last refresh.</summary>
    public Mask Previous { get; }

    /// <inheritdoc/>
    public override Mask? SecondMask { get; }

    public BucketWeights Forward { get; }

    /// <summary>Whether a mask can be searched group by group.</summary>
    public bool TilesStayInGroups => !Pattern.Transposable || GroupRows % Pattern.Group == 0;

    public int Groups => (Forward.Rows + GroupRows - 1) / GroupRows;

    /// <summary>Whether the dense master weights are the parameter and <see cref="Forward"/> is derived from them.</summary>
    public bool HasDenseMaster => Pattern.KeepsMaskedWeights;

    public BucketPacker Packer => _packer;

    /// <summary>Weights of the other orientation; null until it is asked for.</summary>
    public BucketWeights? TransposedOrNull { get; private set; }

    /// <summary>Makes the other orientation from dense weights, unless it is there.</summary>
    public BucketWeights MakeTransposed(Func<NativeBuffer<float>> dense)
    {
        lock (_lock)
        {
            if (TransposedOrNull is { } present)
                return present;
            var transposed = _makeTransposed();
            using var weights = dense();
            _packer.Dispose();
            _packer = _makePacker(transposed);
            Pack(weights.Pointer);
            return TransposedOrNull = transposed;
        }
    }

    /// <summary>Packs everything from dense weights and the current mask.</summary>
    public override void Pack(float* dense)
    {
        for (var group = 0; group < Groups; group++)
            _packer.Build(dense, group);
        if (!HasDenseMaster)
            _packer.Complete();
    }

    /// <summary>Rows of a group, as first and end.</summary>
    public (int First, int End) Rows(int group) => (group * GroupRows, Math.Min(Forward.Rows, (group + 1) * GroupRows));

    public override WeightRule MakeRule(Linear layer) => Pattern.Policy switch
    {
        MaskPolicy.Static => new KeptRule(layer),
        MaskPolicy.Regrow => new RegrowRule(layer),
        MaskPolicy.SoftThreshold => new SoftThresholdRule(layer),
        _ => new MasterRule(layer),
    };

    public override void FindMask(float* dense, bool fromMask)
    {
        MaskSearch.Find(Pattern, dense, Mask.Columns, 0, Mask.Rows, Mask, fromMask ? Mask : null, "weight");
        FindSecondMask(dense, step: 0);
    }

    public override void SetMask(Mask mask, float* dense)
    {
        base.SetMask(mask, dense);
        FindSecondMask(dense, step: 0);
    }

    /// <summary>Finds the part of the mask that the other orientation keeps, where that is not all of it.</summary>
    /// <param name="dense">Weights <c>[out, in]</c>.</param>
    /// <param name="step">Number of the optimizer step: each search draws its own permutations.</param>
    public void FindSecondMask(float* dense, long step)
    {
        if (SecondMask is not null)
            PermutedColumns.Find(Pattern, dense, Mask, (ulong)step, SecondMask);
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
    }

    private int[] Positions()
    {
        var positions = new int[Forward.Values.Length];
        Packer.Positions(positions);
        return positions;
    }
}
