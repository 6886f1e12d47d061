namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Layers of every policy and both packed forms, an activation that no layer computes, and dropout.</summary>
[SparseModel]
internal sealed partial class MixedPolicies
{
    [Linear(37, 48)]
    public partial Linear Stem { get; }

    [Linear(48, 48), NMSparse(2, 4, Transposable = true, RefreshEvery = 3)]
    public partial Linear Tiles { get; }

    [Linear(48, 48), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Kept { get; }

    [Linear(48, 42), NMSparse(3, 6, Transposable = true, RefreshEvery = 2)]
    public partial Linear Sixes { get; }

    [Linear(42, 30, Bias = false), NMSparse(2, 6, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Rows { get; }

    [Linear(30, 20), NMSparse(3, 5, Policy = MaskPolicy.Static)]
    public partial Linear KeptRows { get; }

    [Linear(20, 20), NMSparse(1, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Soft { get; }

    [Linear(20, 20), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 2)]
    public partial Linear Regrown { get; }

    [Linear(20, 20), NMSparse(2, 5, Policy = MaskPolicy.Regrow, RefreshEvery = 3)]
    public partial Linear RegrownRows { get; }

    [Linear(20, 20), NMSparse(1, 4, Policy = MaskPolicy.BiMask)]
    public partial Linear Twice { get; }

    [Linear(20, 6), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(37)] Activation x)
    {
        var h = x.Through(Stem).Gelu();
        h = (h + h.Through(Tiles).Relu().Dropout(0.1f).Through(Kept).Tanh()).Silu();
        return h.Through(Sixes)
            .Relu()
            .Through(Rows)
            .Sigmoid()
            .Through(KeptRows)
            .Relu()
            .Through(Soft)
            .Tanh()
            .Through(Regrown)
            .Relu()
            .Through(RegrownRows)
            .Tanh()
            .Through(Twice)
            .Tanh()
            .Through(Head);
    }
}

/// <summary>One group of four weights: what the rules of a policy say can be read off.</summary>
[SparseModel]
internal sealed partial class OneGroup
{
    [Linear(4, 1), NMSparse(2, 4)]
    public partial Linear SrSte { get; }

    [Linear(4, 1), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear StraightThrough { get; }

    [Linear(4, 1), NMSparse(2, 4, Policy = MaskPolicy.Static)]
    public partial Linear Static { get; }

    private Activation Forward([Input(4)] Activation x) => x.Through(SrSte) + x.Through(StraightThrough) + x.Through(Static);
}

/// <summary>The same shapes under several refresh intervals, with tiles inside groups of rows and across them.</summary>
[SparseModel]
internal sealed partial class Refreshed
{
    [Linear(16, 264), NMSparse(2, 4)]
    public partial Linear EveryStep { get; }

    [Linear(264, 264), NMSparse(2, 4, Transposable = true, RefreshEvery = 3)]
    public partial Linear EveryThird { get; }

    [Linear(264, 264), NMSparse(3, 6, Transposable = true, RefreshEvery = 2)]
    public partial Linear AcrossGroups { get; }

    [Linear(264, 8), NMSparse(2, 4, Transposable = true)]
    public partial Linear ByDefault { get; }

    private Activation Forward([Input(16)] Activation x) =>
        x.Through(EveryStep).Relu().Through(EveryThird).Relu().Through(AcrossGroups).Relu().Through(ByDefault);
}

/// <summary>Rows of the master that are no multiple of anything.</summary>
[SparseModel]
internal sealed partial class WideRows
{
    [Linear(1036, 5), NMSparse(2, 4)]
    public partial Linear Only { get; }

    private Activation Forward([Input(1036)] Activation x) => x.Through(Only);
}

/// <summary>One soft-thresholded group of four weights.</summary>
[SparseModel]
internal sealed partial class OneSoftGroup
{
    [Linear(4, 1, Bias = false), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Soft { get; }

    private Activation Forward([Input(4)] Activation x) => x.Through(Soft);
}

/// <summary>A part of <see cref="Towers"/>.</summary>
[SparseModel]
internal sealed partial class Tower
{
    [Linear(12, 16)]
    public partial Linear Stem { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(Stem).Relu();
}

/// <summary>A model made of others.</summary>
[SparseModel]
internal sealed partial class Towers
{
    public const int Features = 12;
    public const int Results = 4;

    public partial Tower Left { get; }

    public partial Tower Right { get; }

    [Linear(16, Results)]
    public partial Linear Head { get; }

    private Activation Forward([Input(Features)] Activation x) => (x.Through(Left) + x.Through(Right)).Through(Head);
}
