using SparseSharp;

namespace Networks;

/// <summary>AlexNet for images of 224 x 224 (Krizhevsky, 2014), as torchvision has it.</summary>
[SparseModel]
public sealed partial class AlexNet
{
    [Conv2d(3, 64, Kernel = 11, Stride = 4, Padding = 2)] public partial Conv2d Conv1 { get; }
    [Conv2d(64, 192, Kernel = 5, Padding = 2)] public partial Conv2d Conv2 { get; }
    [Conv2d(192, 384, Padding = 1)] public partial Conv2d Conv3 { get; }
    [Conv2d(384, 256, Padding = 1)] public partial Conv2d Conv4 { get; }
    [Conv2d(256, 256, Padding = 1)] public partial Conv2d Conv5 { get; }

    [Linear(9216, 4096)] public partial Linear Hidden1 { get; }
    [Linear(4096, 4096)] public partial Linear Hidden2 { get; }
    [Linear(4096, 1000)] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 224, 224)] Activation image)
    {
        var x = image.Through(Conv1).Relu().MaxPool(3, stride: 2).Through(Conv2).Relu().MaxPool(3, stride: 2);
        x = x.Through(Conv3).Relu().Through(Conv4).Relu().Through(Conv5).Relu().MaxPool(3, stride: 2);
        x = x.Dropout(0.5).Through(Hidden1).Relu().Dropout(0.5).Through(Hidden2).Relu();
        return x.Through(Linear);
    }
}
