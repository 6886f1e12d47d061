namespace SparseSharp.Generator.Specs;

/// <summary>Settings of <c>[GradientAnneal]</c>, by the names of its properties.</summary>
internal sealed record AnnealSpec
{
    public double Alpha { get; init; }

    public AnnealSchedule Schedule { get; init; }

    public double HardZero { get; init; }

    public bool PerStep { get; init; }

    public AfterZero AfterZero { get; init; }

    public bool AutoTune { get; init; }

    public double BackwardDensity { get; init; }

    public ThresholdScope Threshold { get; init; }

    public double InitialThreshold { get; init; }

    public double ThresholdRate { get; init; }

    public double TopK { get; init; }

    public BudgetScope Budget { get; init; }

    public NMAnnealing Mode { get; init; }

    public bool BetaInBackward { get; init; }

    /// <summary>Resolved: never 0.</summary>
    public int RebuildEvery { get; init; }
}
