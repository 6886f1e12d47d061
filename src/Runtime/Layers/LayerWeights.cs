using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;
using SparseSharp.Sparsity;
using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>
/// A weight matrix as a layer owns it: the matrix, the rule by which it learns, and the product that passes compute with it. Whatever a
/// layer does with its product, this is the same for every kind of layer.
/// </summary>
internal sealed unsafe class LayerWeights : LearnedPart
{
    private readonly UpdateRule _ownRule;
    private IReadOnlyList<GradientBuffer> _gradients;

    /// <summary>Draws the initial weights; null once the matrix has weights.</summary>
    private Action? _deferred;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="pattern">The pattern, or null for a dense matrix.</param>
    /// <param name="kernels">The kernels of the product.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="canLearnPacked">Whether the product gives the gradient of annealed weights in the order of packed ones.</param>
    /// <exception cref="ArgumentException">The pattern does not fit the shape or the kernels.</exception>
    public LayerWeights(
        int rows, int columns, bool bias, SparsityPattern? pattern, ProductKernels kernels, bool rounds, bool canLearnPacked = true)
    {
        Rule = _ownRule = MatrixFactory.Make(rows, columns, pattern, kernels, rounds, canLearnPacked);
        Product = new MatrixProduct(Matrix, new Bias(rows, bias), kernels);
        _gradients = Rule.Gradients(step: 0);
        Bias = Product.Bias.Parameter is { } learned ? new LearnedVector(learned, Product.Bias.Refresh) : null;
        Parameters = [.. new[] { Matrix.Parameter, Matrix.Scales, Matrix.ThresholdParameter }.OfType<Parameter>()];
    }

    /// <summary>The pattern, or null for a dense matrix.</summary>
    public SparsityPattern? Pattern => Matrix.Pattern;

    /// <summary>What the passes of a model multiply.</summary>
    public MatrixProduct Product { get; }

    /// <summary>The bias of the product, which learns beside the weights; null where there is none.</summary>
    public LearnedVector? Bias { get; }

    /// <inheritdoc/>
    public override Matrix Matrix => _ownRule.Matrix;

    /// <summary>The weights in files and other frameworks; null where they are <c>[rows, columns]</c> there too.</summary>
    public ForeignWeights? Foreign { get; init; }

    /// <summary>Weights, kept ones and others.</summary>
    public long Count => (long)Matrix.Rows * Matrix.Columns;

    /// <summary>How the weights learn at the moment.</summary>
    public UpdateRule Rule { get; private set; }

    /// <summary>Weights, factors of blocks and thresholds, as far as there are any.</summary>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The weights that learn, with gradient and optimizer state.</summary>
    public Parameter Parameter => Matrix.Parameter;

    /// <summary>Master weights <c>[rows, columns]</c>: a copy where only kept weights exist.</summary>
    public ReadOnlySpan<float> Values
    {
        get
        {
            if (!Matrix.IsPacked)
                return Parameter.Values;
            var copy = new float[Count];
            Matrix.Export(Parameter.Values, copy);
            return copy;
        }
    }

    /// <summary>Whether products use all weights.</summary>
    public bool IsDense => Matrix.IsDense;

    /// <summary>Share of the weights that get a gradient at the moment, for the accounting of operations.</summary>
    public double GradientShare =>
        IsFrozen ? 0
        : Product.Kernels.Gradients is { } pruned ? (double)pruned.Keep / pruned.Group
        : IsDense ? 1 : Matrix.GradientShare;

    /// <summary>How masked weights learn, where their gradient is annealed, else null.</summary>
    public IAnnealing? Annealing => _ownRule.Annealing;

    /// <inheritdoc/>
    public override string? NeedsTrainer => _ownRule.NeedsTrainer;

    /// <summary>
    /// Factor of soft-thresholded weights, which is fixed by the weights that the matrix starts from; 1 under other policies.
    /// </summary>
    public override float Scale => Matrix.Scale;

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval; 0 before the first.</summary>
    public double FlipRate => IsDense ? 0 : _ownRule.Flips / ((double)Matrix.Rows * Matrix.Columns * Pattern!.SearchInterval);

    /// <summary>Whether a training leaves weights and mask as they are.</summary>
    public override bool IsFrozen
    {
        get => Product.IsFrozen;
        set => Product.IsFrozen = value;
    }

    /// <summary>Step after which the second moments of weights and bias stay as they are, or 0 while they move on.</summary>
    public override long FrozenAt
    {
        get;
        set
        {
            field = value;
            Bias?.FrozenAt = value;
        }
    }

    /// <summary>
    /// Sum of changes of the second moments in the last update of a dense phase of <see cref="MaskPolicy.Step"/>, else 0.
    /// </summary>
    public double VarianceChange => Rule.VarianceChange;

    /// <inheritdoc/>
    public override long GradientLength => Parameter.Length + Matrix.Rows;

    /// <summary>Groups of rows.</summary>
    public override int GradientTasks => Matrix.Groups;

    /// <inheritdoc/>
    private protected override IReadOnlyList<GradientBuffer> Buffers => _gradients;

    /// <inheritdoc/>
    public override void BeginGradients(long step)
    {
        if (!IsFrozen)
            _gradients = Rule.Gradients(step);
    }

    /// <inheritdoc/>
    public override bool IsFactor(Parameter parameter) => parameter != Parameter;

    /// <summary>Replaces the weights that learn and finds a mask for them.</summary>
    public override void Set(ReadOnlySpan<float> weight)
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

    /// <summary>
    /// Replaces the weights by some that products are to use as they are; what is 0 stays pruned, if the pattern allows that.
    /// </summary>
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

    /// <summary>Writes the weights that learn.</summary>
    public void SaveValues(IStateWriter writer) =>
        Matrix.Export(Parameter.Values, writer.AddFloats(StateNames.Weight, Matrix.Rows, Matrix.Columns));

    /// <summary>Writes what the rule and its matrix have to remember beside the weights, optimizer state aside.</summary>
    public void SaveRule(IStateWriter writer) => _ownRule.Save(writer);

    /// <summary>Reads and checks what <see cref="SaveValues"/> has written.</summary>
    public float[] ReadValues(IStateReader reader)
    {
        var weight = reader.Floats(StateNames.Weight, Matrix.Rows, Matrix.Columns);
        return WeightLimit.Fault(weight, Pattern, Matrix.Rows, Matrix.Columns, Matrix.RoundsWeights, reader.Owner) is { } excess
            ? throw reader.Fault(StateNames.Weight, $"holds {excess}")
            : weight;
    }

    /// <summary>Reads and checks what <see cref="SaveRule"/> has written, in the same order.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="weight">The weights to go with it.</param>
    /// <returns>What puts both in place; nothing has changed before.</returns>
    public Action Restore(IStateReader reader, float[] weight)
    {
        var restore = _ownRule.Restore(reader, weight);
        return () =>
        {
            BeginReplacement();
            restore();
            Rule = Matrix.IsUnmasked ? MatrixFactory.MakeUnmasked(Matrix, Pattern!) : _ownRule;
        };
    }

    /// <summary>
    /// An array of a parameter in its full shape: that of weights <c>[rows, columns]</c>, whatever their order here; others have one order.
    /// </summary>
    public override void Export(Parameter parameter, ReadOnlySpan<float> own, Span<float> full)
    {
        if (parameter == Parameter)
            Matrix.Export(own, full);
        else
            base.Export(parameter, own, full);
    }

    /// <inheritdoc/>
    public override void Import(Parameter parameter, ReadOnlySpan<float> full, Span<float> own)
    {
        if (parameter == Parameter)
            Matrix.Import(full, own);
        else
            base.Import(parameter, full, own);
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
            throw new ArgumentException(
                $"The target has {target.Length} values; this layer has {Matrix.Rows} x {Matrix.Columns} weights.", nameof(target));
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

    /// <summary>
    /// Fills weights and bias with uniform random numbers: Kaiming's for a fan-in, with a = √5 as PyTorch has it, and a bias in ±1/√fan-in.
    /// </summary>
    /// <param name="fanIn">Inputs of an output feature where nothing is masked.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">
    /// Number of the layer in its model: layers draw from different random streams. With <see cref="InitialWeights.Deferred"/> the weights
    /// are not drawn before <see cref="DrawDeferred"/>.
    /// </param>
    public void Initialise(int fanIn, ulong seed, int stream)
    {
        var bound = (float)(1 / Math.Sqrt(Pattern?.FanIn(fanIn) ?? fanIn));
        var number = InitialWeights.StreamOf(stream);
        _deferred = () =>
        {
            using var weight = new NativeBuffer<float>((long)Matrix.Columns * Matrix.Rows);
            KaimingUniform.Fill(weight.Span, bound, seed, 2 * number);
            Set(weight.Span);
        };
        if (!InitialWeights.AreDeferred(stream))
            DrawDeferred();
        if (Bias is null)
            return;
        KaimingUniform.Fill(Bias.Values, bound, seed, (2 * number) + 1);
        Bias.Refresh();
    }

    /// <summary>Draws the initial weights if the matrix has no weights yet.</summary>
    public void DrawDeferred() => _deferred?.Invoke();

    /// <inheritdoc/>
    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => IsFrozen ? [] : Rule.Phases(in step);

    /// <inheritdoc/>
    public override void Update(UpdatePhase phase, int task, Optimizer optimizer, in UpdateStep step)
    {
        Matrix.NoteChange();
        base.Update(phase, task, optimizer, in step);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Product.Free();
        _ownRule.Dispose();
    }

    private void BeginReplacement()
    {
        NoteReplacement();
        _deferred = null;
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
            throw new ArgumentException(
                $"The weight has {weight.Length} values; this layer needs {Matrix.Rows} x {Matrix.Columns}.", nameof(weight));
        if (!FiniteValues.Are(weight))
        {
            var i = FiniteValues.First(weight);
            throw new ArgumentException(
                $"The weight holds {weight[i]} at row {i / Matrix.Columns}, column {i % Matrix.Columns}; every weight must be finite.",
                nameof(weight));
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
}
