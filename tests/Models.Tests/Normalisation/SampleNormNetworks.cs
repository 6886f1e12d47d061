namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Normalised samples: groups of channels, whole images, and features.</summary>
[SparseModel]
public sealed partial class NormedSamples
{
    [Conv2d(3, 8, Padding = 1, Bias = false)]
    public partial Conv2d Stem { get; }

    [GroupNorm(4, 8)]
    public partial GroupNorm StemNorm { get; }

    [Conv2d(8, 6, Padding = 1)]
    public partial Conv2d Body { get; }

    [GroupNorm(6, 6, Affine = false, Epsilon = 1e-3)]
    public partial GroupNorm Instances { get; }

    [LayerNorm(6, 5, 4)]
    public partial LayerNorm Images { get; }

    [Linear(6, 40)]
    public partial Linear Wide { get; }

    [LayerNorm(40)]
    public partial LayerNorm Features { get; }

    [LayerNorm(40, Affine = false, Epsilon = 0.1)]
    public partial LayerNorm Plain { get; }

    [Linear(40, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 5, 4)] Activation image)
    {
        var x = image.Through(Stem).Through(StemNorm).Relu();
        x = x.Through(Body).Tanh().Through(Instances);
        x = (x + x.Through(Images)).GlobalAveragePool().Through(Wide).Through(Features).Relu();
        return (x.Through(Features) * 0.5 + x.Through(Plain)).Through(Head);
    }
}

/// <summary>The example of a layer normalisation that was computed with PyTorch.</summary>
[SparseModel]
public sealed partial class NormedFour
{
    [LayerNorm(4)]
    public partial LayerNorm Norm { get; }

    private Activation Forward([Input(4)] Activation x) => x.Through(Norm);
}

/// <summary>Convolutions whose normalisation a prediction computes with them, and one whose result is read twice.</summary>
[SparseModel]
public sealed partial class FoldedImages
{
    [Conv2d(3, 16, Padding = 1)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d StemNorm { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false), NMSparse(2, 4)]
    public partial Conv2d Body { get; }

    [BatchNorm2d(16, Affine = false)]
    public partial BatchNorm2d BodyNorm { get; }

    [Conv2d(16, 8, Stride = 2, Padding = 1)]
    public partial Conv2d Down { get; }

    [BatchNorm2d(8)]
    public partial BatchNorm2d DownNorm { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 7, 6)] Activation image)
    {
        var x = image.Through(Stem).Through(StemNorm).Relu();
        x = (x + x.Through(Body).Through(BodyNorm)).Relu();
        x = x.Through(Down);
        return (x + x.Through(DownNorm)).GlobalAveragePool().Through(Head);
    }
}
