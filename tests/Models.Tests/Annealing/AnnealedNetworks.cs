namespace SparseSharp.Models.Tests.Annealing;

[SparseModel]
internal sealed partial class AnnealedByChannel
{
    [Linear(40, 72), GradientAnneal(RebuildEvery = 3, InitialThreshold = -2.5)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedByLayer
{
    [Linear(40, 72), GradientAnneal(RebuildEvery = 1, Threshold = ThresholdScope.PerLayer, InitialThreshold = -2.5, PerStep = true)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedByWeight
{
    [Linear(40, 72), GradientAnneal(RebuildEvery = 2, Threshold = ThresholdScope.PerWeight, InitialThreshold = -2.5, AfterZero = AfterZero.FollowThreshold, ThresholdRate = 30)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedReached
{
    [Linear(40, 72), GradientAnneal(RebuildEvery = 2, InitialThreshold = -2.5, BackwardDensity = 0.5)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel, GradientAnneal(TopK = 0.2, Budget = BudgetScope.OverModel, RebuildEvery = 2)]
internal sealed partial class AnnealedBudget
{
    [Linear(40, 72)]
    public partial Linear Stem { get; }

    [Linear(72, 40)]
    public partial Linear Mixer { get; }

    [Linear(40, 4), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, GradientAnneal]
internal sealed partial class AnnealedPattern
{
    [Linear(40, 72), NMSparse(2, 4, Transposable = true, RefreshEvery = 4)]
    public partial Linear Stem { get; }

    [Linear(72, 40), NMSparse(2, 8), GradientAnneal(Mode = NMAnnealing.Intersect, InitialThreshold = -3)]
    public partial Linear Mixer { get; }

    [Linear(40, 32), NMSparse(2, 4), GradientAnneal(Mode = NMAnnealing.SoftNM, BetaInBackward = true)]
    public partial Linear Last { get; }

    [Linear(32, 4), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Relu().Through(Last).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedWithPrunedGradients
{
    [Linear(40, 72), GradientAnneal(RebuildEvery = 2, InitialThreshold = -2.5), NMGradients(2, 4)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedHalf
{
    [Linear(40, 32), NMSparse(2, 4, RefreshEvery = 2), GradientAnneal]
    public partial Linear Stem { get; }

    [Linear(32, 8)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class StraightHalf
{
    [Linear(40, 32), NMSparse(2, 4, RefreshEvery = 2, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Stem { get; }

    [Linear(32, 8)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedSoftHalf
{
    [Linear(40, 32), NMSparse(2, 4), GradientAnneal(Mode = NMAnnealing.SoftNM)]
    public partial Linear Stem { get; }

    [Linear(32, 8)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class AnnealedTuned
{
    [Linear(40, 72), GradientAnneal(AutoTune = true)]
    public partial Linear Stem { get; }

    [Linear(72, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(40)] Activation x) => x.Through(Stem).Relu().Through(Head);
}
