using System.Globalization;
using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the masks that the compiler planned, as the small graphs whose product they are.</summary>
internal static class MaskEmitter
{
    private const int NumbersInALine = 32;

    /// <summary>Prints the masks of layers as local variables, equal ones once.</summary>
    /// <returns>The variables by plan.</returns>
    public static IReadOnlyDictionary<BlockPlan, string> EmitShared(CodeWriter code, EquatableArray<LayerPlan> layers)
    {
        var names = new Dictionary<BlockPlan, string>();
        foreach (var plan in layers.Where(layer => !layer.Spec.IsNested)
            .SelectMany(layer => layer.Matrices)
            .Select(matrix => matrix.Mask)
            .OfType<BlockPlan>())
        {
            if (names.ContainsKey(plan))
                continue;
            var name = $"mask{names.Count + 1}";
            names.Add(plan, name);
            EmitMask(code, plan, name);
            code.Line();
        }
        return names;
    }

    private static void EmitMask(CodeWriter code, BlockPlan plan, string name)
    {
        code.Line($"// {PlanText.Factors(plan)}");
        code.Line($"var {name} = new global::SparseSharp.RamanujanPattern(");
        using (code.Indent())
        {
            EmitFactor(code, plan.Outer.Graph);
            code.Line($"{plan.RowRepeats}, {plan.ColumnRepeats},");
            EmitFactor(code, plan.Inner.Graph);
            code.Line($"{plan.BlockRows}, {plan.BlockColumns}, 0x{plan.Hash.ToString("X16", CultureInfo.InvariantCulture)});");
        }
    }

    private static void EmitFactor(CodeWriter code, BipartiteGraph graph)
    {
        if (graph.IsComplete)
        {
            code.Line($"global::SparseSharp.GraphFactor.Complete({graph.Rows}, {graph.Columns}),");
            return;
        }

        var rows = Math.Max(1, NumbersInALine / graph.Degree);
        using (code.Block($"new global::SparseSharp.GraphFactor({graph.Rows}, {graph.Columns}, {graph.Degree}, new ushort[]", "}),"))
        {
            for (var row = 0; row < graph.Rows; row += rows)
                code.Line(string.Join(", ", Enumerable.Range(row, Math.Min(rows, graph.Rows - row)).SelectMany(graph.Row)) + ",");
        }
    }
}
