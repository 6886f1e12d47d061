using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>
/// How the weights of a matrix learn: one rule per kind of parameter and mask policy. A rule works on groups of rows
/// (<see cref="Matrix.GroupRange"/>), so that workers can take a group each, and keeps everything that is derived from the weights up to
/// date.
/// </summary>
internal abstract unsafe class UpdateRule : IDisposable
{
    private readonly long[] _flips;

    protected UpdateRule(Matrix matrix)
    {
        Matrix = matrix;
        _flips = new long[matrix.Groups];
        OnlyUpdate = [new UpdatePhase(matrix.Groups, Update)];
    }

    /// <summary>Mask bits that the last refresh changed.</summary>
    public long Flips
    {
        get => _flips.Sum();
        set
        {
            Array.Clear(_flips);
            _flips[0] = value;
        }
    }

    /// <summary>The weights.</summary>
    public Matrix Matrix { get; }

    /// <summary>The weights that learn, with gradient and optimizer state.</summary>
    protected Parameter Parameter => Matrix.Parameter;

    /// <summary>
    /// The buffers that an optimizer step reads, which tells products what to compute: comes before the gradients of a step, once for each
    /// of the batches that add to them.
    /// </summary>
    /// <param name="step">Number of the optimizer step; 0 where the gradients are for none.</param>
    public abstract IReadOnlyList<GradientBuffer> Gradients(long step);

    /// <summary>
    /// What has to be done in a step once the gradients are there, in order. The first phase has a task for each group of rows.
    /// </summary>
    public virtual IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => OnlyUpdate;

    /// <summary>How masked weights learn, where their gradient is annealed; else null.</summary>
    public virtual IAnnealing? Annealing => null;

    /// <summary>Sum of changes of the second moments in the last update, where a phase of the training goes by it; else 0.</summary>
    public virtual double VarianceChange => 0;

    /// <summary>Why the optimizer of another framework cannot stand in for that of a trainer, in words; null where it can.</summary>
    public virtual string? NeedsTrainer => null;

    /// <summary>Writes what the rule and its matrix have to remember beside the parameters and their optimizer state.</summary>
    public virtual void Save(IStateWriter writer)
    {
        if (Matrix.Pattern is not null)
            writer.AddNumber(StateNames.Flips, Flips);
        Matrix.Save(writer);
    }

    /// <summary>Reads and checks what <see cref="Save"/> has written, in the same order.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="weight">The master weights to go with it, <c>[rows, columns]</c>.</param>
    /// <returns>What puts all of it in place; nothing has changed before.</returns>
    public virtual Action Restore(IStateReader reader, float[] weight)
    {
        var flips = Matrix.Pattern is null ? 0 : reader.Number(StateNames.Flips, (long)Matrix.Rows * Matrix.Columns);
        var restore = Matrix.Restore(reader, weight);
        return () =>
        {
            restore();
            Flips = flips;
        };
    }

    /// <summary>
    /// Replaces the mask by one that follows the pattern. Weights that it keeps stay, with their optimizer state; those that did not exist
    /// start at 0.
    /// </summary>
    public void ReplaceMask(Mask mask)
    {
        using var dense = Matrix.CopyOfMaster();
        using var first = CopyOfState(0);
        using var second = CopyOfState(1);
        Matrix.SetMask(mask, dense.Pointer);
        Matrix.Install(dense.Pointer);
        if (!Matrix.IsPacked)
            return;
        Matrix.Import(first.Span, Parameter.State(0));
        Matrix.Import(second.Span, Parameter.State(1));
    }

    public virtual void Dispose() { }

    /// <summary>The phase in which groups are updated, alone: all there is for most rules.</summary>
    protected UpdatePhase[] OnlyUpdate { get; }

    /// <summary>Applies the optimizer to a group of rows and refreshes what depends on them alone.</summary>
    protected abstract void Update(int group, Optimizer optimizer, in UpdateStep step);

    /// <summary>Notes the mask bits that changed in a group of rows.</summary>
    protected void SetFlips(int group, long flips) => _flips[group] = flips;

    /// <summary>Applies the optimizer to a slice of a parameter with the gradient that it holds.</summary>
    public static void UpdateSlice(Parameter parameter, Range slice, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer),
            State(parameter, 1, slice, optimizer), in step);

    /// <summary>Applies the optimizer to a slice of a row of weights with what its mask leaves of the gradient.</summary>
    protected static void UpdateSlice(Parameter parameter, Range slice, MaskedDecay source, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            source, parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer),
            State(parameter, 1, slice, optimizer), in step);

    private NativeBuffer<float> CopyOfState(int slot)
    {
        var copy = new NativeBuffer<float>(Matrix.IsPacked ? (long)Matrix.Rows * Matrix.Columns : 0);
        if (Matrix.IsPacked)
            Matrix.Export(Parameter.State(slot), copy.Span);
        return copy;
    }

    private static Span<float> State(Parameter parameter, int slot, Range slice, Optimizer optimizer) =>
        slot < optimizer.StateCount ? parameter.State(slot)[slice] : [];
}
