using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Plans the mask of an RBGP4 layer and reports the plan, or what is wrong and what works instead.</summary>
internal sealed class RamanujanCheck(RamanujanSpec graphs, LayerSpec layer, SparsitySource source, DiagnosticSink sink)
{
    private static readonly BlockSparseAttribute Defaults = new(BlockKind.RBGP4);

    private readonly BlockRequest _request = graphs.Request(layer);

    public void Run(CancellationToken cancellation)
    {
        if (graphs.Factors.Count == 0 && layer.Outputs % BlockRequest.SharedRows != 0)
        {
            var next = ((layer.Outputs / BlockRequest.SharedRows) + 1) * BlockRequest.SharedRows;
            sink.Report(Descriptors.BlockRowsNotMultipleOf4, source.Outputs, new Suggestion(next), layer.Path, layer.Outputs, BlockRequest.SharedRows, next, source.OptOut(layer.Path));
            return;
        }

        var result = PlanMemo.Find(_request, cancellation);
        switch (result.Fault)
        {
            case BlockFaultKind.None:
                ReportPlan(result.Plan!);
                break;
            case BlockFaultKind.Factors:
                sink.Report(Descriptors.BlockFactorsMismatch, source.Property(nameof(Defaults.Factors)), layer.Path, result.Detail);
                break;
            case BlockFaultKind.Graphs:
                ReportGraphs(result, cancellation);
                break;
            default:
                ReportShape(result.Fault, cancellation);
                break;
        }
    }

    private void ReportPlan(BlockPlan plan)
    {
        sink.Report(Descriptors.BlockPlanned, (source.IsDefault ? source.Layer : source.Attribute).Syntax(), layer.Path, PlanText.Summary(plan));
        if (plan.SharedColumns < BlockRequest.SharedRows && graphs.Factors.Count == 0)
        {
            var unit = BlockRequest.SharedRows << plan.Halvings;
            var wider = (((layer.Inputs - 1) / unit) + 1) * unit;
            sink.Report(Descriptors.BlockNarrow, source.Inputs, new Suggestion(wider), layer.Path, plan.SharedColumns, BlockRequest.SharedRows, layer.Inputs, wider);
        }
    }

    private void ReportShape(BlockFaultKind fault, CancellationToken cancellation)
    {
        var feasible = NearbyPlans.Halvings(_request, cancellation);
        var reason = fault switch
        {
            BlockFaultKind.Outputs => $"{layer.Outputs} output features, in groups of {BlockRequest.SharedRows}, cannot be halved so often",
            BlockFaultKind.Inputs => $"{layer.Inputs} input features cannot be halved so often",
            _ => "its graphs would have too few edges at a row or column",
        };

        // With other sparsities that work it is this one that does not fit; else it is the shape.
        var place = feasible.Count > 0 ? source.Property(nameof(Defaults.Sparsity)) : fault == BlockFaultKind.Outputs ? source.Outputs : source.Inputs;
        sink.Report(Descriptors.BlockNoFactorisation, place, layer.Path, layer.Inputs, layer.Outputs, Sparsity, reason, Alternatives(feasible));
    }

    private void ReportGraphs(BlockResult result, CancellationToken cancellation)
    {
        var found = result.Bound == 0
            ? "none of the graphs that were drawn"
            : $"the closest, {result.Shape}, has a second singular value of {PlanText.Number(result.Second)}, which is not within {PlanText.Number(result.Bound)}; none";
        if (graphs.Factors.Count > 0)
            sink.Report(Descriptors.BlockNoGraph, source.Property(nameof(Defaults.Factors)), layer.Path, found, "use other Factors, another Base or another Seed");
        else
            sink.Report(Descriptors.BlockNoGraph, source.Property(nameof(Defaults.Sparsity)), layer.Path, found, Alternatives(NearbyPlans.Halvings(_request, cancellation)));
    }

    private string Sparsity => BlockSparseReader.Text(BlockRules.SparsityOf(_request.Halvings));

    /// <summary>For example <c>use a sparsity of 0.5 or 0.75, or [Linear(576, 128)]</c>.</summary>
    private string Alternatives(IReadOnlyList<int> feasible)
    {
        var (rows, columns) = NearbyPlans.Shape(_request);
        var shape = $"[Linear({columns}, {rows})]";
        return feasible.Count == 0
            ? $"no sparsity works for this shape, but {shape} does"
            : $"use a sparsity of {string.Join(" or ", feasible.Select(halvings => BlockSparseReader.Text(BlockRules.SparsityOf(halvings))))}, or {shape}";
    }
}
