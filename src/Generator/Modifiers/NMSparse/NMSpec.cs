using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.NMSparse;

/// <summary>Settings of <c>[NMSparse]</c>.</summary>
/// <param name="RefreshEvery">Resolved: never 0.</param>
internal sealed record NMSpec(
    int Keep,
    int Group,
    bool Transposable,
    MaskPolicy Policy,
    int RefreshEvery,
    double Decay,
    double RegrowShare = NMSettings.DefaultRegrowShare)
    : FormatSpec
{
    public override bool KeepsMaskedWeights => NMSettings.KeepsMaskedWeights(Policy);

    public override string Source(string attribute) => $"MaskPolicy.{Policy}";

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var words = $"{Keep}:{Group}{(Transposable ? " transposable" : "")}";
        return Plan(plan, words, Pattern, $"{Keep}.0 / {Group}", KernelPlanner.Groups(matrix, Keep, Group, Transposable)) with
        {
            Kept = (long)matrix.Depth / Group * Keep * matrix.Rows,
            SmallBatchKernel = KernelPlanner.Stream(Keep, Group),
            UsesDense = Policy != MaskPolicy.Static,
        };
    }

    private string Pattern
    {
        get
        {
            var regrow = Policy == MaskPolicy.Regrow ? $", RegrowShare: {Literal.Of((float)RegrowShare)}" : "";
            var learning = $"{Literal.Of(Policy)}, {RefreshEvery}, {Literal.Of((float)Decay)}{regrow}";
            return $"new global::SparseSharp.NMPattern({Keep}, {Group}, {Literal.Of(Transposable)}, {learning})";
        }
    }
}
