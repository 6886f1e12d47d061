using SparseSharp.Settings;

namespace SparseSharp.Generator.Graphs;

/// <summary>What works instead of a request that has no plan.</summary>
internal static class NearbyPlans
{
    /// <summary>How often the weights of the same shape can be halved, ascending; empty if not at all.</summary>
    public static IReadOnlyList<int> Halvings(BlockRequest request, CancellationToken cancellation) =>
    [
        .. Enumerable.Range(1, BlockSettings.MostHalvings).Where(
            halvings => PlanMemo.Find(request with { Halvings = halvings }, cancellation).Plan is not null),
    ];

    /// <summary>Features, not fewer than those asked for, that can be halved as often as asked for.</summary>
    public static (int Rows, int Columns) Shape(BlockRequest request)
    {
        var unit = BlockRequest.SharedRows << request.Halvings;
        var (rows, columns) = (Math.Max(2, CeilingDivide(request.Rows, unit)), Math.Max(2, CeilingDivide(request.Columns, unit)));

        // Two halves of two on both sides would leave degrees of two.
        return (unit * rows, unit * (rows == 2 && columns == 2 ? 3 : columns));
    }

    private static int CeilingDivide(int number, int unit) => ((number - 1) / unit) + 1;
}
