using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;
using SparseSharp.Sparsity;
using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>
/// A weight matrix as a layer owns it: the matrix, the rule by which it learns, and the product that passes compute with it. Whatever a layer does with its product, this is the same for
/// every kind of layer. Callers hold the layer's <see cref="Lifetime"/>.
/// </summary>
internal sealed unsafe class LayerWeights : IDisposable
{
    private readonly UpdateRule _ownRule;
    private readonly GradientBuffer? _biasGradient;
    private readonly UpdatePhase? _biasPhase;
    private IReadOnlyList<GradientBuffer> _gradients;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="pattern">The pattern, or null for a dense matrix.</param>
    /// <param name="kernels">The kernels of the product.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <exception cref="ArgumentException">The pattern does not fit the shape or the kernels.</exception>
    public LayerWeights(int rows, int columns, bool bias, SparsityPattern? pattern, ProductKernels kernels, bool rounds)
    {
        Rule = _ownRule = MatrixFactory.Make(rows, columns, pattern, kernels, rounds);
        Product = new MatrixProduct(Matrix, new Bias(rows, bias), kernels);
        _gradients = Rule.Gradients(step: 0);
        if (BiasParameter is { } learned)
        {
            _biasGradient = new BiasGradients(learned);
            _biasPhase = new UpdatePhase(1, UpdateBias);
        }
        Parameters = [.. new[] { Matrix.Parameter, Product.Bias.Parameter, Matrix.Scales, Matrix.ThresholdParameter }.OfType<Parameter>()];
    }

    /// <summary>The pattern, or null for a dense matrix.</summary>
    public SparsityPattern? Pattern => Matrix.Pattern;

    /// <summary>What the passes of a model multiply.</summary>
    public MatrixProduct Product { get; }

    /// <summary>The weights.</summary>
    public Matrix Matrix => _ownRule.Matrix;

    /// <summary>How the weights learn at the moment.</summary>
    public UpdateRule Rule { get; private set; }

    /// <summary>Weights, bias, factors of blocks and thresholds, as far as there are any.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The weights that learn, with gradient and optimizer state.</summary>
    public Parameter Parameter => Matrix.Parameter;

    /// <summary>The bias with gradient and optimizer state, or null.</summary>
    public Parameter? BiasParameter => Product.Bias.Parameter;

    /// <summary>Whether products use all weights.</summary>
    public bool IsDense => Matrix.IsDense;

    /// <summary>Share of the weights that get a gradient at the moment, for the accounting of operations.</summary>
    public double GradientShare =>
        IsFrozen ? 0
        : Product.Kernels.Gradients is { } pruned ? (double)pruned.Keep / pruned.Group
        : IsDense ? 1 : Matrix.GradientShare;

    /// <summary>How masked weights learn, where their gradient is annealed, else null.</summary>
    public IAnnealing? Annealing => _ownRule.Annealing;

    /// <summary>Why the optimizer of another framework cannot stand in for that of a trainer, in words; null where it can.</summary>
    public string? NeedsTrainer => _ownRule.NeedsTrainer;

    /// <summary>Factor of soft-thresholded weights, which is fixed by the weights that the matrix starts from; 1 under other policies.</summary>
    public float Scale => Matrix.Scale;

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval; 0 before the first.</summary>
    public double FlipRate => IsDense ? 0 : _ownRule.Flips / ((double)Matrix.Rows * Matrix.Columns * Pattern!.SearchInterval);

    /// <summary>Whether a training leaves weights, mask and bias as they are.</summary>
    public bool IsFrozen
    {
        get => Product.IsFrozen;
        set => Product.IsFrozen = value;
    }

    /// <summary>Factor on the learning rate of a training.</summary>
    public float RateFactor { get; set; } = 1;

    /// <summary>Whether the weight decay of an optimizer applies.</summary>
    public bool Decays { get; set; } = true;

    /// <summary>Step after which the second moments of the weights stay as they are, or 0 while they move on.</summary>
    public long FrozenAt { get; set; }

    /// <summary>Sum of changes of the second moments in the last update of a dense phase of <see cref="MaskPolicy.Step"/>, else 0.</summary>
    public double VarianceChange => Rule.VarianceChange;

    /// <summary>How often weights or bias were replaced from outside: what was known of their magnitudes no longer holds then.</summary>
    public long Replacements { get; private set; }

    /// <summary>Whether weights or bias are in memory of another framework, which may change them at any time.</summary>
    public bool IsShared => Parameter.IsShared || BiasParameter is { IsShared: true };

    /// <summary>The buffers that the optimizer step reads whose gradients are there, or come next: those of the rule, then that of the bias.</summary>
    public IEnumerable<GradientBuffer> Gradients => IsFrozen ? [] : _biasGradient is null ? _gradients : _gradients.Append(_biasGradient);

    /// <summary>How far the rule takes the parameters from the gradients that are there, for bounds.</summary>
    public GradientGains Gains
    {
        get
        {
            var gains = GradientGains.None;
            for (var i = 0; i < _gradients.Count && !IsFrozen; i++)
                gains = gains.Max(_gradients[i].Gains);
            return gains;
        }
    }

    /// <summary>Number of <see cref="Gradients"/>.</summary>
    public int GradientCount => IsFrozen ? 0 : _gradients.Count + (_biasGradient is null ? 0 : 1);

    /// <summary>Slices of the gradients that can be looked at apart: groups of rows, then the bias.</summary>
    public int GradientTasks => Matrix.Groups + (_biasGradient is null ? 0 : 1);

    /// <summary>What a step does with the bias once its gradient is there; null where there is none, or it stays.</summary>
    public UpdatePhase? BiasPhase => IsFrozen ? null : _biasPhase;

    /// <summary>One of <see cref="Gradients"/>.</summary>
    public GradientBuffer GradientAt(int number) => number < _gradients.Count ? _gradients[number] : _biasGradient!;

    /// <summary>Comes before the gradients of a step, once for each of the batches that add to them.</summary>
    /// <param name="step">Number of the optimizer step; 0 where the gradients are for none.</param>
    public void BeginGradients(long step)
    {
        if (!IsFrozen)
            _gradients = Rule.Gradients(step);
    }

    /// <summary>Notes that somebody else has changed weights or bias.</summary>
    public void NoteReplacement() => Replacements++;

    /// <summary>Replaces the weights that learn and finds a mask for them.</summary>
    public void Set(ReadOnlySpan<float> weight)
    {
        CheckWeight(weight);
        BeginReplacement();
        fixed (float* dense = weight)
        {
            Matrix.FindMask(dense, fromMask: false);
            Matrix.FixScale(dense);
            Matrix.Install(dense);
        }
    }

    /// <summary>Replaces the weights that learn and their mask.</summary>
    public void Set(ReadOnlySpan<float> weight, Mask mask)
    {
        CheckWeight(weight);
        CheckMask(mask);
        fixed (float* dense = weight)
            Replace(dense, mask, inUse: false);
    }

    /// <summary>Replaces the weights by some that products are to use as they are; what is 0 stays pruned, if the pattern allows that.</summary>
    public void SetInUse(ReadOnlySpan<float> weight)
    {
        CheckWeight(weight);
        if (Pattern?.MaskOfZeros(weight, Matrix.Rows, Matrix.Columns) is { } mask)
            SetInUse(weight, mask);
        else
            Set(weight);
    }

    /// <summary>Replaces the weights by some that products are to use as they are, with their mask.</summary>
    public void SetInUse(ReadOnlySpan<float> weight, Mask mask)
    {
        CheckWeight(weight);
        CheckMask(mask);
        using var kept = new NativeBuffer<float>(weight.Length);
        weight.CopyTo(kept.Span);
        mask.Clear(kept.Span);
        Replace(kept.Pointer, mask, inUse: true);
    }

    /// <summary>Writes all that the weights, their rule and the bias have to remember, optimizer state aside.</summary>
    public void Save(IStateWriter writer)
    {
        Matrix.Export(Parameter.Values, writer.AddFloats(StateNames.Weight, Matrix.Rows, Matrix.Columns));
        if (BiasParameter is { } bias)
            bias.Values.CopyTo(writer.AddFloats(StateNames.Bias, bias.Length));
        _ownRule.Save(writer);
    }

    /// <summary>Reads and checks what <see cref="Save"/> has written, in the same order.</summary>
    /// <returns>What puts all of it in place; nothing has changed before.</returns>
    public Action Restore(IStateReader reader)
    {
        var weight = reader.Floats(StateNames.Weight, Matrix.Rows, Matrix.Columns);
        if (WeightLimit.Fault(weight, Pattern, Matrix.Rows, Matrix.Columns, Matrix.RoundsWeights, reader.Owner) is { } excess)
            throw reader.Fault(StateNames.Weight, $"holds {excess}");
        var bias = BiasParameter is null ? null : reader.Floats(StateNames.Bias, Matrix.Rows);
        var restore = _ownRule.Restore(reader, weight);
        return () =>
        {
            BeginReplacement();
            restore();
            Rule = Matrix.IsUnmasked ? MatrixFactory.MakeUnmasked(Matrix, Pattern!) : _ownRule;
            if (bias is not null)
                SetBias(bias);
        };
    }

    /// <summary>An array of a parameter in its full shape: that of weights <c>[rows, columns]</c>, whatever their order here; others have one order.</summary>
    public void Export(Parameter parameter, ReadOnlySpan<float> own, Span<float> full)
    {
        if (parameter == Parameter)
            Matrix.Export(own, full);
        else
            own.CopyTo(full);
    }

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    public void Import(Parameter parameter, ReadOnlySpan<float> full, Span<float> own)
    {
        if (parameter == Parameter)
            Matrix.Import(full, own);
        else
            full.CopyTo(own);
    }

    /// <summary>Runs a matrix with a mask dense, or under a mask again, which is then searched. All its weights have to be there.</summary>
    public void SetDense(bool dense)
    {
        if (Pattern is null || dense == IsDense)
            return;
        if (dense)
        {
            Rule = MatrixFactory.MakeUnmasked(Matrix, Pattern);
            Matrix.Unmask();
            return;
        }
        Rule = _ownRule;
        Matrix.Remask();
        var master = Parameter.Buffer.Pointer;
        Matrix.FindMask(master, fromMask: true);
        Matrix.Install(master);
    }

    /// <summary>Replaces the mask; weights that it newly keeps, where none existed, start at 0.</summary>
    public void SetMask(Mask mask)
    {
        CheckMask(mask);
        _ownRule.ReplaceMask(mask);
    }

    /// <summary>Copies the weights that products use, <c>[rows, columns]</c>, 0 where they are masked.</summary>
    public void CopyInUse(Span<float> target)
    {
        if (target.Length != (long)Matrix.Columns * Matrix.Rows)
            throw new ArgumentException($"The target has {target.Length} values; this layer has {Matrix.Rows} x {Matrix.Columns} weights.", nameof(target));
        Matrix.CopyEffective(target);
    }

    /// <summary>Drops blocks whose factor is not greater than a threshold, and multiplies the others by theirs.</summary>
    public void FoldBlocks(double threshold)
    {
        if (threshold is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold of factors is at least 0 and less than 1.");
        if (Matrix.Scales is not { } scales)
            return;
        Matrix.SetScales([.. scales.Values.ToArray().Select(scale => scale > (float)threshold ? scale : 0)]);
        var weight = new float[Matrix.Columns * Matrix.Rows];
        CopyInUse(weight);
        Set(weight, Matrix.EffectiveMask!);
        Parameter.ClearState();
        scales.ClearState();
    }

    /// <summary>Replaces the bias <c>[rows]</c>.</summary>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        if (BiasParameter is null)
            throw new InvalidOperationException("This layer has no bias; declare it with Bias = true.");
        if (bias.Length != Matrix.Rows)
            throw new ArgumentException($"The bias has {bias.Length} values; this layer needs {Matrix.Rows}.", nameof(bias));
        if (!FiniteValues.Are(bias))
            throw new ArgumentException($"The bias holds {bias[FiniteValues.First(bias)]} at output {FiniteValues.First(bias)}; every value must be finite.", nameof(bias));
        Replacements++;
        bias.CopyTo(BiasParameter.Values);
        Product.Bias.Refresh();
    }

    /// <summary>Fills weights and bias with uniform random numbers: Kaiming's for a fan-in, with a = √5 as PyTorch has it, and a bias in ±1/√fan-in.</summary>
    /// <param name="fanIn">Inputs of an output feature where nothing is masked.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    public void Initialise(int fanIn, ulong seed, int stream)
    {
        using var weight = new NativeBuffer<float>((long)Matrix.Columns * Matrix.Rows);
        var bound = (float)(1 / Math.Sqrt(Pattern?.FanIn(fanIn) ?? fanIn));
        KaimingUniform.Fill(weight.Span, bound, seed, (uint)(2 * stream));
        Set(weight.Span);
        if (BiasParameter is null)
            return;
        KaimingUniform.Fill(BiasParameter.Values, bound, seed, (uint)((2 * stream) + 1));
        Product.Bias.Refresh();
    }

    /// <summary>What a step does with the weights once their gradients are there.</summary>
    public IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => IsFrozen ? [] : Rule.Phases(in step);

    /// <summary>Begins one of the phases.</summary>
    public void Begin(UpdatePhase phase, Optimizer optimizer, in UpdateStep step) => phase.Begin(optimizer, OwnStep(in step));

    /// <summary>Does a task of one of the phases.</summary>
    public void Update(UpdatePhase phase, int task, Optimizer optimizer, in UpdateStep step)
    {
        Matrix.NoteChange();
        phase.Run(task, optimizer, OwnStep(in step));
    }

    /// <summary>Makes the state arrays of an optimizer before workers ask for them.</summary>
    public void PrepareState(int count)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            for (var slot = 0; slot < count; slot++)
                Parameters[i].PrepareState(slot);
        }
    }

    /// <summary>Sum of squares of slice <paramref name="task"/> of the gradients.</summary>
    public double GradientSquares(int task)
    {
        if (IsFrozen)
            return 0;
        if (task == Matrix.Groups)
            return _biasGradient!.Squares(0);
        var sum = 0.0;
        for (var i = 0; i < _gradients.Count; i++)
            sum += _gradients[i].Squares(task);
        return sum;
    }

    /// <summary>Largest magnitude of slice <paramref name="task"/> of the gradients, infinite or NaN if one of them is.</summary>
    public float GradientPeak(int task)
    {
        if (IsFrozen)
            return 0;
        if (task == Matrix.Groups)
            return _biasGradient!.Peak(0);
        var peak = 0f;
        for (var i = 0; i < _gradients.Count; i++)
            peak = Peak.Larger(peak, _gradients[i].Peak(task));
        return peak;
    }

    /// <summary>Turns slice <paramref name="task"/> of the gradients into what weights learn from, for optimizers that know nothing of masks.</summary>
    public void CompleteGradients(int task)
    {
        for (var i = 0; i < _gradients.Count && task < Matrix.Groups && !IsFrozen; i++)
            _gradients[i].Complete(task);
    }

    /// <summary>Gives the memory up.</summary>
    public void Dispose()
    {
        Product.Free();
        _ownRule.Dispose();
    }

    /// <summary>A step as it is for these weights.</summary>
    private UpdateStep OwnStep(in UpdateStep step) =>
        step with { FrozenAt = FrozenAt, LearningRate = step.LearningRate * RateFactor, Decay = step.Decay && Decays };

    private void UpdateBias(int task, Optimizer optimizer, in UpdateStep step)
    {
        UpdateRule.UpdateSlice(BiasParameter!, .., optimizer, step with { Decay = false });
        Product.Bias.Refresh();
    }

    private void BeginReplacement()
    {
        Replacements++;
        Rule = _ownRule;
        Matrix.Remask();
    }

    private void Replace(float* dense, Mask mask, bool inUse)
    {
        BeginReplacement();
        Matrix.SetMask(mask, dense);
        Matrix.FixScale(dense);
        Matrix.Install(dense, inUse);
    }

    private void CheckWeight(ReadOnlySpan<float> weight)
    {
        if (weight.Length != (long)Matrix.Columns * Matrix.Rows)
            throw new ArgumentException($"The weight has {weight.Length} values; this layer needs {Matrix.Rows} x {Matrix.Columns}.", nameof(weight));
        if (!FiniteValues.Are(weight))
        {
            var i = FiniteValues.First(weight);
            throw new ArgumentException($"The weight holds {weight[i]} at row {i / Matrix.Columns}, column {i % Matrix.Columns}; every weight must be finite.", nameof(weight));
        }
        if (WeightLimit.Fault(weight, Pattern, Matrix.Rows, Matrix.Columns, Matrix.RoundsWeights, "this layer") is { } fault)
            throw new ArgumentException($"The weight holds {fault}.", nameof(weight));
    }

    private void CheckMask(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (Pattern is null)
            throw new InvalidOperationException("A dense layer has no mask; give it an attribute such as [NMSparse].");
        mask.Check(Pattern, Matrix.Rows, Matrix.Columns);
    }

    /// <summary>The gradient of a bias.</summary>
    private sealed class BiasGradients(Parameter bias) : GradientBuffer("bias")
    {
        public override Span<float> Values => bias.GradientBuffer;

        public override double Squares(int group) => SumOfSquares.Compute(Values);

        public override float Peak(int group) => Numerics.Peak.Of(Values);
    }
}
