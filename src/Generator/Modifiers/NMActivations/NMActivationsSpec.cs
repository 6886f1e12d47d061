using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.NMActivations;

/// <summary>How the input of the products is pruned.</summary>
/// <param name="Keep">N, values kept.</param>
/// <param name="Group">M, values in a group.</param>
/// <param name="StraightThrough">Whether the gradient passes unchanged to what was dropped.</param>
internal sealed record NMActivationsSpec(int Keep, int Group, PruneAlong Along, bool StraightThrough) : ModifierSpec
{
    /// <summary>
    /// Along the features the graph prunes the input (<see cref="PrunedGraph"/>), along the batch the weight gradient does.
    /// </summary>
    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation) =>
        Along == PruneAlong.Features ? plan : plan with
        {
            GradWeightKernel = KernelPlanner.Dense,
            Operands = plan.Operands + $".WithPrunedInput({Keep}, {Group})",
        };
}
