namespace SparseSharp.Models.Tests.Training;

/// <summary>All kinds of layers that train differently: dynamic and static masks, transposable and not, dense.</summary>
[SparseModel]
public sealed partial class MixedNet
{
    [Linear(784, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 5)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Kept { get; }

    [Linear(64, 48, Bias = false), NMSparse(1, 4, Policy = MaskPolicy.StraightThrough, RefreshEvery = 3)]
    public partial Linear Rows { get; }

    [Linear(48, 48), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Soft { get; }

    [Linear(48, 48), NMSparse(2, 4, Policy = MaskPolicy.BiMask)]
    public partial Linear Twice { get; }

    [Linear(48, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image)
    {
        var stem = image.Through(Stem).Relu();
        var mixed = stem + stem.Through(Kept).Gelu().Dropout(0.1f);
        var soft = mixed.Through(Rows).Relu().Through(Soft).Relu();
        return (soft + soft.Through(Twice).Relu()).Through(Head);
    }
}

/// <summary>Dense layers only.</summary>
[SparseModel]
public sealed partial class PlainNet
{
    [Linear(784, 40)]
    public partial Linear Stem { get; }

    [Linear(40, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Head);
}

/// <summary>One number from two.</summary>
[SparseModel]
public sealed partial class CurveNet
{
    [Linear(2, 32)]
    public partial Linear Hidden { get; }

    [Linear(32, 1)]
    public partial Linear Head { get; }

    Activation Forward([Input(2)] Activation point) => point.Through(Hidden).Tanh().Through(Head);
}
