using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Large blocks and small ones, pruned while training.</summary>
/// <param name="Rows">Of a small block.</param>
/// <param name="Columns">Of a small block.</param>
internal sealed record HierarchicalSpec(
    int OuterRows, int OuterColumns, int Rows, int Columns, double Sparsity, bool Additive, PruneSpec Pruning)
    : ChosenBlockSpec(BlockKind.Hierarchical)
{
    public override (int Rows, int Columns) Unit => (OuterRows, OuterColumns);

    public override double? Asked => Sparsity;

    public override double RoundedDensity(double density, MatrixSpec matrix) => Additive
        ? BlockSettings.AdditiveDensity(density, matrix.Rows / Rows * (matrix.Depth / Columns), OuterRows / Rows * (OuterColumns / Columns))
        : BlockSettings.NestedDensity(density, matrix.Depth / OuterColumns, OuterColumns / Columns);

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var kernel = KernelPlanner.Blocks(Rows, Columns);
        var words = $"blocks {OuterRows}x{OuterColumns} {(Additive ? '+' : '>')} {Rows}x{Columns} {Percent(Sparsity)}";
        var sizes = $"{OuterRows}, {OuterColumns}, {Rows}, {Columns}";
        var choice = $"{Literal.Of(Sparsity)}, {Literal.Of(Additive)}, {Pruning.Arguments}";
        var pattern = $"new global::SparseSharp.HierarchicalBlockPattern({sizes}, {choice}){Pruning.Initializer}";
        return Plan(plan, words, pattern, $"1 - {Literal.Of(Sparsity)}", kernel) with
        {
            SmallBatchKernel = KernelPlanner.BlockStream(kernel),
        };
    }
}
