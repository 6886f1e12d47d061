using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.NMGradients;

/// <summary>How the gradient of the output is pruned along the batch before the weight gradient.</summary>
/// <param name="Keep">N, samples kept.</param>
/// <param name="Group">M, samples in a group.</param>
internal sealed record NMGradientsSpec(int Keep, int Group) : ModifierSpec
{
    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation) => plan with
    {
        GradWeightKernel = KernelPlanner.Lists,
        Operands = plan.Operands + $".WithPrunedGradient({Keep}, {Group})",
    };
}
