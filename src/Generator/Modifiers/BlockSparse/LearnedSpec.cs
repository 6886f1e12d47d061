using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Blocks of one size with a trainable scale each.</summary>
/// <param name="Target">What is aimed at; null where the penalty alone decides.</param>
internal sealed record LearnedSpec(int Rows, int Columns, double Penalty, LearnedTarget? Target) : ChosenBlockSpec(BlockKind.Learned)
{
    public override (int Rows, int Columns) Unit => (Rows, Columns);

    public override double? Asked => Target?.Sparsity;

    public override double RoundedDensity(double density, MatrixSpec matrix) =>
        BlockSettings.DensityOf(density, matrix.Rows / Rows, matrix.Depth / Columns, Target!.Balanced);

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var kernel = KernelPlanner.Blocks(Rows, Columns);
        var words = $"learned blocks {Rows}x{Columns}{(Target is null ? "" : $" {Percent(Target.Sparsity)}")}";
        var target = Target is null ? "" : $", {Literal.Of(Target.Sparsity)}, {Literal.Of(Target.Balanced)}, {Target.Pruning.Arguments}";
        var arguments = $"{Rows}, {Columns}, {Literal.Of((float)Penalty)}{target}";
        var pattern = $"new global::SparseSharp.LearnedBlockPattern({arguments}){Target?.Pruning.Initializer}";
        return Plan(plan, words, pattern, Target is null ? "1" : $"1 - {Literal.Of(Target.Sparsity)}", kernel) with
        {
            SmallBatchKernel = KernelPlanner.BlockStream(kernel),
        };
    }
}

/// <param name="Balanced">Resolved: what the user wants, or this kind's own default.</param>
internal sealed record LearnedTarget(double Sparsity, bool Balanced, PruneSpec Pruning);
