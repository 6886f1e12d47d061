using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Blocks of one size, chosen once.</summary>
internal sealed record UniformSpec(int Rows, int Columns, double Sparsity, bool Balanced) : ChosenBlockSpec(BlockKind.Uniform)
{
    public override (int Rows, int Columns) Unit => (Rows, Columns);

    public override double? Asked => Sparsity;

    public override double RoundedDensity(double density, MatrixSpec matrix) =>
        BlockSettings.DensityOf(density, matrix.Rows / Rows, matrix.Depth / Columns, Balanced);

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var kernel = KernelPlanner.Blocks(Rows, Columns);
        var pattern = $"new global::SparseSharp.UniformBlockPattern({Rows}, {Columns}, {Literal.Of(Sparsity)}, {Literal.Of(Balanced)})";
        return Plan(plan, $"blocks {Rows}x{Columns} {Percent(Sparsity)}", pattern, $"1 - {Literal.Of(Sparsity)}", kernel) with
        {
            SmallBatchKernel = KernelPlanner.BlockStream(kernel),
        };
    }
}
