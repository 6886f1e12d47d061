using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// A part of a layer that learns: a weight matrix with its rule, or a vector. Trainers go through the parts of all layers and
/// know no kinds of layers.
/// Callers hold the layer's lifetime.
/// </summary>
internal abstract class LearnedPart : IDisposable
{
    /// <summary>The parameter that the part is about, then those that come with it.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The weights, where the part is a matrix; else null.</summary>
    public virtual Matrix? Matrix => null;

    /// <summary>Whether a training leaves the part as it is.</summary>
    public virtual bool IsFrozen { get; set; }

    /// <summary>Factor on the learning rate of a training.</summary>
    public float RateFactor { get; set; } = 1;

    /// <summary>Whether the weight decay of an optimizer applies.</summary>
    public bool Decays { get; set; } = true;

    /// <summary>Step after which second moments stay as they are, or 0 while they move on.</summary>
    public virtual long FrozenAt { get; set; }

    /// <summary>How often values were replaced from outside: what was known of their magnitudes no longer holds then.</summary>
    public long Replacements { get; private set; }

    /// <summary>Why the optimizer of another framework cannot stand in for that of a trainer, in words; null where it can.</summary>
    public virtual string? NeedsTrainer => null;

    /// <summary>Factor of the values as products use them.</summary>
    public virtual float Scale => 1;

    /// <summary>Values of the gradients, about: how much work it is to look at them.</summary>
    public abstract long GradientLength { get; }

    /// <summary>Slices of the gradients that can be looked at apart.</summary>
    public virtual int GradientTasks => 1;

    /// <summary>The buffers that the optimizer step reads whose gradients are there, or come next.</summary>
    public IReadOnlyList<GradientBuffer> Gradients => IsFrozen ? [] : Buffers;

    /// <summary>How far the rule takes the parameters from the gradients that are there, for bounds.</summary>
    public GradientGains Gains
    {
        get
        {
            var gains = GradientGains.None;
            for (var i = 0; i < Buffers.Count && !IsFrozen; i++)
                gains = gains.Max(Buffers[i].Gains);
            return gains;
        }
    }

    /// <summary>Whether values are in memory of another framework, which may change them at any time.</summary>
    public bool IsShared
    {
        get
        {
            for (var i = 0; i < Parameters.Count; i++)
            {
                if (Parameters[i].IsShared)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The buffers of <see cref="Gradients"/> while the part is not frozen.</summary>
    private protected abstract IReadOnlyList<GradientBuffer> Buffers { get; }

    /// <summary>Comes before the gradients of a step, once for each of the batches that add to them.</summary>
    /// <param name="step">Number of the optimizer step; 0 where the gradients are for none.</param>
    public virtual void BeginGradients(long step)
    {
    }

    /// <summary>What a step does once the gradients are there.</summary>
    public abstract IReadOnlyList<UpdatePhase> Phases(in UpdateStep step);

    /// <summary>Begins one of the phases.</summary>
    public void Begin(UpdatePhase phase, Optimizer optimizer, in UpdateStep step) => phase.Begin(optimizer, OwnStep(in step));

    /// <summary>Does a task of one of the phases.</summary>
    public virtual void Update(UpdatePhase phase, int task, Optimizer optimizer, in UpdateStep step) =>
        phase.Run(task, optimizer, OwnStep(in step));

    /// <summary>Whether a parameter is one of factors, such as thresholds, whose gradients are sums of those of weights.</summary>
    public virtual bool IsFactor(Parameter parameter) => false;

    /// <summary>Replaces the values that learn.</summary>
    /// <param name="values">In their full shape; every value finite.</param>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public abstract void Set(ReadOnlySpan<float> values);

    /// <summary>An array of a parameter in its full shape, whatever the order here.</summary>
    public virtual void Export(Parameter parameter, ReadOnlySpan<float> own, Span<float> full) => own.CopyTo(full);

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    public virtual void Import(Parameter parameter, ReadOnlySpan<float> full, Span<float> own) => full.CopyTo(own);

    /// <summary>Notes that values were replaced from outside.</summary>
    public virtual void NoteReplacement() => Replacements++;

    /// <summary>Makes the state arrays of an optimizer before workers ask for them.</summary>
    public void PrepareState(int count)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            for (var slot = 0; slot < count; slot++)
                Parameters[i].PrepareState(slot);
        }
    }

    /// <summary>Sum of squares of a slice of the gradients.</summary>
    public double GradientSquares(int task)
    {
        var sum = 0.0;
        for (var i = 0; i < Buffers.Count && !IsFrozen; i++)
            sum += Buffers[i].Squares(task);
        return sum;
    }

    /// <summary>Largest magnitude of a slice of the gradients, infinite or NaN if one of them is.</summary>
    public float GradientPeak(int task)
    {
        var peak = 0f;
        for (var i = 0; i < Buffers.Count && !IsFrozen; i++)
            peak = Peak.Larger(peak, Buffers[i].Peak(task));
        return peak;
    }

    /// <summary>Turns a slice of the gradients into what the values learn from, for optimizers that know nothing of masks.</summary>
    public void CompleteGradients(int task)
    {
        for (var i = 0; i < Buffers.Count && !IsFrozen; i++)
            Buffers[i].Complete(task);
    }

    /// <summary>Gives the memory up.</summary>
    public abstract void Dispose();

    /// <summary>A step as it is for this part.</summary>
    private UpdateStep OwnStep(in UpdateStep step) =>
        step with { FrozenAt = FrozenAt, LearningRate = step.LearningRate * RateFactor, Decay = step.Decay && Decays };
}
