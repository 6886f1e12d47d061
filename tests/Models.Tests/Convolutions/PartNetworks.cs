using static SparseSharp.BlockKind;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>
/// What single images are cut through: a large kernel, strides, poolings over edges, both kinds of shortcuts with normalisations, groups,
/// dilation, a valid convolution, and sizes that parts do not divide.
/// </summary>
[SparseModel]
public sealed partial class CutImages
{
    [Conv2d(3, 8, Kernel = 7, Stride = 2, Padding = 3, Bias = false)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(8)]
    public partial BatchNorm2d StemNorm { get; }

    [Conv2d(8, 8, Padding = 1, Bias = false), BlockSparse(Uniform, Sparsity = 0.5)]
    public partial Conv2d First { get; }

    [BatchNorm2d(8)]
    public partial BatchNorm2d FirstNorm { get; }

    [Conv2d(8, 8, Padding = 2, Dilation = 2, Groups = 2)]
    public partial Conv2d Dilated { get; }

    [Conv2d(8, 16, Stride = 2, Padding = 1, Bias = false), NMSparse(2, 4, Transposable = true)]
    public partial Conv2d Down { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d DownNorm { get; }

    [Conv2d(8, 16, Kernel = 1, Stride = 2)]
    public partial Conv2d Around { get; }

    [Conv2d(16, 16, Padding = 1, Groups = 16)]
    public partial Conv2d Depthwise { get; }

    [Conv2d(16, 12), Bfloat16]
    public partial Conv2d Valid { get; }

    [Linear(24, 5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 45, 39)] Activation image)
    {
        var x = image.Through(Stem).Through(StemNorm).Relu().MaxPool(3, stride: 2, padding: 1);
        x = (x.Through(First).Through(FirstNorm) + x).Relu();
        x = x + x.Through(Dilated).Tanh();
        x = (x.Through(Around) + x.Through(Down).Through(DownNorm)).Relu();
        x = (x.Through(Depthwise) + x.AveragePool(3, stride: 1, padding: 1, countIncludePad: false)).Tanh();
        x = x.Through(Valid).HardSwish();
        return x.GlobalAveragePool().Concat(x.GlobalMaxPool()).Through(Head);
    }
}

/// <summary>Images that become smaller than parts, and are whole from a pooling on; a classifier of all pixels.</summary>
[SparseModel]
public sealed partial class ShrinkingImages
{
    [Conv2d(2, 8, Padding = 1)]
    public partial Conv2d First { get; }

    [Conv2d(8, 8, Padding = 1)]
    public partial Conv2d Second { get; }

    [Conv2d(8, 8, Padding = 1)]
    public partial Conv2d Third { get; }

    [Conv2d(8, 8, Padding = 1)]
    public partial Conv2d Last { get; }

    [Linear(32, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(2, 32, 32)] Activation image)
    {
        var x = image.Through(First).Relu().MaxPool(2).Through(Second).Relu().AveragePool(2);
        x = x.Through(Third).Relu().MaxPool(2).MaxPool(2);
        return x.Through(Last).Relu().Flatten().Through(Head);
    }
}

/// <summary>Channels that move, with strides, and an image as the output.</summary>
[SparseModel]
public sealed partial class MovingParts
{
    [Conv2d(3, 6, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(16, 8, Padding = 1), NMActivations(2, 4)]
    public partial Conv2d Mixed { get; }

    [Conv2d(12, 4, Kernel = 2, Padding = 1)]
    public partial Conv2d Even { get; }

    private Activation Forward([Input(3, 13, 17)] Activation image)
    {
        var x = image.Through(Stem).Tanh();
        var y = x.ShuffleChannels(2).Concat(image, x.Channels(1, 4), x.PadChannels(1, 0).Channels(0, 3));
        y = y.Through(Mixed).Tanh().Shortcut(12, 2);
        return y.Through(Even).MaxPool(2, stride: 2, ceil: true);
    }
}
