using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>A rule that drops weights on a schedule.</summary>
internal interface IScheduledPruning
{
    /// <summary>When it does so in this training.</summary>
    PruneSchedule Schedule { get; set; }
}
