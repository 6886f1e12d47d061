using System.Globalization;

namespace SparseSharp.Generator.Graphs;

/// <summary>Plans in words.</summary>
internal static class PlanText
{
    /// <summary>For example <c>16x16/4 ⊗ K 4x1 ⊗ 16x16/2 ⊗ K 1x4</c>.</summary>
    public static string Factors(BlockPlan plan) =>
        $"{plan.Outer.Shape} ⊗ K {plan.RowRepeats}x{plan.ColumnRepeats} ⊗ {plan.Inner.Shape} ⊗ K {plan.BlockRows}x{plan.BlockColumns}";

    /// <summary>The second singular value of a factor and its bound, for example <c>2 of 3.464</c>.</summary>
    public static string Second(PlannedFactor factor) =>
        factor.Graph.IsComplete ? "0" : $"{Number(factor.Second)} of {Number(factor.Shape.Bound)}";

    /// <summary>Everything that a user may want to know of a plan, as the end of a sentence.</summary>
    public static string Summary(BlockPlan plan) =>
        $"{Factors(plan)}, with {plan.NonZerosPerRow} weights in a row and {plan.IndexBytes} bytes of positions; the second singular "
            + "values of its graphs are "
        + $"{Second(plan.Outer)} and {Second(plan.Inner)} that a Ramanujan graph may have, and that of the mask is {Number(plan.Gap)} of the largest";

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
