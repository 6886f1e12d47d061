using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Reports a layer whose sparsity is another one than was asked for, because blocks are dropped as a whole.</summary>
internal static class BlockRounding
{
    /// <summary>What may be between the two: a sparsity of 0.9 that becomes 0.906 is one of 0.9.</summary>
    private const double Tolerance = 0.01;

    /// <summary>Sparsities that are tried out to find those that stay as they are.</summary>
    private const int Trials = 1000;

    public static void Check(BlockSpec blocks, LayerSpec layer, SparsitySource source, DiagnosticSink sink)
    {
        if (Asked(blocks) is not { } asked)
            return;
        var actual = Actual(blocks, layer, asked);
        if (Math.Abs(actual - asked) <= Tolerance)
            return;
        var nearest = Nearest(blocks, layer, asked);
        sink.Report(
            Descriptors.BlockSparsityRounded, source.Property("Sparsity"), nearest, layer.Path, BlockSparseReader.Text(Math.Round(actual, 6)), BlockSparseReader.Text(asked), nearest);
    }

    private static double? Asked(BlockSpec blocks) => blocks switch
    {
        UniformSpec uniform => uniform.Sparsity,
        LearnedSpec { Target: { } target } => target.Sparsity,
        HierarchicalSpec hierarchical => hierarchical.Sparsity,
        _ => null,
    };

    private static double Actual(BlockSpec blocks, LayerSpec layer, double sparsity)
    {
        var density = 1 - sparsity;
        return 1 - (blocks switch
        {
            UniformSpec uniform => BlockRules.DensityOf(density, layer.Outputs / uniform.Rows, layer.Inputs / uniform.Columns, uniform.Balanced),
            LearnedSpec learned => BlockRules.DensityOf(density, layer.Outputs / learned.Rows, layer.Inputs / learned.Columns, learned.Target!.Balanced),
            HierarchicalSpec { Additive: true } h => BlockRules.AdditiveDensity(
                density, layer.Outputs / h.Rows * (layer.Inputs / h.Columns), h.OuterRows / h.Rows * (h.OuterColumns / h.Columns)),
            HierarchicalSpec h => BlockRules.NestedDensity(density, layer.Inputs / h.OuterColumns, h.OuterColumns / h.Columns),
            _ => density,
        });
    }

    /// <summary>The nearest sparsities that the layer can have: rounded, they are what they were.</summary>
    private static Suggestion Nearest(BlockSpec blocks, LayerSpec layer, double asked) => new(
    [
        .. Enumerable.Range(1, Trials - 1)
            .Select(trial => Math.Round(Actual(blocks, layer, trial / (double)Trials), 6))
            .Where(sparsity => BlockRules.IsSparsity(sparsity) && Math.Abs(Actual(blocks, layer, sparsity) - sparsity) < 1e-5)
            .Distinct()
            .OrderBy(sparsity => Math.Abs(sparsity - asked))
            .Take(2)
            .OrderBy(sparsity => sparsity)
            .Select(BlockSparseReader.Text),
    ]);
}
