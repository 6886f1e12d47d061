using SparseSharp;

namespace Networks;

/// <summary>Two convolutions of 16 channels, and the identity.</summary>
[SparseModel]
public sealed partial class BasicBlock16
{
    [Conv2d(16, 16, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(16)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(16, 16, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(16)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(16, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}

/// <summary>Two convolutions from 16 to 32 channels, and a shortcut without weights.</summary>
[SparseModel]
public sealed partial class BasicBlock32Down
{
    [Conv2d(16, 32, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(32, 32, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(16, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image.Shortcut(32, 2)).Relu();
    }
}

/// <summary>Two convolutions of 32 channels, and the identity.</summary>
[SparseModel]
public sealed partial class BasicBlock32
{
    [Conv2d(32, 32, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(32, 32, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(32, 16, 16)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}

/// <summary>Two convolutions from 32 to 64 channels, and a shortcut without weights.</summary>
[SparseModel]
public sealed partial class BasicBlock64Down
{
    [Conv2d(32, 64, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(32, 16, 16)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image.Shortcut(64, 2)).Relu();
    }
}

/// <summary>Two convolutions of 64 channels, and the identity.</summary>
[SparseModel]
public sealed partial class BasicBlock64
{
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn2 { get; }

    private Activation Forward([Input(64, 8, 8)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().Through(Conv2).Through(Bn2);
        return (x + image).Relu();
    }
}
