using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Masks;
using SparseSharp.Numerics;
using SparseSharp.Rules;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>A fully connected layer, <c>y = x·Wᵀ + b</c>, dense or with a sparsity pattern. Made by generated code.</summary>
/// <remarks>
/// The layer owns its memory: master weights, gradient, bias, mask and packed forms. Spans over it stay valid as long as somebody holds them, also after <see cref="Dispose"/>;
/// what they show while another thread trains or sets weights is not defined. Everything else waits for its turn: any number of predictions at once, or one change.
/// </remarks>
public sealed unsafe class Linear : IDisposable
{
    private readonly PinnedBuffer<float> _biasOrZero;
    private readonly LayerProducts _products;
    private readonly WeightRule _ownRule;
    private WeightRule _rule;

    /// <summary>Makes a layer with Kaiming-uniform weights (fan-in, a = √5, as PyTorch does) and a bias in ±1/√in.</summary>
    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="bias">Whether the layer has a bias.</param>
    /// <param name="pattern">The pattern, or null for a dense layer.</param>
    /// <param name="operations">The emitted kernels for this pattern.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    /// <param name="bfloat16">Which operands of the products are rounded to bfloat16.</param>
    public Linear(
        int inputs, int outputs, bool bias, SparsityPattern? pattern, LinearOperations operations, ulong seed, int stream, Bfloat16Use bfloat16 = Bfloat16Use.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(operations);
        pattern?.Check(inputs, outputs);
        Inputs = inputs;
        Outputs = outputs;
        HasBias = bias;
        Pattern = pattern;
        Operations = operations;
        Bfloat16 = Enum.IsDefined(bfloat16) ? bfloat16 : throw new ArgumentOutOfRangeException(nameof(bfloat16), bfloat16, "Not a member of Bfloat16Use.");
        Store = pattern?.MakeStore(inputs, outputs, operations, RoundsWeights) ?? new DenseStore(inputs, outputs, RoundsWeights);
        WeightParameter = new Parameter("weight", Store.Parameter, decays: true);
        _biasOrZero = new PinnedBuffer<float>(PanelGeometry.PaddedRows(outputs));
        BiasParameter = bias ? new Parameter("bias", new PinnedBuffer<float>(outputs), decays: false) : null;
        Parameters = [.. new[] { WeightParameter, BiasParameter, Store.Scales, Store.ThresholdParameter }.OfType<Parameter>()];
        Join(Lifetime);
        Transposed = new TransposedCopy(this);
        SmallBatch = new StreamCopy(this);
        _products = new LayerProducts(this);
        _rule = _ownRule = Store.MakeRule(this);
        Initialise(seed, stream);
    }

    /// <summary>Input features.</summary>
    public int Inputs { get; }

    /// <summary>Output features.</summary>
    public int Outputs { get; }

    /// <summary>The pattern, or null for a dense layer.</summary>
    public SparsityPattern? Pattern { get; }

    /// <summary>Which operands of the products are rounded to bfloat16.</summary>
    public Bfloat16Use Bfloat16 { get; }

    /// <summary>Which weights are kept, or null for a dense layer. Belongs to the layer; change it with <see cref="SetMask"/>.</summary>
    public Mask? Mask => Store.Mask;

    /// <summary>How the gradient of the output is pruned before the weight gradient, or null where it is not.</summary>
    public GradientPattern? Gradients => Operations.Gradients;

    /// <summary>Whether products use all weights: in a dense layer, and while a training runs one with a mask dense (<see cref="TrainerOptions.DenseTail"/>).</summary>
    public bool IsDense => _rule is DenseRule;

    /// <summary>Share of the weights that products use: 1 where <see cref="IsDense"/>.</summary>
    public double Density => IsDense ? 1 : Store.Density ?? Pattern!.Density;

    /// <summary>Share of the gradient that masked weights get now, or null where it is not annealed.</summary>
    public double? AnnealingAlpha => Annealing?.Alpha;

    /// <summary>Mean of the learned thresholds, or null where none are learned.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public double? MeanThreshold
    {
        get
        {
            using var scope = Lifetime.Use();
            return Annealed?.Thresholds?.Mean;
        }
    }

    /// <summary>Whether the dense kernels compute the products: in a dense layer, and in one that keeps so many weights that packed ones would be slower.</summary>
    public bool UsesDenseKernels => IsDense || Store.RunsDense;

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval; 0 before the first.</summary>
    public double FlipRate => IsDense ? 0 : Flips / ((double)Inputs * Outputs * Pattern!.SearchInterval);

    /// <summary>Factor of soft-thresholded weights (beta of S-STE), which is fixed by the weights that the layer starts from; 1 under other policies.</summary>
    public float ThresholdScale => _ownRule.Scale;

    /// <summary>Mask bits that the last refresh changed; set when a training is resumed.</summary>
    internal long Flips
    {
        get => _ownRule.Flips;
        set => _ownRule.Flips = value;
    }

    /// <summary>Master weights <c>[out, in]</c>, row-major; masked weights are there under a dynamic policy and 0 under a static one.</summary>
    /// <remarks>
    /// They are what learns, in float32 also where products use them as bfloat16 (<see cref="CopyEffectiveWeight"/>). Where only kept weights exist this is a copy, made at
    /// each call: keep it rather than asking again.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Weight
    {
        get
        {
            using var scope = Lifetime.Use();
            if (!Store.IsPacked)
                return WeightParameter.Values;
            var copy = new float[checked(Inputs * Outputs)];
            Export(WeightParameter.Values, copy);
            return copy;
        }
    }

    /// <summary>The bias <c>[out]</c>, empty if there is none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Bias
    {
        get
        {
            Lifetime.ThrowIfClosed();
            return BiasParameter is { } bias ? bias.Values : [];
        }
    }

    /// <summary>Trainable factors of blocks (<see cref="LearnedBlockPattern"/>), which count from 0 to 1; empty under other patterns.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> BlockScales
    {
        get
        {
            Lifetime.ThrowIfClosed();
            return Store.Scales is { } scales ? scales.Values : [];
        }
    }

    /// <summary>Weight, bias (if any) and factors of blocks (if any) with gradient and optimizer state.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Who may touch the memory: shared by all layers of a model.</summary>
    internal Lifetime Lifetime { get; private set; } = new(nameof(Linear), layers: 0);

    /// <summary>Slices that <see cref="Update"/> works on: groups of rows, then the bias.</summary>
    internal int UpdateTasks => Groups + (HasBias ? 1 : 0);

    /// <summary>Groups of rows that share no packed segment.</summary>
    internal int Groups => (Outputs + Store.GroupRows - 1) / Store.GroupRows;

    /// <summary>The training that the optimizer's state and the phase of this layer belong to, or null before the first one.</summary>
    internal TrainingClaim? Training { get; set; }

    /// <summary>Step after which the second moments of the weights stay as they are, or 0 while they move on.</summary>
    internal long FrozenAt { get; set; }

    /// <summary>Sum of changes of the second moments in the last update of a dense phase of <see cref="MaskPolicy.Step"/>, else 0.</summary>
    internal double VarianceChange => _rule is VarianceRule measuring ? measuring.Change : 0;

    /// <summary>How often weights or bias were replaced from outside: what was known of their magnitudes no longer holds then.</summary>
    internal long Replacements { get; private set; }

    /// <summary>Notes that somebody else has changed weights or bias.</summary>
    internal void NoteReplacement() => Replacements++;

    /// <summary>Whether weights or bias are in memory of another framework, which may change them at any time.</summary>
    internal bool IsShared => WeightParameter.IsShared || BiasParameter is { IsShared: true };

    internal bool HasBias { get; }

    /// <summary>What follows the words of the pattern, for example <c>, bfloat16</c>; empty in float32.</summary>
    internal string Precision => Bfloat16Rules.Words(Bfloat16);

    /// <summary>Whether products use the weights as bfloat16.</summary>
    internal bool RoundsWeights => Bfloat16 != Bfloat16Use.None;

    /// <summary>Whether products use input and gradient of the output as bfloat16; emitted passes round them before.</summary>
    internal bool RoundsActivations => Bfloat16 == Bfloat16Use.WeightsAndActivations;

    internal LinearOperations Operations { get; }

    internal Parameter WeightParameter { get; }

    internal Parameter? BiasParameter { get; }

    /// <summary>The bias, or zeros: kernels read it in blocks of four rows.</summary>
    internal ref float BiasReference => ref *_biasOrZero.Pointer;

    /// <summary>What holds the weights.</summary>
    internal WeightStore Store { get; }

    internal BucketStore Buckets => (BucketStore)Store;

    internal BlockStore Blocks => (BlockStore)Store;

    /// <summary>How masked weights learn at the moment, where their gradient is annealed, else null.</summary>
    internal AnnealRule? Annealing => _ownRule as AnnealRule;

    /// <summary>Share of the weights that get a gradient at the moment, for the accounting of operations.</summary>
    internal double GradientShare =>
        Operations.Gradients is { } pruned ? (double)pruned.Keep / pruned.Group
        : IsDense ? 1
        : Annealed is { } annealed ? annealed.GradientShare
        : Store.IsPacked ? Density : 1;

    /// <summary>What holds the weights of a layer whose gradient is annealed, else null.</summary>
    internal AnnealedStore? Annealed => Store as AnnealedStore;

    /// <summary>The weights that dense products use, <c>[out, in]</c>.</summary>
    internal float* DenseWeight => Store.InUse;

    /// <summary>The gradient of kept weights alone, in the order of the packed ones; null where all weights have one.</summary>
    internal float* KeptGradient => Store.IsPacked ? WeightParameter.GradientPointer : Store.KeptGradient;

    /// <summary>The packed weights of the other orientation, made when they are first needed.</summary>
    internal BucketWeights TransposedBuckets => Buckets.TransposedOrNull ?? Buckets.MakeTransposed(CopyOfEffective);

    /// <summary>The weights that dense products use, as <c>[in, out]</c>.</summary>
    internal TransposedCopy Transposed { get; }

    /// <summary>The weights as kernels for a few samples read them.</summary>
    internal StreamCopy SmallBatch { get; }

    /// <summary>How the weights learn at the moment.</summary>
    internal WeightRule Rule => _rule;

    /// <summary>Whether there are kernels for a few samples, and weights as they read them: a layer that has a mask has none of all weights.</summary>
    internal bool HasSmallBatchKernels => Operations.SmallBatch is not null && (Pattern is null || !UsesDenseKernels);

    /// <summary>Replaces the master weights <c>[out, in]</c>, which are what learns, and, for a layer with a mask that follows them, finds a new one.</summary>
    /// <param name="weight">Row-major; every value finite. Blocks of zeros are dropped under patterns that drop blocks while training.</param>
    /// <remarks><see cref="SetWeightInUse(ReadOnlySpan{float})"/> takes weights that products are to use as they are.</remarks>
    public void SetWeight(ReadOnlySpan<float> weight)
    {
        using var scope = Lifetime.Change();
        CheckWeight(weight);
        Replacements++;
        _rule = _ownRule;
        fixed (float* dense = weight)
        {
            Store.FindMask(dense, fromMask: false);
            _ownRule.FixScale(dense);
            Install(dense);
        }
    }

    /// <summary>Replaces the master weights and the mask together.</summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite.</param>
    /// <param name="mask">Must follow the pattern of the layer.</param>
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask)
    {
        using var scope = Lifetime.Change();
        CheckWeight(weight);
        CheckMask(mask);
        Replacements++;
        _rule = _ownRule;
        fixed (float* dense = weight)
        {
            Store.SetMask(mask, dense);
            _ownRule.FixScale(dense);
            Install(dense);
        }
    }

    /// <summary>
    /// Replaces the weights by some that products are to use as they are: those of a model that was trained and pruned. What is 0 stays pruned, if the pattern allows the mask of what is not;
    /// otherwise the layer keeps the largest, as <see cref="SetWeight(ReadOnlySpan{float})"/> does.
    /// </summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite.</param>
    /// <remarks>
    /// Master weights differ from these where a threshold is learned (<see cref="GradientAnnealing"/>): <see cref="SetWeight(ReadOnlySpan{float})"/> takes weights from which it is still to be subtracted.
    /// </remarks>
    public void SetWeightInUse(ReadOnlySpan<float> weight)
    {
        using var scope = Lifetime.Change();
        CheckWeight(weight);
        if (Pattern?.MaskOfZeros(weight, Outputs, Inputs) is { } mask)
            SetWeightInUse(weight, mask);
        else
            SetWeight(weight);
    }

    /// <summary>Replaces the weights by some that products are to use as they are, with their mask; see <see cref="SetWeightInUse(ReadOnlySpan{float})"/>.</summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite. What the mask drops counts as 0.</param>
    /// <param name="mask">Must follow the pattern of the layer.</param>
    public void SetWeightInUse(ReadOnlySpan<float> weight, Mask mask)
    {
        using var scope = Lifetime.Change();
        CheckWeight(weight);
        CheckMask(mask);
        using var master = new NativeBuffer<float>(weight.Length);
        weight.CopyTo(master.Span);
        mask.Clear(master.Span);
        if (Annealed is null)
        {
            SetWeight(master.Span, mask);
            return;
        }
        SmallBatch.Leave();
        Replacements++;
        _rule = _ownRule;
        Store.SetMask(mask, master.Pointer);
        _ownRule.FixScale(master.Pointer);
        Store.Adopt(master.Pointer);
        if (!Store.IsPacked)
            master.Span.CopyTo(WeightParameter.Values);
        if (UsesDenseKernels)
            Transposed.Take(0, Outputs);
    }

    /// <summary>Replaces everything that a training has made of the weights.</summary>
    internal void Restore(ReadOnlySpan<float> weight, Mask mask, Mask? secondMask, float scale, bool isDense)
    {
        using var scope = Lifetime.Change();
        SetWeight(weight, mask);
        secondMask?.Words.CopyTo(Store.SecondMask!.Words);
        _ownRule.Scale = scale;
        using var dense = CopyOfMaster();
        Install(dense.Pointer);
        SetDense(isDense);
    }

    /// <summary>Runs a layer with a mask dense, or under a mask again, which is then searched. All its weights have to be there.</summary>
    internal void SetDense(bool dense)
    {
        using var scope = Lifetime.Change();
        if (Pattern is null || dense == IsDense)
            return;
        SmallBatch.Leave();
        if (dense)
        {
            _rule = Pattern is NMPattern { Policy: MaskPolicy.Step } ? new VarianceRule(this) : new DenseRule(this);
            Store.RoundRows(0, Outputs);
            Transposed.Take(0, Outputs);
            return;
        }
        _rule = _ownRule;
        var master = WeightParameter.Buffer.Pointer;
        Store.FindMask(master, fromMask: true);
        Install(master);
    }

    /// <summary>
    /// Copies the weights that the products of the layer use, <c>[out, in]</c>: all of a dense layer, else 0 where they are masked, thresholded and scaled under
    /// <see cref="MaskPolicy.SoftThreshold"/>, and rounded where the layer says so (<see cref="Bfloat16"/>).
    /// </summary>
    /// <param name="target">Receives them, row-major.</param>
    public void CopyEffectiveWeight(Span<float> target)
    {
        using var scope = Lifetime.Use();
        if (target.Length != (long)Inputs * Outputs)
            throw new ArgumentException($"The target has {target.Length} values; this layer has {Outputs} x {Inputs} weights.", nameof(target));
        if (IsDense)
        {
            new ReadOnlySpan<float>(DenseWeight, target.Length).CopyTo(target);
            return;
        }
        using var effective = CopyOfEffective();
        effective.Span.CopyTo(target);
        Mask!.Clear(target);
    }

    /// <summary>
    /// Drops blocks whose factor is not positive and multiplies the others by theirs: the layer computes what it did, in the time of the blocks that are left. They
    /// start again with factors of 1 and without optimizer state. Does nothing to a layer without factors.
    /// </summary>
    /// <param name="threshold">
    /// Drops blocks whose factor is not greater than this, at least 0 and less than 1. A factor that only the penalty moves swings around 0 by a few steps of the
    /// optimizer; something like 0.01 takes such blocks away, and changes what the layer computes as little as they did.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    public void FoldBlocks(double threshold = 0)
    {
        using var scope = Lifetime.Change();
        if (threshold is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold of factors is at least 0 and less than 1.");
        if (Store.Scales is not { } scales)
            return;
        SetBlockScales([.. scales.Values.ToArray().Select(scale => scale > (float)threshold ? scale : 0)]);
        var weight = new float[Inputs * Outputs];
        CopyEffectiveWeight(weight);
        SetWeight(weight, Store.EffectiveMask!);
        WeightParameter.ClearState();
        scales.ClearState();
    }

    /// <summary>Replaces the factors of blocks, in their order.</summary>
    internal void SetBlockScales(ReadOnlySpan<float> scales)
    {
        using var scope = Lifetime.Change();
        SmallBatch.Leave();
        scales.CopyTo(Store.Scales!.Values);
        ((LearnedBlockStore)Store).Scale(..scales.Length);
    }

    /// <summary>Replaces the bias <c>[out]</c>.</summary>
    /// <param name="bias">A finite value per output.</param>
    /// <exception cref="InvalidOperationException">The layer has no bias.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        using var scope = Lifetime.Change();
        if (BiasParameter is null)
            throw new InvalidOperationException("This layer has no bias; declare it with Bias = true.");
        if (bias.Length != Outputs)
            throw new ArgumentException($"The bias has {bias.Length} values; this layer needs {Outputs}.", nameof(bias));
        if (!FiniteValues.Are(bias))
            throw new ArgumentException($"The bias holds {bias[FiniteValues.First(bias)]} at output {FiniteValues.First(bias)}; every value must be finite.", nameof(bias));
        Replacements++;
        bias.CopyTo(BiasParameter.Values);
        bias.CopyTo(_biasOrZero.Span);
    }

    /// <summary>Replaces the mask; it must follow the pattern of the layer. Weights that it newly keeps under a static policy start at 0.</summary>
    public void SetMask(Mask mask)
    {
        using var scope = Lifetime.Change();
        CheckMask(mask);
        using var dense = CopyOfMaster();
        using var first = CopyOfState(0);
        using var second = CopyOfState(1);
        Store.SetMask(mask, dense.Pointer);
        Install(dense.Pointer);
        if (!Store.IsPacked)
            return;
        Import(first.Span, WeightParameter.State(0));
        Import(second.Span, WeightParameter.State(1));
    }

    /// <summary><c>y = x·Wᵀ + b</c> for a batch, outside a model. Waits for other products of the model.</summary>
    /// <param name="x">Row-major <c>[batch, in]</c>.</param>
    /// <param name="y">Receives <c>[batch, out]</c>.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(x, y);
        fixed (float* source = x)
        fixed (float* target = y)
            _products.Forward(source, target, batch);
    }

    /// <summary><c>dx = dy·W</c> for a batch, outside a model. Waits for other products of the model.</summary>
    /// <param name="dy">Gradient of the output, row-major <c>[batch, out]</c>.</param>
    /// <param name="dx">Receives the gradient of the input, <c>[batch, in]</c>.</param>
    public void GradInput(ReadOnlySpan<float> dy, Span<float> dx)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(dx, dy);
        fixed (float* source = dy)
        fixed (float* target = dx)
            _products.GradInput(source, target, batch);
    }

    /// <summary>
    /// <c>dW = dyᵀ·x</c> and <c>db = Σ dy</c> into the gradients of <see cref="Parameters"/>, outside a model: dense where all weights learn,
    /// at kept positions only under a static mask. Waits for other products of the model.
    /// </summary>
    /// <param name="x">The input, row-major <c>[batch, in]</c>.</param>
    /// <param name="dy">Gradient of the output, row-major <c>[batch, out]</c>.</param>
    public void GradWeight(ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(x, dy);
        fixed (float* input = x)
        fixed (float* gradient = dy)
            _products.GradWeight(input, gradient, batch);
    }

    /// <summary>A parameter-ordered array (values, gradient or optimizer state) as <c>[out, in]</c>; masked positions of a packed one are 0.</summary>
    internal void Export(ReadOnlySpan<float> own, Span<float> dense) => Store.Export(own, dense);

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    internal void Import(ReadOnlySpan<float> dense, Span<float> own) => Store.Import(dense, own);

    /// <summary>Applies the optimizer to slice <paramref name="task"/>, refreshes the mask there if it is due and the packed copies.</summary>
    internal void Update(int task, Optimizer optimizer, in UpdateStep step)
    {
        if (task == Groups)
        {
            UpdateBias(optimizer, in step);
            return;
        }
        SmallBatch.Leave();
        _rule.Update(task, optimizer, step with { FrozenAt = FrozenAt });
    }

    /// <summary>Makes the state arrays of an optimizer before workers ask for them.</summary>
    internal void PrepareState(int count)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            for (var slot = 0; slot < count; slot++)
                Parameters[i].PrepareState(slot);
        }
    }

    /// <summary>Sum of squares of the gradient of slice <paramref name="task"/>.</summary>
    internal double GradientSquares(int task) =>
        task == Groups ? SumOfSquares.Compute(BiasParameter!.Gradient) : _rule.GradientSquares(task);

    /// <summary>Largest magnitude of the gradient of slice <paramref name="task"/>, infinite or NaN if one of them is.</summary>
    internal float GradientPeak(int task) => task == Groups ? Peak.Of(BiasParameter!.Gradient) : _rule.GradientPeak(task);

    /// <summary>Rows of a group, as first and end.</summary>
    internal (int First, int End) GroupRows(int group) =>
        (group * Store.GroupRows, Math.Min(Outputs, (group + 1) * Store.GroupRows));

    /// <summary>For example <c>784 to 1024, 2:4 transposable, bfloat16</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inputs} to {Outputs}, {Pattern?.ToString() ?? "dense"}{Precision}");

    /// <summary>Frees the memory as soon as nobody uses the layer or its model any more. From now on both throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Lifetime.Close(new Memory(this));

    /// <summary>Makes the layer a part of a model.</summary>
    internal void Join(Lifetime lifetime)
    {
        Lifetime = lifetime;
        foreach (var parameter in Parameters)
            parameter.Lifetime = lifetime;
    }

    private void Initialise(ulong seed, int stream)
    {
        using var weight = new NativeBuffer<float>((long)Inputs * Outputs);
        var bound = (float)(1 / Math.Sqrt(Pattern?.FanIn(Inputs) ?? Inputs));
        KaimingUniform.Fill(weight.Span, bound, seed, (uint)(2 * stream));
        SetWeight(weight.Span);
        if (!HasBias)
            return;
        KaimingUniform.Fill(BiasParameter!.Values, bound, seed, (uint)((2 * stream) + 1));
        BiasParameter.Values.CopyTo(_biasOrZero.Span);
    }

    /// <summary>Takes over dense weights under the current mask.</summary>
    private void Install(float* dense)
    {
        SmallBatch.Leave();
        var weights = new ReadOnlySpan<float>(dense, checked(Inputs * Outputs));
        WeightParameter.Fit();
        if (!Store.IsPacked)
            weights.CopyTo(WeightParameter.Values);
        _ownRule.Pack(dense);
        Store.Scales?.Fit();
        if (UsesDenseKernels)
            Transposed.Take(0, Outputs);
    }

    private int Batch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs)
    {
        var batch = inputs.Length / Inputs;
        if (batch == 0 || batch * Inputs != inputs.Length || (long)batch * Outputs != outputs.Length)
            throw new ArgumentException($"{inputs.Length} input and {outputs.Length} output values are not a batch of this layer: it takes {Inputs} and {Outputs} per sample.");
        return batch;
    }

    private NativeBuffer<float> CopyOfMaster()
    {
        var copy = new NativeBuffer<float>((long)Inputs * Outputs);
        Export(WeightParameter.Values, copy.Span);
        return copy;
    }

    private NativeBuffer<float> CopyOfEffective()
    {
        var copy = CopyOfMaster();
        _ownRule.Apply(copy.Pointer);
        if (RoundsWeights)
            BFloat16.RoundInPlace(copy.Span);
        return copy;
    }

    private NativeBuffer<float> CopyOfState(int slot)
    {
        var copy = new NativeBuffer<float>(Store.IsPacked ? (long)Inputs * Outputs : 0);
        if (Store.IsPacked)
            Export(WeightParameter.State(slot), copy.Span);
        return copy;
    }

    private void CheckWeight(ReadOnlySpan<float> weight)
    {
        if (weight.Length != (long)Inputs * Outputs)
            throw new ArgumentException($"The weight has {weight.Length} values; this layer needs {Outputs} x {Inputs}.", nameof(weight));
        if (FiniteValues.Are(weight))
            return;
        var i = FiniteValues.First(weight);
        throw new ArgumentException($"The weight holds {weight[i]} at row {i / Inputs}, column {i % Inputs}; every weight must be finite.", nameof(weight));
    }

    private void CheckMask(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (Pattern is null)
            throw new InvalidOperationException("A dense layer has no mask; give it an attribute such as [NMSparse].");
        mask.Check(Pattern, Outputs, Inputs);
    }

    private void Free()
    {
        foreach (var parameter in Parameters)
            parameter.Free();
        _biasOrZero.Dispose();
        _ownRule.Dispose();
        Store.Dispose();
        Transposed.Dispose();
        SmallBatch.Dispose();
        _products.Dispose();
    }

    private void UpdateBias(Optimizer optimizer, in UpdateStep step)
    {
        WeightRule.UpdateSlice(BiasParameter!, .., optimizer, step with { Decay = false });
        BiasParameter!.Values.CopyTo(_biasOrZero.Span);
    }

    /// <summary>What <see cref="Dispose"/> frees.</summary>
    private sealed class Memory(Linear layer) : IDisposable
    {
        public void Dispose() => layer.Free();
    }
}
