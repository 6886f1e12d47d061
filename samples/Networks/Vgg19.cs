using SparseSharp;

namespace Networks;

/// <summary>VGG-19 with normalisation, for images of 32 x 32 (Simonyan and Zisserman, 2015), and one linear layer behind.</summary>
[SparseModel]
public sealed partial class Vgg19
{
    [Conv2d(3, 64, Padding = 1), Dense] public partial Conv2d Conv1Layer1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1Layer1 { get; }
    [Conv2d(64, 64, Padding = 1)] public partial Conv2d Conv1Layer2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1Layer2 { get; }

    [Conv2d(64, 128, Padding = 1)] public partial Conv2d Conv2Layer1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2Layer1 { get; }
    [Conv2d(128, 128, Padding = 1)] public partial Conv2d Conv2Layer2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Bn2Layer2 { get; }

    [Conv2d(128, 256, Padding = 1)] public partial Conv2d Conv3Layer1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn3Layer1 { get; }
    [Conv2d(256, 256, Padding = 1)] public partial Conv2d Conv3Layer2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn3Layer2 { get; }
    [Conv2d(256, 256, Padding = 1)] public partial Conv2d Conv3Layer3 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn3Layer3 { get; }
    [Conv2d(256, 256, Padding = 1)] public partial Conv2d Conv3Layer4 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Bn3Layer4 { get; }

    [Conv2d(256, 512, Padding = 1)] public partial Conv2d Conv4Layer1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn4Layer1 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv4Layer2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn4Layer2 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv4Layer3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn4Layer3 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv4Layer4 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn4Layer4 { get; }

    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv5Layer1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn5Layer1 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv5Layer2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn5Layer2 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv5Layer3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn5Layer3 { get; }
    [Conv2d(512, 512, Padding = 1)] public partial Conv2d Conv5Layer4 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Bn5Layer4 { get; }

    [Linear(512, 10), Dense] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1Layer1).Through(Bn1Layer1).Relu().Through(Conv1Layer2).Through(Bn1Layer2).Relu().MaxPool(2);
        x = x.Through(Conv2Layer1).Through(Bn2Layer1).Relu().Through(Conv2Layer2).Through(Bn2Layer2).Relu().MaxPool(2);
        x = x.Through(Conv3Layer1).Through(Bn3Layer1).Relu().Through(Conv3Layer2).Through(Bn3Layer2).Relu()
            .Through(Conv3Layer3).Through(Bn3Layer3).Relu().Through(Conv3Layer4).Through(Bn3Layer4).Relu().MaxPool(2);
        x = x.Through(Conv4Layer1).Through(Bn4Layer1).Relu().Through(Conv4Layer2).Through(Bn4Layer2).Relu()
            .Through(Conv4Layer3).Through(Bn4Layer3).Relu().Through(Conv4Layer4).Through(Bn4Layer4).Relu().MaxPool(2);
        x = x.Through(Conv5Layer1).Through(Bn5Layer1).Relu().Through(Conv5Layer2).Through(Bn5Layer2).Relu()
            .Through(Conv5Layer3).Through(Bn5Layer3).Relu().Through(Conv5Layer4).Through(Bn5Layer4).Relu().MaxPool(2);
        return x.Through(Linear);
    }
}
