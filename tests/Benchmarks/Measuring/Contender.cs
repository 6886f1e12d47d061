namespace SparseSharp.Benchmarks.Measuring;

/// <summary>One way of doing the work that is being compared.</summary>
/// <param name="Name">For people.</param>
/// <param name="Operation">The work, once.</param>
internal sealed record Contender(string Name, Action Operation)
{
    /// <summary>
    /// Operations that are timed as one, where they take turns at being cheap and dear: a median would miss the dear ones.
    /// </summary>
    public int Cycle { get; init; } = 1;

    /// <summary>Done before every timed cycle, without being timed.</summary>
    public Action? Prepare { get; init; }
}
