namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Regrowing tiles of four by four, packed in pairs, in more than one group of rows.</summary>
[SparseModel]
internal sealed partial class RegrowTiles
{
    [Linear(20, 264, Bias = false), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 3, RegrowShare = 0.5)]
    public partial Linear Only { get; }

    private Activation Forward([Input(20)] Activation x) => x.Through(Only);
}

/// <summary>Tiles of eight by eight, sorted by row sets.</summary>
[SparseModel]
internal sealed partial class RegrowEights
{
    [Linear(24, 136, Bias = false), NMSparse(4, 8, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 2, RegrowShare = 0.5)]
    public partial Linear Only { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Only);
}

/// <summary>Tiles that lie across groups of rows.</summary>
[SparseModel]
internal sealed partial class RegrowSixes
{
    [Linear(24, 264, Bias = false), NMSparse(3, 6, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 2, RegrowShare = 0.5)]
    public partial Linear Only { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Only);
}

/// <summary>A row-wise pattern, whose segments are not all equally long.</summary>
[SparseModel]
internal sealed partial class RegrowRows
{
    [Linear(20, 134, Bias = false), NMSparse(2, 5, Policy = MaskPolicy.Regrow, RefreshEvery = 2, RegrowShare = 0.5)]
    public partial Linear Only { get; }

    private Activation Forward([Input(20)] Activation x) => x.Through(Only);
}

/// <summary>A layer that is used twice, beside the same one with dense weights that all learn.</summary>
[SparseModel]
internal sealed partial class RegrowShared
{
    [Linear(24, 24), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 2, RegrowShare = 0.5)]
    public partial Linear Shared { get; }

    [Linear(24, 8), NMSparse(2, 4, Policy = MaskPolicy.Regrow, RefreshEvery = 4, RegrowShare = 0.5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Shared).Tanh().Through(Shared).Relu().Through(Head);
}

/// <summary>As <see cref="RegrowShared"/>, with the gradient of all weights in every step.</summary>
[SparseModel]
internal sealed partial class ThroughShared
{
    [Linear(24, 24), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.StraightThrough, RefreshEvery = 2)]
    public partial Linear Shared { get; }

    [Linear(24, 8), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough, RefreshEvery = 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Shared).Tanh().Through(Shared).Relu().Through(Head);
}

/// <summary>As <see cref="RegrowShared"/>, with masks that never change.</summary>
[SparseModel]
internal sealed partial class StaticShared
{
    [Linear(24, 24), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Shared { get; }

    [Linear(24, 8), NMSparse(2, 4, Policy = MaskPolicy.Static)]
    public partial Linear Head { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Shared).Tanh().Through(Shared).Relu().Through(Head);
}
