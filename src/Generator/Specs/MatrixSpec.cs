using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Modifiers.Bfloat16;
using SparseSharp.Generator.Modifiers.NMActivations;
using SparseSharp.Generator.Modifiers.NMGradients;

namespace SparseSharp.Generator.Specs;

/// <summary>A weight matrix <c>[rows, depth]</c> and what modifies it. A dimension is 0 where it is not valid.</summary>
/// <param name="Modifiers">In the order of the <see cref="Catalogue"/>.</param>
internal sealed record MatrixSpec(int Rows, int Depth, EquatableArray<ModifierSpec> Modifiers)
{
    public MatrixSpec(int rows, int depth, params ModifierSpec[] modifiers)
        : this(rows, depth, new EquatableArray<ModifierSpec>(modifiers))
    {
    }

    public bool HasShape => Rows > 0 && Depth > 0;

    public long Weights => (long)Rows * Depth;

    /// <summary>What decides which weights exist; null where all do.</summary>
    public FormatSpec? Format => Find<FormatSpec>();

    /// <summary>How the gradient of the product is pruned before the weight gradient; null where it is not.</summary>
    public NMGradientsSpec? Gradients => Find<NMGradientsSpec>();

    /// <summary>How what the matrix is multiplied with is pruned; null where it is not.</summary>
    public NMActivationsSpec? Activations => Find<NMActivationsSpec>();

    /// <summary>Whether what the matrix is multiplied with, and the gradient of the product, are rounded before.</summary>
    public bool RoundsActivations => Find<Bfloat16Spec>() is { RoundsActivations: true };

    /// <summary>The modifier of a kind, or null.</summary>
    public TModifier? Find<TModifier>()
        where TModifier : ModifierSpec => Modifiers.OfType<TModifier>().FirstOrDefault();

    /// <summary>The matrix with another modifier.</summary>
    public MatrixSpec With(ModifierSpec modifier) => this with { Modifiers = Modifiers.Append(modifier).ToEquatableArray() };

    /// <summary>The matrix with a modifier in place of another one.</summary>
    public MatrixSpec Replace(ModifierSpec modifier, ModifierSpec by) =>
        this with { Modifiers = Modifiers.Select(known => ReferenceEquals(known, modifier) ? by : known).ToEquatableArray() };
}
