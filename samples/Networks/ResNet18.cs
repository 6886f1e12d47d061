using SparseSharp;

namespace Networks;

/// <summary>ResNet-18 for images of 224 x 224 (He et al., 2016).</summary>
[SparseModel]
public sealed partial class ResNet18
{
    [Conv2d(3, 64, Kernel = 7, Stride = 2, Padding = 3, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }

    public partial LargeBlock64 Layer1Block0 { get; }
    public partial LargeBlock64 Layer1Block1 { get; }

    public partial LargeBlock128Down Layer2Block0 { get; }
    public partial LargeBlock128 Layer2Block1 { get; }

    public partial LargeBlock256Down Layer3Block0 { get; }
    public partial LargeBlock256 Layer3Block1 { get; }

    public partial LargeBlock512Down Layer4Block0 { get; }
    public partial LargeBlock512 Layer4Block1 { get; }

    [Linear(512, 1000)] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 224, 224)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().MaxPool(3, stride: 2, padding: 1);
        x = x.Through(Layer1Block0).Through(Layer1Block1);
        x = x.Through(Layer2Block0).Through(Layer2Block1);
        x = x.Through(Layer3Block0).Through(Layer3Block1);
        x = x.Through(Layer4Block0).Through(Layer4Block1);
        return x.GlobalAveragePool().Through(Linear);
    }
}

/// <summary>Two convolutions of 64 channels, and the identity.</summary>
[SparseModel]
public sealed partial class LargeBlock64
{
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(64, 56, 56)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}

/// <summary>Two convolutions from 64 to 128 channels, and one of 1 x 1 beside them.</summary>
[SparseModel]
public sealed partial class LargeBlock128Down
{
    [Conv2d(64, 128, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(64, 128, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Shortcut { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d ShortcutBn { get; }

    private Activation Forward([Input(64, 56, 56)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image.Through(Shortcut).Through(ShortcutBn)).Relu();
    }
}

/// <summary>Two convolutions of 128 channels, and the identity.</summary>
[SparseModel]
public sealed partial class LargeBlock128
{
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(128, 28, 28)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}

/// <summary>Two convolutions from 128 to 256 channels, and one of 1 x 1 beside them.</summary>
[SparseModel]
public sealed partial class LargeBlock256Down
{
    [Conv2d(128, 256, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(128, 256, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Shortcut { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d ShortcutBn { get; }

    private Activation Forward([Input(128, 28, 28)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image.Through(Shortcut).Through(ShortcutBn)).Relu();
    }
}

/// <summary>Two convolutions of 256 channels, and the identity.</summary>
[SparseModel]
public sealed partial class LargeBlock256
{
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(256, 14, 14)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}

/// <summary>Two convolutions from 256 to 512 channels, and one of 1 x 1 beside them.</summary>
[SparseModel]
public sealed partial class LargeBlock512Down
{
    [Conv2d(256, 512, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(512, 512, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(256, 512, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Shortcut { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d ShortcutBn { get; }

    private Activation Forward([Input(256, 14, 14)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image.Through(Shortcut).Through(ShortcutBn)).Relu();
    }
}

/// <summary>Two convolutions of 512 channels, and the identity.</summary>
[SparseModel]
public sealed partial class LargeBlock512
{
    [Conv2d(512, 512, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(512, 512, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(512, 7, 7)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}
