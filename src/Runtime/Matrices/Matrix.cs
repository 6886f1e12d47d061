using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// A weight matrix <c>[rows, columns]</c> in one format: which memory its values learn in, in which order, which mask belongs to it, and
/// what products read beside that. It knows neither the layer that uses it nor the rule by which it learns.
/// </summary>
internal abstract unsafe class Matrix : IDisposable
{
    private Parameter? _parameter;
    private int _changes;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="pattern">Which masks the matrix may have, or null for a dense one.</param>
    /// <param name="rounds">Whether products use the weights rounded to bfloat16.</param>
    protected Matrix(int rows, int columns, SparsityPattern? pattern, bool rounds)
    {
        (Rows, Columns, Pattern, RoundsWeights) = (rows, columns, pattern, rounds);
        Transposed = new TransposedCopy(this);
    }

    /// <summary>Output features.</summary>
    public int Rows { get; }

    /// <summary>Input features.</summary>
    public int Columns { get; }

    /// <summary>Which masks the matrix may have, or null for a dense one.</summary>
    public SparsityPattern? Pattern { get; }

    /// <summary>Whether products use the weights rounded to bfloat16.</summary>
    public bool RoundsWeights { get; }

    /// <summary>The weights that learn, with gradient and optimizer state.</summary>
    public Parameter Parameter => _parameter ??= new Parameter(StateNames.Weight, Memory, decays: true) { FullShape = [Rows, Columns] };

    /// <summary>Whether the parameter holds kept weights only, in an order of its own; else it is <c>[rows, columns]</c>.</summary>
    public virtual bool IsPacked => false;

    /// <summary>Which weights are kept, or null where all are.</summary>
    public virtual Mask? Mask => null;

    /// <summary>Which of the kept weights the gradient of the input uses, if not all.</summary>
    public virtual Mask? SecondMask => null;

    /// <summary>Which weights products use: less than what exists where whole blocks are scaled to 0.</summary>
    public virtual Mask? EffectiveMask => Mask;

    /// <summary>Share of the weights that the mask keeps now; 1 without a mask.</summary>
    public abstract double KeptShare { get; }

    /// <summary>Whether products use all weights: where there is no mask, and while a training runs without it.</summary>
    public bool IsDense => Mask is null || IsUnmasked;

    /// <summary>Whether products use all weights although there is a mask.</summary>
    public bool IsUnmasked { get; private set; }

    /// <summary>
    /// Whether the dense kernels compute the products: without a mask, and where so many weights are kept that packed ones would be slower.
    /// </summary>
    public bool UsesDenseKernels => IsDense || RunsDense;

    /// <summary>Factor of the weights in use, taken from the weights at the start and kept from then on; 1 where there is none.</summary>
    public virtual float Scale
    {
        get => 1;
        set { }
    }

    /// <summary>A trainable factor per block, if there is one.</summary>
    public virtual Parameter? Scales => null;

    /// <summary>Share of the weights that get a gradient now, under the mask.</summary>
    public virtual double GradientShare => IsPacked ? KeptShare : 1;

    /// <summary>Bytes that say where the weights of blocks are; null where weights are no blocks.</summary>
    public virtual long? IndexBytes => null;

    /// <summary>Thresholds that learn beside the weights, or null.</summary>
    public virtual Parameter? ThresholdParameter => null;

    /// <summary>Rows that are updated together: groups share no packed segment.</summary>
    public virtual int GroupRows => PanelGeometry.DepthBlock;

    /// <summary>Groups of rows that share no packed segment.</summary>
    public int Groups => (Rows + GroupRows - 1) / GroupRows;

    /// <summary>The weights that dense products use, <c>[rows, columns]</c>.</summary>
    public virtual float* InUse => Memory.Pointer;

    /// <summary>The weights that dense products use, as <c>[columns, rows]</c>.</summary>
    public TransposedCopy Transposed { get; }

    /// <summary>The gradient of kept weights alone, in the order of the packed ones; null where all weights have one.</summary>
    public virtual float* KeptGradient => IsPacked ? Parameter.GradientPointer : null;

    /// <summary>
    /// Where the gradient of all weights <c>[rows, columns]</c> goes in the current step, beside that of the parameter; null where nobody
    /// wants it.
    /// </summary>
    public float* MaskedGradient { get; set; }

    /// <summary>Grows whenever what products use has changed: for copies that are made when they are needed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>The memory of <see cref="Parameter"/>.</summary>
    public abstract PinnedBuffer<float> Memory { get; }

    /// <summary>Whether products go to the dense kernels, although there is a mask.</summary>
    protected virtual bool RunsDense => false;

    /// <summary>Says that weights in use have changed, or will in a moment. Several threads may say so at once.</summary>
    public void NoteChange() => Volatile.Write(ref _changes, _changes + 1);

    /// <summary>Rows of a group, as first and end.</summary>
    public (int First, int End) GroupRange(int group) => (group * GroupRows, Math.Min(Rows, (group + 1) * GroupRows));

    /// <summary>Brings <see cref="InUse"/> up to date with some rows of the parameter, where it is rounded.</summary>
    public virtual void RoundRows(int first, int end) { }

    /// <summary>Finds the mask of weights <c>[rows, columns]</c>.</summary>
    /// <param name="dense">The weights.</param>
    /// <param name="fromMask">Whether to start from the mask that is there.</param>
    public virtual void FindMask(float* dense, bool fromMask) { }

    /// <summary>Replaces the mask by one that follows the pattern.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="dense">The weights <c>[rows, columns]</c> that it is for.</param>
    public virtual void SetMask(Mask mask, float* dense) => mask.Words.CopyTo(Mask!.Words);

    /// <summary>Takes <see cref="Scale"/> from weights <c>[rows, columns]</c> under the mask that is there.</summary>
    public virtual void FixScale(float* dense) { }

    /// <summary>Fills what products read beside the parameter from weights <c>[rows, columns]</c>, under the mask that is there.</summary>
    public virtual void Pack(float* dense) { }

    /// <summary>As <see cref="Pack"/>, from weights as products use them; makes master weights of them, in place.</summary>
    protected virtual void Adopt(float* dense) => Pack(dense);

    /// <summary>Takes over weights <c>[rows, columns]</c> under the current mask, with all that depends on them.</summary>
    /// <param name="dense">The weights.</param>
    /// <param name="inUse">Whether products are to use them as they are; else they are what learns. Become master weights then.</param>
    public void Install(float* dense, bool inUse = false)
    {
        NoteChange();
        Parameter.Fit();
        if (inUse)
            Adopt(dense);
        else
            Pack(dense);
        if (!IsPacked)
            new ReadOnlySpan<float>(dense, checked(Rows * Columns)).CopyTo(Parameter.Values);
        Scales?.Fit();
        if (UsesDenseKernels)
            Transposed.Take(0, Rows);
    }

    /// <summary>Lets products use all weights although there is a mask.</summary>
    public void Unmask()
    {
        NoteChange();
        IsUnmasked = true;
        RoundRows(0, Rows);
        Transposed.Take(0, Rows);
    }

    /// <summary>Puts the weights under the mask again; <see cref="Install(float*, bool)"/> comes next.</summary>
    public void Remask() => IsUnmasked = false;

    /// <summary>Replaces the factors of all blocks, if there are any.</summary>
    public virtual void SetScales(ReadOnlySpan<float> scales) { }

    /// <summary>Writes what the matrix has to remember beside its parameter: mask, factors and thresholds.</summary>
    public virtual void Save(IStateWriter writer)
    {
        if (Pattern is null)
            return;
        writer.AddBits(StateNames.Mask, Mask!);
        if (SecondMask is { } second)
            writer.AddBits(StateNames.SecondMask, second);
        writer.AddFloats(StateNames.Scale, 1)[0] = Scale;
        writer.AddNumber(StateNames.MaskOff, IsUnmasked ? 1 : 0);
    }

    /// <summary>Reads and checks what <see cref="Save"/> has written, in the same order.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="weight">The master weights to go with it, <c>[rows, columns]</c>.</param>
    /// <returns>What puts all of it in place; nothing has changed before.</returns>
    public Action Restore(IStateReader reader, float[] weight)
    {
        if (Pattern is null)
            return () => Install(weight);
        var mask = reader.Bits(StateNames.Mask, Rows, Columns);
        return Pattern.FirstFault(mask) is { } fault
            ? throw reader.Fault(StateNames.Mask, $"is not {Pattern}: {fault}")
            : Restore(reader, weight, mask);
    }

    /// <summary>Copies the weights that products use, <c>[rows, columns]</c>, 0 where they are masked.</summary>
    public void CopyEffective(Span<float> target)
    {
        CopyInUse(target);
        if (!IsDense)
            Mask!.Clear(target);
    }

    /// <summary>As <see cref="CopyEffective"/>, but what the mask drops may be left as it is.</summary>
    public virtual void CopyInUse(Span<float> target) => new ReadOnlySpan<float>(InUse, target.Length).CopyTo(target);

    /// <summary>An array in the order of the parameter as <c>[rows, columns]</c>; masked positions of a packed one are 0.</summary>
    public virtual void Export(ReadOnlySpan<float> own, Span<float> dense) => own.CopyTo(dense);

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    public virtual void Import(ReadOnlySpan<float> dense, Span<float> own) => dense.CopyTo(own);

    /// <summary>Where each weight of <c>[rows, columns]</c> lies in the parameter; -1 where there is none.</summary>
    public virtual void FindPlaces(Span<int> places)
    {
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
    }

    /// <summary>The weights that learn, <c>[rows, columns]</c>.</summary>
    public NativeBuffer<float> CopyOfMaster()
    {
        var copy = new NativeBuffer<float>((long)Rows * Columns);
        Export(Parameter.Values, copy.Span);
        return copy;
    }

    /// <summary>Writes the weights that products use, without those that the mask drops.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="dense">Whether to write all weights, 0 where they are masked.</param>
    public void Write(IWeightWriter writer, bool dense)
    {
        if (!dense && !IsDense)
        {
            WriteKept(writer);
            return;
        }
        CopyEffective(writer.AddFloats(WeightNames.Full, Rows, Columns));
        if (!IsDense)
            writer.AddText(WeightNames.Meaning, WeightNames.InUse);
    }

    /// <summary>
    /// Reads and checks what <see cref="Write"/> has written, or weights from elsewhere that can be taken; changes nothing.
    /// </summary>
    public virtual StoredWeights Read(IWeightReader reader) => new(StoredWeights.ReadAll(reader, Rows, Columns), null);

    /// <summary>Writes the weights that products use under the mask.</summary>
    protected virtual void WriteKept(IWeightWriter writer) => throw new InvalidOperationException("A dense matrix has no kept weights.");

    /// <summary>
    /// Full weights with the mask that they were pruned with, if the matrix may have it: the one that the file has, or that of their zeros.
    /// </summary>
    protected virtual StoredWeights Prune(IWeightReader reader, StoredWeights full) =>
        full.Mask is { } mask && Pattern!.Accepts(mask) ? full : full with { Mask = Pattern!.MaskOfZeros(full.Weight, Rows, Columns) };

    /// <summary>As <see cref="Restore(IStateReader, float[])"/>, with the mask that was found.</summary>
    protected virtual Action Restore(IStateReader reader, float[] weight, Mask mask)
    {
        var second = SecondMask is null ? null : reader.Bits(StateNames.SecondMask, Rows, Columns);
        var scale = reader.Floats(StateNames.Scale, 1)[0];
        if (scale < 0 || !float.IsFinite(scale * Peak.Of(weight)))
            throw reader.Fault(StateNames.Scale, $"is {scale}, but a factor of weights is not negative, and leaves them finite");
        var isUnmasked = reader.Number(StateNames.MaskOff, most: 1) != 0;
        if (isUnmasked && !Pattern!.KeepsMaskedWeights)
            throw reader.Fault(StateNames.MaskOff, $"is 1, but a layer with {Pattern} has no masked weights and never runs dense");
        return () =>
        {
            fixed (float* dense = weight)
                SetMask(mask, dense);
            second?.Words.CopyTo(SecondMask!.Words);
            Scale = scale;
            Install(weight);
            if (isUnmasked)
                Unmask();
        };
    }

    private void Install(float[] weight)
    {
        fixed (float* dense = weight)
            Install(dense);
    }

    /// <summary>Gives all memory up.</summary>
    public virtual void Dispose()
    {
        Parameter.Free();
        Scales?.Free();
        ThresholdParameter?.Free();
        Transposed.Dispose();
    }
}
