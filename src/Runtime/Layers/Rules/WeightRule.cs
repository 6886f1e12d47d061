namespace SparseSharp.Layers;

/// <summary>
/// How the weights of a layer learn: one rule per kind of parameter and mask policy. A rule works on groups of rows
/// (<see cref="Linear.GroupRows"/>), so that workers can take a group each, and keeps everything that is derived from the weights up to date.
/// </summary>
internal abstract class WeightRule(Linear layer)
{
    /// <summary>Mask bits that the last refresh changed.</summary>
    public virtual long Flips
    {
        get => 0;
        set { }
    }

    protected Linear Layer { get; } = layer;

    /// <summary>The rule of a layer, by its pattern.</summary>
    public static WeightRule Of(Linear layer) => layer.Pattern switch
    {
        null => new DenseRule(layer),
        { Policy: MaskPolicy.Static } => new KeptRule(layer),
        _ => new MasterRule(layer),
    };

    /// <summary>Applies the optimizer to a group of rows and refreshes what depends on them alone.</summary>
    public abstract void Update(int group, Optimizer optimizer, in UpdateStep step);

    /// <summary>What is left to do after all groups.</summary>
    public virtual void Finish(in UpdateStep step) { }

    /// <summary>Sum of squares of the gradient of a group.</summary>
    public virtual double GradientSquares(int group)
    {
        var (first, end) = Layer.GroupRows(group);
        return Numerics.SumOfSquares.Compute(Layer.WeightParameter.Gradient[(first * Layer.Inputs)..(end * Layer.Inputs)]);
    }

    /// <summary>Applies the optimizer to a slice of a parameter with the gradient that it holds.</summary>
    public static void UpdateSlice(Parameter parameter, Range slice, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer), State(parameter, 1, slice, optimizer), in step);

    /// <summary>Applies the optimizer to a slice of a row of weights with what its mask leaves of the gradient.</summary>
    protected static void UpdateSlice(Parameter parameter, Range slice, MaskedDecay source, Optimizer optimizer, in UpdateStep step) =>
        optimizer.Update(
            source, parameter.Values[slice], parameter.Gradient[slice], State(parameter, 0, slice, optimizer), State(parameter, 1, slice, optimizer), in step);

    private static Span<float> State(Parameter parameter, int slot, Range slice, Optimizer optimizer) =>
        slot < optimizer.StateCount ? parameter.State(slot)[slice] : [];
}
