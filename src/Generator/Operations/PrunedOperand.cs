namespace SparseSharp.Generator.Operations;

/// <summary>The largest values of each group of an operand of a layer; the others become 0.</summary>
/// <param name="Keep">N, values kept.</param>
/// <param name="Group">M, values in a group.</param>
/// <param name="StraightThrough">Whether the gradient passes unchanged to what was dropped.</param>
internal abstract record PrunedOperand(int Keep, int Group, bool StraightThrough) : Operation
{
    public sealed override bool KeepsBfloat16 => true;

    public sealed override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        StraightThrough
            ? Contribution.Unchanged(0)
            : new(0, target => Multiply.Gradient(node.Values, node.Gradient, node.Saved(0), target)),
    ];

    /// <summary>Where the factors of the gradient go, 1 for what is kept and else 0; nowhere where nobody needs them.</summary>
    protected Argument[] Marks(ForwardNode node) => node.Training && !StraightThrough ? [Argument.Write(node.Save("keep"))] : [];
}
