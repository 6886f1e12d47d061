using System.Collections.Concurrent;

namespace SparseSharp.Generator.Graphs;

/// <summary>
/// Remembers plans by everything that they depend on: the analyzer and the generator ask for the same ones at every edit.
/// </summary>
internal static class PlanMemo
{
    /// <summary>More than a project has layers; what is forgotten is planned again.</summary>
    private const int MostPlans = 1024;

    private static readonly ConcurrentDictionary<BlockRequest, BlockResult> _plans = new();

    /// <summary>The plan of a request, or why there is none; nothing is remembered of a plan that was cancelled.</summary>
    public static BlockResult Find(BlockRequest request, CancellationToken cancellation)
    {
        if (_plans.TryGetValue(request, out var known))
            return known;
        if (_plans.Count >= MostPlans)
            _plans.Clear();
        return _plans.GetOrAdd(request, BlockPlanner.Plan(request, cancellation));
    }
}
