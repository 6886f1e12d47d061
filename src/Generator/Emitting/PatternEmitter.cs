using System.Globalization;
using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints the sparsity patterns of layers as expressions. Of the mask of an RBGP4 layer only its small graphs are printed.</summary>
internal static class PatternEmitter
{
    private const int NumbersInALine = 32;

    /// <summary>Prints the masks of RBGP4 layers as local variables, equal ones once.</summary>
    /// <returns>The variables by plan.</returns>
    public static IReadOnlyDictionary<BlockPlan, string> EmitShared(CodeWriter code, EquatableArray<LayerPlan> layers)
    {
        var names = new Dictionary<BlockPlan, string>();
        foreach (var layer in layers)
        {
            if (layer.Spec.IsNested || layer.Mask is not { } plan || names.ContainsKey(plan))
                continue;
            var name = $"mask{names.Count + 1}";
            names.Add(plan, name);
            EmitMask(code, plan, name);
            code.Line();
        }
        return names;
    }

    /// <summary>Any other pattern; null for a dense layer.</summary>
    public static string New(LayerSpec layer) => layer.Sparsity switch
    {
        null when layer.Annealing is { } annealing => AnnealingEmitter.Free(annealing),
        NMSpec groups => $"new global::SparseSharp.NMPattern({groups.Keep}, {groups.Group}, {Bool(groups.Transposable)}, global::SparseSharp.MaskPolicy.{groups.Policy}, {groups.RefreshEvery}, {CodeWriter.Float((float)groups.Decay)}{Regrow(groups)}){(layer.Annealing is { } annealing ? AnnealingEmitter.Beside(annealing) : "")}",
        UniformSpec blocks => $"new global::SparseSharp.UniformBlockPattern({blocks.Rows}, {blocks.Columns}, {Double(blocks.Sparsity)}, {Bool(blocks.Balanced)})",
        HierarchicalSpec blocks => $"new global::SparseSharp.HierarchicalBlockPattern({blocks.OuterRows}, {blocks.OuterColumns}, {blocks.Rows}, {blocks.Columns}, {Double(blocks.Sparsity)}, {Bool(blocks.Additive)}, {Pruning(blocks.Pruning)}){Fits(blocks.Pruning)}",
        LearnedSpec blocks => $"new global::SparseSharp.LearnedBlockPattern({blocks.Rows}, {blocks.Columns}, {CodeWriter.Float((float)blocks.Penalty)}{Target(blocks.Target)}){Fits(blocks.Target?.Pruning)}",
        _ => "null",
    };

    /// <summary>The kept share as an expression: of blocks that are chosen by their weights, the one that is aimed at.</summary>
    public static string Density(LayerPlan layer) => layer.Spec.Sparsity switch
    {
        NMSpec groups => $"{groups.Keep}.0 / {groups.Group}",
        RamanujanSpec => $"1.0 / {1 << layer.Mask!.Halvings}",
        UniformSpec blocks => $"1 - {Double(blocks.Sparsity)}",
        HierarchicalSpec blocks => $"1 - {Double(blocks.Sparsity)}",
        LearnedSpec { Target: { } target } => $"1 - {Double(target.Sparsity)}",
        null when layer.Spec.Annealing is { TopK: > 0 } budget => Double(budget.TopK),
        _ => "1",
    };

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

    private static string Regrow(NMSpec sparsity) =>
        sparsity.Policy == MaskPolicy.Regrow ? $", RegrowShare: {CodeWriter.Float((float)sparsity.RegrowShare)}" : "";

    private static string Target(LearnedTarget? target) =>
        target is null ? "" : $", {Double(target.Sparsity)}, {Bool(target.Balanced)}, {Pruning(target.Pruning)}";

    private static string Pruning(PruneSpec pruning) => $"{pruning.From}, {pruning.Steps}, {pruning.Every}";

    private static string Fits(PruneSpec? pruning) => pruning is { Fits: true } ? " { FitsTraining = true }" : "";

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Double(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "d";
}
