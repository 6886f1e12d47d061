using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>
/// How the weights of a matrix learn: one rule per kind of parameter and mask policy. A rule works on groups of rows
/// (<see cref="Matrix.GroupRange"/>), so that workers can take a group each, and keeps everything that is derived from the weights up to date.
/// </summary>
internal abstract unsafe class UpdateRule(Matrix matrix) : IDisposable
{
    private readonly long[] _flips = new long[matrix.Groups];

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

    /// <summary>Factor of the weights in use, taken from the weights at the start and kept from then on; 1 for rules that have none.</summary>
    public virtual float Scale
    {
        get => 1;
        set { }
    }

    /// <summary>The weights.</summary>
    public Matrix Matrix { get; } = matrix;

    /// <summary>The weights that learn, with gradient and optimizer state.</summary>
    protected Parameter Parameter => Matrix.Parameter;

    /// <summary>Comes before the gradients of a step, once for each of the batches that add to them.</summary>
    /// <param name="step">Number of the optimizer step.</param>
    public virtual void Begin(long step) { }

    /// <summary>Applies the optimizer to a group of rows and refreshes what depends on them alone.</summary>
    public abstract void Update(int group, Optimizer optimizer, in UpdateStep step);

    /// <summary>Whether groups have something to do before the first of them is updated.</summary>
    public virtual bool PreparesUpdate => false;

    /// <summary>What a group has to do then.</summary>
    public virtual void Prepare(int group) { }

    /// <summary>Comes between the two, with what all groups have prepared.</summary>
    public virtual void FinishPreparing(Optimizer optimizer, in UpdateStep step) { }

    /// <summary>Whether the mask is found anew after this update, in phases that all groups go through together.</summary>
    public virtual bool RefreshesTogether(in UpdateStep step) => false;

    /// <summary>Comes before a phase of that.</summary>
    public virtual void BeginRefresh(RefreshPhase phase) { }

    /// <summary>What a group does in a phase of that.</summary>
    public virtual void Refresh(RefreshPhase phase, int group) { }

    /// <summary>What is left to do after all groups.</summary>
    public virtual void Finish(Optimizer optimizer, in UpdateStep step) { }

    /// <summary>Turns the gradient of the loss for a group into the one that its weights learn from, in place: for optimizers that know nothing of masks.</summary>
    public virtual void CompleteGradient(int group) { }

    /// <summary>Sum of squares of the gradient of a group.</summary>
    public virtual double GradientSquares(int group)
    {
        var (first, end) = Matrix.GroupRange(group);
        return SumOfSquares.Compute(Parameter.Gradient[(first * Matrix.Columns)..(end * Matrix.Columns)]);
    }

    /// <summary>Largest magnitude of the gradient of a group, infinite or NaN if one of them is.</summary>
    public virtual float GradientPeak(int group)
    {
        var (first, end) = Matrix.GroupRange(group);
        return Peak.Of(Parameter.Gradient[(first * Matrix.Columns)..(end * Matrix.Columns)]);
    }

    /// <summary>How the rule turns the gradient of the loss into those of its parameters, for bounds.</summary>
    public virtual GradientGains Gains => GradientGains.None;

    /// <summary>When the rule drops blocks in this training, or null if it drops none on a schedule.</summary>
    public virtual PruneSchedule? Schedule { get => null; set { } }

    /// <summary>Takes <see cref="Scale"/> from weights <c>[out, in]</c> under the current mask.</summary>
    public virtual void FixScale(float* dense) { }

    /// <summary>Fills the packed forms, if there are any, from weights <c>[out, in]</c> under the current mask.</summary>
    public virtual void Pack(float* dense) => Matrix.Pack(dense);

    /// <summary>Takes over weights <c>[rows, columns]</c> under the current mask, with all that depends on them.</summary>
    public void Install(float* dense)
    {
        Matrix.NoteChange();
        var weights = new ReadOnlySpan<float>(dense, checked(Matrix.Rows * Matrix.Columns));
        Parameter.Fit();
        if (!Matrix.IsPacked)
            weights.CopyTo(Parameter.Values);
        Pack(dense);
        Matrix.Scales?.Fit();
        if (Matrix.UsesDenseKernels)
            Matrix.Transposed.Take(0, Matrix.Rows);
    }

    /// <summary>Replaces the mask by one that follows the pattern. Weights that it keeps stay, with their optimizer state; those that did not exist start at 0.</summary>
    public void ReplaceMask(Mask mask)
    {
        using var dense = Matrix.CopyOfMaster();
        using var first = CopyOfState(0);
        using var second = CopyOfState(1);
        Matrix.SetMask(mask, dense.Pointer);
        Install(dense.Pointer);
        if (!Matrix.IsPacked)
            return;
        Matrix.Import(first.Span, Parameter.State(0));
        Matrix.Import(second.Span, Parameter.State(1));
    }

    public virtual void Dispose() { }

    /// <summary>Notes the mask bits that changed in a group of rows.</summary>
    protected void SetFlips(int group, long flips) => _flips[group] = flips;

    /// <summary>Applies the optimizer to a slice of a parameter with the gradient that it holds.</summary>
    public static void UpdateSlice(Parameter parameter, Range slice, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer), State(parameter, 1, slice, optimizer), in step);

    /// <summary>Applies the optimizer to a slice of a row of weights with what its mask leaves of the gradient.</summary>
    protected static void UpdateSlice(Parameter parameter, Range slice, MaskedDecay source, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            source, parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer), State(parameter, 1, slice, optimizer), in step);

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
