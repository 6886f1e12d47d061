using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>A product of four graphs, whose mask is planned by the compiler.</summary>
/// <param name="Halvings">s of a sparsity of <c>1 - 2^-s</c>; 0 where factors give it.</param>
/// <param name="Factors">As the user gives them; empty to have them planned.</param>
internal sealed record RamanujanSpec(int Halvings, BaseGraph Base, ulong Seed, EquatableArray<int> Factors) : BlockSpec(BlockKind.RBGP4)
{
    public BlockRequest Request(MatrixSpec matrix) => new(matrix.Rows, matrix.Depth, Halvings, Base, Seed, Factors);

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var mask = PlanMemo.Find(Request(matrix), cancellation).Plan!;
        var kernel = KernelPlanner.Blocks(mask.SharedRows, mask.BlockColumns);
        return Plan(plan, $"RBGP4 {Percent(BlockSettings.SparsityOf(mask.Halvings))}", pattern: "", $"1.0 / {1 << mask.Halvings}", kernel) with
        {
            Kept = (long)mask.NonZerosPerRow * matrix.Rows,
            SmallBatchKernel = KernelPlanner.BlockStream(kernel),
            Mask = mask,
        };
    }
}
