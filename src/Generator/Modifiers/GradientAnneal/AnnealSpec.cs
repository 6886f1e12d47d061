using System.Globalization;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.GradientAnneal;

/// <summary>Settings of <c>[GradientAnneal]</c>, by the names of its properties.</summary>
internal sealed record AnnealSpec : ModifierSpec
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

    public override MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation)
    {
        var annealed = matrix.Format is null ? Alone(plan) : plan with { Pattern = plan.Pattern + SettingsBesideGroups() };
        return annealed with
        {
            GradWeightKernel = annealed.Kernel,
            SmallBatchKernel = null,
            UsesDense = true,
            Learned = LearnedWeights.Master,
        };
    }

    /// <summary>A matrix without another format is as sparse as training makes it.</summary>
    private MatrixPlan Alone(MatrixPlan plan) => plan with
    {
        Words = Words,
        Pattern = $"new global::SparseSharp.UnstructuredPattern {{ {string.Join(", ", SettingsAlone())} }}",
        Density = TopK > 0 ? Literal.Of(TopK) : "1",
        Kept = null,
        Kernel = KernelPlanner.PairsAndSingles,
    };

    private string Words => this switch
    {
        { TopK: > 0 } => $"largest {TopK.ToString(CultureInfo.InvariantCulture)}",
        { Threshold: ThresholdScope.PerLayer } => "threshold per layer",
        { Threshold: ThresholdScope.PerWeight } => "threshold per weight",
        _ => "threshold per output channel",
    };

    private List<string> SettingsAlone()
    {
        var settings = Settings();
        Add(settings, nameof(TopK), Literal.Of(TopK), TopK > 0);
        Add(settings, nameof(Budget), Literal.Of(Budget), Budget != default);
        var rebuild = RebuildEvery.ToString(CultureInfo.InvariantCulture);
        Add(settings, nameof(RebuildEvery), rebuild, RebuildEvery != AnnealSettings.DefaultRebuild);
        return settings;
    }

    private string SettingsBesideGroups()
    {
        var settings = Settings();
        Add(settings, nameof(Mode), Literal.Of(Mode), Mode != default);
        Add(settings, nameof(BetaInBackward), "true", BetaInBackward);
        return $" {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>
    /// The settings of annealing itself, as the first of those of a pattern. Those that are the runtime's own are left out.
    /// </summary>
    private List<string> Settings()
    {
        var own = new List<string>();
        Add(own, nameof(Alpha), Literal.Of(Alpha), Alpha != AnnealSettings.DefaultAlpha);
        Add(own, nameof(Schedule), Literal.Of(Schedule), Schedule != default);
        Add(own, nameof(HardZero), Literal.Of(HardZero), HardZero != AnnealSettings.DefaultHardZero);
        Add(own, nameof(PerStep), "true", PerStep);
        Add(own, nameof(AfterZero), Literal.Of(AfterZero), AfterZero != default);
        Add(own, nameof(AutoTune), "true", AutoTune);
        Add(own, nameof(BackwardDensity), Literal.Of(BackwardDensity), BackwardDensity != 1);
        Add(own, nameof(Threshold), Literal.Of(Threshold), Threshold != default);
        Add(own, nameof(InitialThreshold), Literal.Of(InitialThreshold), InitialThreshold != AnnealSettings.DefaultThreshold);
        Add(own, nameof(ThresholdRate), Literal.Of(ThresholdRate), ThresholdRate != 1);
        return [own.Count == 0 ? "Annealing = new()" : $"Annealing = new() {{ {string.Join(", ", own)} }}"];
    }

    private static void Add(List<string> settings, string property, string value, bool differs)
    {
        if (differs)
            settings.Add($"{property} = {value}");
    }
}
