using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>A vector that learns from its gradient as it is: a bias, or the factors of a normalisation.</summary>
internal sealed class LearnedVector : LearnedPart, INamedVector
{
    private readonly GradientBuffer[] _buffers;
    private readonly UpdatePhase[] _phases;
    private readonly Action? _refresh;

    /// <param name="name">The name in files.</param>
    /// <param name="length">Values; they start at 0.</param>
    public LearnedVector(string name, int length)
        : this(new Parameter(name, new PinnedBuffer<float>(length), decays: false))
    {
    }

    /// <param name="parameter">The values.</param>
    /// <param name="refresh">Comes after every change of the values; null where nobody has copies of them.</param>
    public LearnedVector(Parameter parameter, Action? refresh = null)
    {
        (Parameters, _refresh) = ([parameter], refresh);
        _buffers = [new VectorGradients(parameter)];
        _phases = [new UpdatePhase(1, Update)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The values that learn, with gradient and optimizer state.</summary>
    public Parameter Parameter => Parameters[0];

    /// <inheritdoc/>
    public string Name => Parameter.Name;

    /// <inheritdoc/>
    public int Length => Parameter.Length;

    /// <inheritdoc/>
    public long[] Shape
    {
        get => field ?? [Length];
        init;
    }

    /// <inheritdoc/>
    public Span<float> Values => Parameter.Values;

    /// <inheritdoc/>
    public override long GradientLength => Parameter.Length;

    /// <inheritdoc/>
    private protected override IReadOnlyList<GradientBuffer> Buffers => _buffers;

    /// <inheritdoc/>
    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => IsFrozen ? [] : _phases;

    /// <inheritdoc/>
    public override void Set(ReadOnlySpan<float> values) => NamedVector.Set(this, values);

    /// <inheritdoc/>
    public override void NoteReplacement()
    {
        base.NoteReplacement();
        Refresh();
    }

    /// <summary>Brings copies of the values up to date.</summary>
    public void Refresh() => _refresh?.Invoke();

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Free();

    private void Update(int task, Optimizer optimizer, in UpdateStep step)
    {
        UpdateRule.UpdateSlice(Parameter, .., optimizer, step with { Decay = step.Decay && Parameter.Decays });
        Refresh();
    }

    private sealed class VectorGradients(Parameter parameter) : GradientBuffer(parameter.Name)
    {
        public override Span<float> Values => parameter.GradientBuffer;

        public override double Squares(int group) => SumOfSquares.Compute(Values);

        public override float Peak(int group) => Numerics.Peak.Of(Values);
    }
}
