using SparseSharp;

namespace Networks;

/// <summary>
/// ResNet-50 for images of 224 x 224 (He et al., 2016), with strides in the convolutions of 3 x 3 (v1.5). Its first convolution and its
/// classifier are dense in all variants.
/// </summary>
[SparseModel]
public sealed partial class ResNet50
{
    [Conv2d(3, 64, Kernel = 7, Stride = 2, Padding = 3, Bias = false), Dense] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Bn1 { get; }

    [Conv2d(64, 64, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block0Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block0Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block0Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block0Bn2 { get; }
    [Conv2d(64, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block0Conv3 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer1Block0Bn3 { get; }
    [Conv2d(64, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block0Shortcut { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer1Block0ShortcutBn { get; }

    [Conv2d(256, 64, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block1Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block1Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block1Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block1Bn2 { get; }
    [Conv2d(64, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block1Conv3 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer1Block1Bn3 { get; }

    [Conv2d(256, 64, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block2Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block2Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block2Conv2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block2Bn2 { get; }
    [Conv2d(64, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer1Block2Conv3 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer1Block2Bn3 { get; }

    [Conv2d(256, 128, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block0Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block0Bn1 { get; }
    [Conv2d(128, 128, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Layer2Block0Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block0Bn2 { get; }
    [Conv2d(128, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block0Conv3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer2Block0Bn3 { get; }
    [Conv2d(256, 512, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Layer2Block0Shortcut { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer2Block0ShortcutBn { get; }

    [Conv2d(512, 128, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block1Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block1Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block1Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block1Bn2 { get; }
    [Conv2d(128, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block1Conv3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer2Block1Bn3 { get; }

    [Conv2d(512, 128, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block2Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block2Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block2Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block2Bn2 { get; }
    [Conv2d(128, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block2Conv3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer2Block2Bn3 { get; }

    [Conv2d(512, 128, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block3Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block3Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block3Conv2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block3Bn2 { get; }
    [Conv2d(128, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer2Block3Conv3 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer2Block3Bn3 { get; }

    [Conv2d(512, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block0Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block0Bn1 { get; }
    [Conv2d(256, 256, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Layer3Block0Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block0Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block0Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block0Bn3 { get; }
    [Conv2d(512, 1024, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Layer3Block0Shortcut { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block0ShortcutBn { get; }

    [Conv2d(1024, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block1Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block1Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block1Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block1Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block1Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block1Bn3 { get; }

    [Conv2d(1024, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block2Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block2Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block2Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block2Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block2Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block2Bn3 { get; }

    [Conv2d(1024, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block3Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block3Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block3Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block3Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block3Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block3Bn3 { get; }

    [Conv2d(1024, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block4Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block4Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block4Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block4Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block4Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block4Bn3 { get; }

    [Conv2d(1024, 256, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block5Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block5Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block5Conv2 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block5Bn2 { get; }
    [Conv2d(256, 1024, Kernel = 1, Bias = false)] public partial Conv2d Layer3Block5Conv3 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Layer3Block5Bn3 { get; }

    [Conv2d(1024, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block0Conv1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block0Bn1 { get; }
    [Conv2d(512, 512, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Layer4Block0Conv2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block0Bn2 { get; }
    [Conv2d(512, 2048, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block0Conv3 { get; }
    [BatchNorm2d(2048)] public partial BatchNorm2d Layer4Block0Bn3 { get; }
    [Conv2d(1024, 2048, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Layer4Block0Shortcut { get; }
    [BatchNorm2d(2048)] public partial BatchNorm2d Layer4Block0ShortcutBn { get; }

    [Conv2d(2048, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block1Conv1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block1Bn1 { get; }
    [Conv2d(512, 512, Padding = 1, Bias = false)] public partial Conv2d Layer4Block1Conv2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block1Bn2 { get; }
    [Conv2d(512, 2048, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block1Conv3 { get; }
    [BatchNorm2d(2048)] public partial BatchNorm2d Layer4Block1Bn3 { get; }

    [Conv2d(2048, 512, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block2Conv1 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block2Bn1 { get; }
    [Conv2d(512, 512, Padding = 1, Bias = false)] public partial Conv2d Layer4Block2Conv2 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Layer4Block2Bn2 { get; }
    [Conv2d(512, 2048, Kernel = 1, Bias = false)] public partial Conv2d Layer4Block2Conv3 { get; }
    [BatchNorm2d(2048)] public partial BatchNorm2d Layer4Block2Bn3 { get; }

    [Linear(2048, 1000), Dense] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 224, 224)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu().MaxPool(3, stride: 2, padding: 1);
        var y = x.Through(Layer1Block0Conv1).Through(Layer1Block0Bn1).Relu().Through(Layer1Block0Conv2).Through(Layer1Block0Bn2).Relu();
        y = y.Through(Layer1Block0Conv3).Through(Layer1Block0Bn3);
        x = (y + x.Through(Layer1Block0Shortcut).Through(Layer1Block0ShortcutBn)).Relu();
        y = x.Through(Layer1Block1Conv1).Through(Layer1Block1Bn1).Relu().Through(Layer1Block1Conv2).Through(Layer1Block1Bn2).Relu();
        y = y.Through(Layer1Block1Conv3).Through(Layer1Block1Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer1Block2Conv1).Through(Layer1Block2Bn1).Relu().Through(Layer1Block2Conv2).Through(Layer1Block2Bn2).Relu();
        y = y.Through(Layer1Block2Conv3).Through(Layer1Block2Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer2Block0Conv1).Through(Layer2Block0Bn1).Relu().Through(Layer2Block0Conv2).Through(Layer2Block0Bn2).Relu();
        y = y.Through(Layer2Block0Conv3).Through(Layer2Block0Bn3);
        x = (y + x.Through(Layer2Block0Shortcut).Through(Layer2Block0ShortcutBn)).Relu();
        y = x.Through(Layer2Block1Conv1).Through(Layer2Block1Bn1).Relu().Through(Layer2Block1Conv2).Through(Layer2Block1Bn2).Relu();
        y = y.Through(Layer2Block1Conv3).Through(Layer2Block1Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer2Block2Conv1).Through(Layer2Block2Bn1).Relu().Through(Layer2Block2Conv2).Through(Layer2Block2Bn2).Relu();
        y = y.Through(Layer2Block2Conv3).Through(Layer2Block2Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer2Block3Conv1).Through(Layer2Block3Bn1).Relu().Through(Layer2Block3Conv2).Through(Layer2Block3Bn2).Relu();
        y = y.Through(Layer2Block3Conv3).Through(Layer2Block3Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer3Block0Conv1).Through(Layer3Block0Bn1).Relu().Through(Layer3Block0Conv2).Through(Layer3Block0Bn2).Relu();
        y = y.Through(Layer3Block0Conv3).Through(Layer3Block0Bn3);
        x = (y + x.Through(Layer3Block0Shortcut).Through(Layer3Block0ShortcutBn)).Relu();
        y = x.Through(Layer3Block1Conv1).Through(Layer3Block1Bn1).Relu().Through(Layer3Block1Conv2).Through(Layer3Block1Bn2).Relu();
        y = y.Through(Layer3Block1Conv3).Through(Layer3Block1Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer3Block2Conv1).Through(Layer3Block2Bn1).Relu().Through(Layer3Block2Conv2).Through(Layer3Block2Bn2).Relu();
        y = y.Through(Layer3Block2Conv3).Through(Layer3Block2Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer3Block3Conv1).Through(Layer3Block3Bn1).Relu().Through(Layer3Block3Conv2).Through(Layer3Block3Bn2).Relu();
        y = y.Through(Layer3Block3Conv3).Through(Layer3Block3Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer3Block4Conv1).Through(Layer3Block4Bn1).Relu().Through(Layer3Block4Conv2).Through(Layer3Block4Bn2).Relu();
        y = y.Through(Layer3Block4Conv3).Through(Layer3Block4Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer3Block5Conv1).Through(Layer3Block5Bn1).Relu().Through(Layer3Block5Conv2).Through(Layer3Block5Bn2).Relu();
        y = y.Through(Layer3Block5Conv3).Through(Layer3Block5Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer4Block0Conv1).Through(Layer4Block0Bn1).Relu().Through(Layer4Block0Conv2).Through(Layer4Block0Bn2).Relu();
        y = y.Through(Layer4Block0Conv3).Through(Layer4Block0Bn3);
        x = (y + x.Through(Layer4Block0Shortcut).Through(Layer4Block0ShortcutBn)).Relu();
        y = x.Through(Layer4Block1Conv1).Through(Layer4Block1Bn1).Relu().Through(Layer4Block1Conv2).Through(Layer4Block1Bn2).Relu();
        y = y.Through(Layer4Block1Conv3).Through(Layer4Block1Bn3);
        x = (y + x).Relu();
        y = x.Through(Layer4Block2Conv1).Through(Layer4Block2Bn1).Relu().Through(Layer4Block2Conv2).Through(Layer4Block2Bn2).Relu();
        y = y.Through(Layer4Block2Conv3).Through(Layer4Block2Bn3);
        x = (y + x).Relu();
        return x.GlobalAveragePool().Through(Linear);
    }
}

/// <summary>Two of every four input channels of a tap are kept, in rows and in columns; the mask is found once.</summary>
[SparseModel(VariantOf = typeof(ResNet50)), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
public sealed partial class FixedResNet50;

/// <summary>A quarter of the weights is kept, in blocks that a product of graphs places.</summary>
[SparseModel(VariantOf = typeof(ResNet50)), BlockSparse(RBGP4, Sparsity = 0.75)]
public sealed partial class Product75ResNet50;

/// <summary>An eighth of the weights is kept, in blocks that a product of graphs places.</summary>
[SparseModel(VariantOf = typeof(ResNet50)), BlockSparse(RBGP4, Sparsity = 0.875)]
public sealed partial class Product87ResNet50
{
    // At 87.5 % its blocks would have two columns, which is slower.
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer1Block0Conv1 { get; }
}
