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

    /// <summary>
    /// The plan's specification: what the attribute says, or, where it is the default of a class and the shape has no mask with so many
    /// zeros, the same with as many as there are.
    /// </summary>
    public RamanujanSpec Run()
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
            return graphs;
        }

        var result = PlanMemo.Find(_request, use.Cancellation);
        switch (result.Fault)
        {
            case BlockFaultKind.None:
                ReportPlan(result.Plan!);
                break;
            case not BlockFaultKind.Factors when use.IsDefault && Fewer() is { } plan:
                use.Sink.Report(
                    BlockSparseDiagnostics.BlockSparsityLowered, use.Place.Layer.Syntax(), use.Path,
                    BlockOptions.Text(BlockSettings.SparsityOf(plan.Halvings)), Sparsity, use.Place.Shown(matrix.Depth, matrix.Rows));
                ReportPlan(plan);
                return graphs with { Halvings = plan.Halvings };
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
        return graphs;
    }

    /// <summary>The plan of the highest sparsity below the one that is asked for; null where there is none.</summary>
    private BlockPlan? Fewer()
    {
        for (var halvings = _request.Halvings - 1; halvings > 0; halvings--)
        {
            if (PlanMemo.Find(_request with { Halvings = halvings }, use.Cancellation).Plan is { } plan)
                return plan;
        }
        return null;
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
                new Suggestion(use.Place.Inputs(wider)),
                use.Path,
                plan.SharedColumns,
                BlockRequest.SharedRows,
                use.Place.Columns(matrix.Depth),
                use.Place.Columns(wider));
        }
    }

    /// <summary>The next number of input features with blocks of full width.</summary>
    private int Wider(BlockPlan plan)
    {
        var unit = use.Place.Unit(BlockRequest.SharedRows << plan.Halvings);
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
            BlockFaultKind.Inputs => $"{use.Place.Columns(matrix.Depth)} input features cannot be halved so often",
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
        var unit = use.Place.Unit(BlockRequest.SharedRows << _request.Halvings);
        columns = (columns + unit - 1) / unit * unit;
        var shape = use.Place.Shown(columns, rows);
        var sparsities = feasible.Select(halvings => BlockOptions.Text(BlockSettings.SparsityOf(halvings)));
        return feasible.Count == 0
            ? $"no sparsity works for this shape, but {shape} does"
            : $"use a sparsity of {string.Join(" or ", sparsities)}, or {shape}";
    }
}
