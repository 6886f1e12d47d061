namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Every pooling: after an activation, before one, with another use of its input, and of a value that is used twice.</summary>
[SparseModel]
public sealed partial class PooledImages
{
    [Conv2d(2, 5, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(5, 6, Padding = 1)]
    public partial Conv2d Body { get; }

    [Conv2d(6, 6, Kernel = 1)]
    public partial Conv2d Last { get; }

    [Linear(42, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(2, 11, 10)] Activation image)
    {
        const int Kernel = 3;
        var x = image.Through(Stem).Relu().MaxPool(Kernel, stride: 2, padding: 1);
        var y = x.Through(Body);
        y = y.MaxPool(2, 1, ceil: true).Relu() + y.AveragePool(2, 1) * y.MaxPool(2, 1);
        y = y.Through(Last).Relu();
        var z = y.AveragePool(kernel: 2, stride: 2, padding: 1, ceil: true, kernelWidth: 3, countIncludePad: false);
        z = z.Tanh() + y.AdaptiveAveragePool(3, 3) + y.MaxPool(3, strideWidth: 1, stride: 1, kernelWidth: 2).AdaptiveAveragePool(3);
        return z.AdaptiveAveragePool(2, 3).Flatten().Concat(y.GlobalMaxPool()).Through(Head);
    }
}

/// <summary>Moves of channels in images, also of the input, and in vectors.</summary>
[SparseModel]
public sealed partial class MovedChannels
{
    [Conv2d(3, 6, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(6, 6, Padding = 1, Groups = 3)]
    public partial Conv2d Grouped { get; }

    [Conv2d(16, 8, Kernel = 3, Padding = 1)]
    public partial Conv2d Mixed { get; }

    [Linear(9, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 7, 6)] Activation image)
    {
        var x = image.Through(Stem).Tanh();
        var y = x.ShuffleChannels(2).Through(Grouped).ShuffleChannels(3);
        y = y.Concat(image, x.Channels(1, 4), image.Channels(0, 2).PadChannels(0, 1)).Through(Mixed).Tanh();
        y = y.Shortcut(12, 2) + x.PadChannels(2, 4).Subsample(2);
        var means = y.Channels(3, 8).GlobalAveragePool();
        return means.Channels(2, 6).Concat(means.Channels(0, 2), means.Channels(4, 1)).Through(Head);
    }
}

/// <summary>Larger images.</summary>
[SparseModel]
public sealed partial class UpsampledImages
{
    [Conv2d(2, 4, Stride = 2, Padding = 1)]
    public partial Conv2d Down { get; }

    [Conv2d(4, 4, Padding = 1)]
    public partial Conv2d Up { get; }

    [Conv2d(4, 3, Padding = 1)]
    public partial Conv2d Last { get; }

    private Activation Forward([Input(2, 5, 7)] Activation image)
    {
        var x = image.Through(Down).Tanh();
        var y = x.Upsample(2).Through(Up).Tanh() + x.Upsample(2, UpsampleMode.Bilinear);
        y = y.Upsample(3, mode: UpsampleMode.Bilinear).MaxPool(5).Upsample(1);
        return y.Through(Last).GlobalAveragePool();
    }
}

/// <summary>Activations with constants and those of small networks, on images and on vectors.</summary>
[SparseModel]
public sealed partial class ShapedImages
{
    [Conv2d(2, 6, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(6, 6, Padding = 1)]
    public partial Conv2d Body { get; }

    [Linear(6, 12)]
    public partial Linear Neck { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(2, 6, 5)] Activation image)
    {
        var x = (image.Through(Stem) * 4).HardSwish();
        x = x.LeakyRelu(0.2) + (x.Through(Body) * 3).Relu6();
        x = x.Elu(0.5) + x.Clip(-0.25, 0.75).Elu() * x.HardSigmoid();
        var y = x.GlobalAveragePool().Through(Neck).HardSwish();
        y = y + (y * 2).LeakyRelu().Clip(min: -1, max: 0.5);
        return y.Through(Head).HardSigmoid();
    }
}

/// <summary>Poolings and moves of an input, without a layer before them or a convolution in the model.</summary>
[SparseModel]
public sealed partial class PooledInput
{
    [Linear(24, 3)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 4, 4)] Activation image) =>
        image.MaxPool(2).Concat(image.AveragePool(2)).LeakyRelu(0.5).Through(Head);
}
