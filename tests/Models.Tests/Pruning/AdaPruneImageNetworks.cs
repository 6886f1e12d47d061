namespace SparseSharp.Models.Tests.Pruning;

/// <summary>A dense convolution.</summary>
[SparseModel]
public sealed partial class ImageTeacher
{
    [Conv2d(8, 8, Stride = 2, Padding = 1)]
    public partial Conv2d Body { get; }

    private Activation Forward([Input(8, 7, 6)] Activation image) => image.Through(Body);
}

/// <summary>The same at 2:4.</summary>
[SparseModel]
public sealed partial class ImagePupil
{
    [Conv2d(8, 8, Stride = 2, Padding = 1), NMSparse(2, 4)]
    public partial Conv2d Body { get; }

    private Activation Forward([Input(8, 7, 6)] Activation image) => image.Through(Body);
}

/// <summary>Convolutions with groups, without a bias, twice, and with batch normalisation.</summary>
[SparseModel]
public sealed partial class DeepImageTeacher
{
    [Conv2d(8, 16, Padding = 1, Bias = false, Groups = 2)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Norm { get; }

    [Conv2d(16, 16, Kernel = 1)]
    public partial Conv2d Twice { get; }

    [Linear(16, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8, 7, 6)] Activation image)
    {
        var x = image.Through(Stem).Through(Norm).Relu();
        return x.Through(Twice).Tanh().Through(Twice).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>The same with masks.</summary>
[SparseModel]
public sealed partial class DeepImagePupil
{
    [Conv2d(8, 16, Padding = 1, Bias = false, Groups = 2), NMSparse(1, 4)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Norm { get; }

    [Conv2d(16, 16, Kernel = 1), NMSparse(2, 4, Transposable = true)]
    public partial Conv2d Twice { get; }

    [Linear(16, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8, 7, 6)] Activation image)
    {
        var x = image.Through(Stem).Through(Norm).Relu();
        return x.Through(Twice).Tanh().Through(Twice).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>A convolution of as many channels with another kernel.</summary>
[SparseModel]
public sealed partial class OtherWindow
{
    [Conv2d(8, 8, Kernel = 1), NMSparse(2, 4)]
    public partial Conv2d Body { get; }

    private Activation Forward([Input(8, 7, 6)] Activation image) => image.Through(Body);
}
