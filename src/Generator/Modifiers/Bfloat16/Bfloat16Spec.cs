using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.Bfloat16;

/// <summary>Which operands of the products are rounded to bfloat16; without it none are.</summary>
internal sealed record Bfloat16Spec(Bfloat16Use Use) : ModifierSpec
{
    /// <summary>Whether input and gradient of the output are rounded before the products.</summary>
    public bool RoundsActivations => Use == Bfloat16Use.WeightsAndActivations;

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation) => plan with
    {
        PrecisionWords = Bfloat16Settings.Words(Use),
        Arguments = plan.Arguments + $", {Literal.Of(Use)}",
    };
}
