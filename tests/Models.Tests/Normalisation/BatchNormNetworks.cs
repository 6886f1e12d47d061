namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Normalised convolutions with a residual sum.</summary>
[SparseModel]
public sealed partial class NormedImages
{
    [Conv2d(3, 8, Padding = 1, Bias = false)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(8)]
    public partial BatchNorm2d StemNorm { get; }

    [Conv2d(8, 8, Padding = 1, Bias = false)]
    public partial Conv2d Body { get; }

    [BatchNorm2d(8, Affine = false, Ghost = 5)]
    public partial BatchNorm2d BodyNorm { get; }

    [Conv2d(8, 12, Stride = 2, Padding = 1)]
    public partial Conv2d Down { get; }

    [BatchNorm2d(12, Cumulative = true, Epsilon = 1e-3)]
    public partial BatchNorm2d DownNorm { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 7, 6)] Activation image)
    {
        var x = image.Through(Stem).Through(StemNorm).Relu();
        x = (x + x.Through(Body).Through(BodyNorm)).Tanh();
        return x.Through(Down).Through(DownNorm).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>A layer that is used twice, a normalised input, and ranges.</summary>
[SparseModel]
public sealed partial class SharedNorms
{
    [BatchNorm2d(4)]
    public partial BatchNorm2d Inputs { get; }

    [Conv2d(4, 4, Padding = 1)]
    public partial Conv2d Body { get; }

    [BatchNorm2d(4)]
    public partial BatchNorm2d Twice { get; }

    [BatchNorm2d(4, Range = RangeNorm.AuthorCode)]
    public partial BatchNorm2d Ranged { get; }

    public partial NormedVectors Tail { get; }

    private Activation Forward([Input(4, 5, 5)] Activation image)
    {
        var x = image.Through(Inputs).Through(Body).Through(Twice).Tanh();
        x = x.Through(Body).Through(Twice).Silu().Through(Ranged);
        return x.GlobalAveragePool().Through(Tail);
    }
}

/// <summary>Normalised features, the output among them.</summary>
[SparseModel]
public sealed partial class NormedVectors
{
    [Linear(4, 28, Bias = false)]
    public partial Linear Stem { get; }

    [BatchNorm1d(28)]
    public partial BatchNorm1d StemNorm { get; }

    [Linear(28, 10), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough, RefreshEvery = 2)]
    public partial Linear Body { get; }

    [BatchNorm1d(10, Ghost = 8, Momentum = 0.3)]
    public partial BatchNorm1d BodyNorm { get; }

    [Linear(10, 4)]
    public partial Linear Head { get; }

    [BatchNorm1d(4, Range = RangeNorm.Paper)]
    public partial BatchNorm1d HeadNorm { get; }

    private Activation Forward([Input(4)] Activation x) =>
        x.Through(Stem).Through(StemNorm).Gelu().Through(Body).Through(BodyNorm).Relu().Through(Head).Through(HeadNorm);
}
