namespace SparseSharp.Benchmarks.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">Times that every contender gets its turn.</param>
/// <param name="Turn">Time for the calls of one turn; one call may take longer.</param>
/// <param name="IsQuick">Whether benchmarks leave out shapes.</param>
internal sealed record Effort(int Rounds, TimeSpan Turn, bool IsQuick)
{
    public static Effort Full { get; } = new(5, TimeSpan.FromMilliseconds(40), false);

    public static Effort Quick { get; } = new(3, TimeSpan.FromMilliseconds(8), true);
}
