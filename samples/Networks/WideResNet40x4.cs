using SparseSharp;

namespace Networks;

/// <summary>WRN-40-4 for images of 32 x 32 (Zagoruyko and Komodakis, 2016): six blocks in each stage.</summary>
[SparseModel]
public sealed partial class WideResNet40x4
{
    [Conv2d(3, 16, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }

    public partial WideBlock64First Layer1Block0 { get; }
    public partial WideBlock64 Layer1Block1 { get; }
    public partial WideBlock64 Layer1Block2 { get; }
    public partial WideBlock64 Layer1Block3 { get; }
    public partial WideBlock64 Layer1Block4 { get; }
    public partial WideBlock64 Layer1Block5 { get; }

    public partial WideBlock128First Layer2Block0 { get; }
    public partial WideBlock128 Layer2Block1 { get; }
    public partial WideBlock128 Layer2Block2 { get; }
    public partial WideBlock128 Layer2Block3 { get; }
    public partial WideBlock128 Layer2Block4 { get; }
    public partial WideBlock128 Layer2Block5 { get; }

    public partial WideBlock256First Layer3Block0 { get; }
    public partial WideBlock256 Layer3Block1 { get; }
    public partial WideBlock256 Layer3Block2 { get; }
    public partial WideBlock256 Layer3Block3 { get; }
    public partial WideBlock256 Layer3Block4 { get; }
    public partial WideBlock256 Layer3Block5 { get; }

    [BatchNorm2d(256)] public partial BatchNorm2d Bn1 { get; }
    [Linear(256, 10)] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1);
        x = x.Through(Layer1Block0).Through(Layer1Block1).Through(Layer1Block2).Through(Layer1Block3).Through(Layer1Block4)
            .Through(Layer1Block5);
        x = x.Through(Layer2Block0).Through(Layer2Block1).Through(Layer2Block2).Through(Layer2Block3).Through(Layer2Block4)
            .Through(Layer2Block5);
        x = x.Through(Layer3Block0).Through(Layer3Block1).Through(Layer3Block2).Through(Layer3Block3).Through(Layer3Block4)
            .Through(Layer3Block5);
        return x.Through(Bn1).Relu().GlobalAveragePool().Through(Linear);
    }
}

/// <summary>Normalisation and ReLU before each convolution, from 16 to 64 channels.</summary>
[SparseModel]
public sealed partial class WideBlock64First
{
    [BatchNorm2d(16)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(16, 64, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [Conv2d(16, 64, Kernel = 1, Bias = false)] public partial Conv2d Shortcut { get; }

    private Activation Forward([Input(16, 32, 32)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + x.Through(Shortcut);
    }
}

/// <summary>Normalisation and ReLU before each convolution of 64 channels, and the identity.</summary>
[SparseModel]
public sealed partial class WideBlock64
{
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }

    private Activation Forward([Input(64, 32, 32)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + image;
    }
}

/// <summary>Normalisation and ReLU before each convolution, from 64 to 128 channels.</summary>
[SparseModel]
public sealed partial class WideBlock128First
{
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(64, 128, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [Conv2d(64, 128, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Shortcut { get; }

    private Activation Forward([Input(64, 32, 32)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + x.Through(Shortcut);
    }
}

/// <summary>Normalisation and ReLU before each convolution of 128 channels, and the identity.</summary>
[SparseModel]
public sealed partial class WideBlock128
{
    [BatchNorm2d(128)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }

    private Activation Forward([Input(128, 16, 16)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + image;
    }
}

/// <summary>Normalisation and ReLU before each convolution, from 128 to 256 channels.</summary>
[SparseModel]
public sealed partial class WideBlock256First
{
    [BatchNorm2d(128)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(128, 256, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [Conv2d(128, 256, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Shortcut { get; }

    private Activation Forward([Input(128, 16, 16)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + x.Through(Shortcut);
    }
}

/// <summary>Normalisation and ReLU before each convolution of 256 channels, and the identity.</summary>
[SparseModel]
public sealed partial class WideBlock256
{
    [BatchNorm2d(256)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn2 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }

    private Activation Forward([Input(256, 8, 8)] Activation image)
    {
        var x = image.Through(Bn1).Relu();
        return x.Through(Conv1).Through(Bn2).Relu().Through(Conv2) + image;
    }
}
