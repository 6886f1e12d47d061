namespace SparseSharp.Generator.Graphs;

/// <summary>A factor of a mask: a complete graph, or one that is proven to be Ramanujan.</summary>
/// <param name="Second">The second largest singular value; 0 of a complete graph.</param>
internal sealed record PlannedFactor(FactorShape Shape, BipartiteGraph Graph, double Second)
{
    /// <summary>Relative difference of singular values that is none to a reader.</summary>
    private const double Difference = 1e-6;

    /// <summary>The largest singular value.</summary>
    public double First => Math.Sqrt((double)Graph.Degree * Graph.ColumnDegree);

    /// <summary>A graph of a shape that has no <see cref="FactorShape.Fault"/>; null where none is found.</summary>
    public static PlannedFactor? Build(FactorShape shape, BaseGraph kind, ulong seed, bool isInner, CancellationToken cancellation)
    {
        if (shape.Halvings == 0)
            return new(shape, BipartiteGraph.Complete(shape.Rows, shape.Columns), Second: 0);
        if (kind == BaseGraph.GfLift)
        {
            return Attempts(shape, seed, isInner, cancellation).FirstOrDefault(IsAccepted) is { } lift
                ? new(shape, Relabelled(lift.Graph()), lift.SecondSingularValue())
                : null;
        }

        var graph = kind switch
        {
            BaseGraph.Lift2 => SignedLift.Build(shape.ColumnDegree, shape.RowDegree, shape.Halvings, Random(Purpose.Signs), cancellation),
            BaseGraph.Shift => ShiftLift.Build(shape.ColumnDegree, shape.RowDegree, shape.Fold, Random(Purpose.Shifts), cancellation),
            _ => PermutationSum.Build(shape.Rows, shape.RowDegree, Random(Purpose.Permutations), cancellation),
        };
        return graph is null ? null : new(shape, Relabelled(graph), RamanujanTest.SecondSingularValue(graph));

        bool IsAccepted(FieldLift lift) => FieldLift.IsCertain(shape.ColumnDegree, shape.RowDegree, shape.Fold) || lift.IsAccepted();

        BipartiteGraph Relabelled(BipartiteGraph graph) => seed == 0 ? graph : graph.Relabel(Random(Purpose.Relabelling));

        SplitMix64 Random(Purpose purpose) => SplitMix64.For(seed, purpose, isInner);
    }

    /// <summary>The least second singular value among the attempts at a shape that was not built.</summary>
    public static double ClosestSecond(FactorShape shape, ulong seed, bool isInner, CancellationToken cancellation)
    {
        var closest = double.PositiveInfinity;
        foreach (var lift in Attempts(shape, seed, isInner, cancellation))
        {
            // The test takes a fraction of the time of a singular value, and many lifts have the same one.
            if (double.IsPositiveInfinity(closest) || lift.IsWithin(closest * (1 - Difference)))
                closest = lift.SecondSingularValue();
        }
        return closest;
    }

    /// <summary>Whether a kind of graph has this shape.</summary>
    public static bool Exists(FactorShape shape, BaseGraph kind) =>
        shape.IsPossible && (kind != BaseGraph.Permutation || shape.Halvings == 0 || (shape.Rows == shape.Columns && shape.RowDegree >= 3));

    private static IEnumerable<FieldLift> Attempts(FactorShape shape, ulong seed, bool isInner, CancellationToken cancellation)
    {
        foreach (var lift in FieldLift.Attempts(
            shape.ColumnDegree, shape.RowDegree, shape.Fold, SplitMix64.For(seed, Purpose.Elements, isInner)))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return lift;
        }
    }
}
