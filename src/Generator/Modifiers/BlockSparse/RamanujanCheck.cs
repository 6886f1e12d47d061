using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Plans the mask of an RBGP4 matrix and reports the plan, or what is wrong and what works instead.</summary>
internal sealed class RamanujanCheck(RamanujanSpec graphs, MatrixSpec matrix, ModifierUse use)
{
    private static readonly BlockSparseAttribute Defaults = new(BlockKind.RBGP4);

    private readonly BlockRequest _request = graphs.Request(matrix);

    public void Run()
    {
        if (graphs.Factors.Count == 0 && matrix.Rows % BlockRequest.SharedRows != 0)
        {
            var next = ((matrix.Rows / BlockRequest.SharedRows) + 1) * BlockRequest.SharedRows;
            use.Sink.Report(
                BlockSparseDiagnostics.BlockRowsNotMultipleOf4,
                use.Rows,
                new Suggestion(next),
                use.Path,
                matrix.Rows,
                BlockRequest.SharedRows,
                next,
                use.OptOut);
            return;
        }

        var result = PlanMemo.Find(_request, use.Cancellation);
        switch (result.Fault)
        {
            case BlockFaultKind.None:
                ReportPlan(result.Plan!);
                break;
            case BlockFaultKind.Factors:
                use.Sink.Report(
                    BlockSparseDiagnostics.BlockFactorsMismatch, use.Property(nameof(Defaults.Factors)), use.Path, result.Detail);
                break;
            case BlockFaultKind.Graphs:
                ReportGraphs(result);
                break;
            default:
                ReportShape(result.Fault);
                break;
        }
    }

    private void ReportPlan(BlockPlan plan)
    {
        use.Sink.Report(
            BlockSparseDiagnostics.BlockPlanned,
            (use.IsDefault ? use.Place.Layer : use.Attribute).Syntax(),
            use.Path,
            PlanText.Summary(plan));
        if (plan.SharedColumns < BlockRequest.SharedRows && graphs.Factors.Count == 0)
        {
            var wider = Wider(plan);
            use.Sink.Report(
                BlockSparseDiagnostics.BlockNarrow,
                use.Depth,
                new Suggestion(wider),
                use.Path,
                plan.SharedColumns,
                BlockRequest.SharedRows,
                matrix.Depth,
                wider);
        }
    }

    /// <summary>The next number of input features with blocks of full width.</summary>
    private int Wider(BlockPlan plan)
    {
        var unit = BlockRequest.SharedRows << plan.Halvings;
        var wider = ((matrix.Depth / unit) + 1) * unit;
        while (wider < 2 * matrix.Depth && !IsWide(wider))
            wider += unit;
        return wider;

        bool IsWide(int columns) =>
            PlanMemo.Find(_request with { Columns = columns }, use.Cancellation).Plan?.SharedColumns == BlockRequest.SharedRows;
    }

    private void ReportShape(BlockFaultKind fault)
    {
        var feasible = NearbyPlans.Halvings(_request, use.Cancellation);
        var reason = fault switch
        {
            BlockFaultKind.Outputs => $"{matrix.Rows} output features, in groups of {BlockRequest.SharedRows}, cannot be halved so often",
            BlockFaultKind.Inputs => $"{matrix.Depth} input features cannot be halved so often",
            _ => "its graphs would have too few edges at a row or column",
        };

        // With other sparsities that work it is this one that does not fit; else it is the shape.
        var place = feasible.Count > 0 ? use.Property(nameof(Defaults.Sparsity)) : fault == BlockFaultKind.Outputs ? use.Rows : use.Depth;
        use.Sink.Report(
            BlockSparseDiagnostics.BlockNoFactorisation,
            place,
            use.Path,
            use.Place.Shown(matrix.Depth, matrix.Rows),
            Sparsity,
            reason,
            Alternatives(feasible));
    }

    private void ReportGraphs(BlockResult result)
    {
        var found = result.Bound == 0
            ? "none of the graphs that were drawn"
            : $"the closest, {result.Shape}, has a second singular value of {PlanText.Number(result.Second)}, "
                + $"which is not within {PlanText.Number(result.Bound)}; none";
        if (graphs.Factors.Count > 0)
            use.Sink.Report(
                BlockSparseDiagnostics.BlockNoGraph,
                use.Property(nameof(Defaults.Factors)),
                use.Path,
                found,
                "use other Factors, another Base or another Seed");
        else
            use.Sink.Report(
                BlockSparseDiagnostics.BlockNoGraph,
                use.Property(nameof(Defaults.Sparsity)),
                use.Path,
                found,
                Alternatives(NearbyPlans.Halvings(_request, use.Cancellation)));
    }

    private string Sparsity => BlockOptions.Text(BlockSettings.SparsityOf(_request.Halvings));

    /// <summary>For example <c>use a sparsity of 0.5 or 0.75, or [Linear(576, 128)]</c>.</summary>
    private string Alternatives(IReadOnlyList<int> feasible)
    {
        var (rows, columns) = NearbyPlans.Shape(_request);
        var shape = use.Place.Shown(columns, rows);
        var sparsities = feasible.Select(halvings => BlockOptions.Text(BlockSettings.SparsityOf(halvings)));
        return feasible.Count == 0
            ? $"no sparsity works for this shape, but {shape} does"
            : $"use a sparsity of {string.Join(" or ", sparsities)}, or {shape}";
    }
}
