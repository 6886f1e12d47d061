using SparseSharp;

namespace Networks;

/// <summary>
/// WRN-16-4 for images of 32 x 32 (Zagoruyko and Komodakis, 2016): pre-activation blocks, four times as wide as those of a ResNet. Its
/// first convolutions and its classifier are dense in all variants, because they hold few weights and much of the accuracy.
/// </summary>
[SparseModel]
public sealed partial class WideResNet16x4
{
    [Conv2d(3, 16, Padding = 1, Bias = false), Dense] public partial Conv2d Conv1 { get; }

    [BatchNorm2d(16)] public partial BatchNorm2d Layer1Block0Bn1 { get; }
    [Conv2d(16, 64, Padding = 1, Bias = false), Dense] public partial Conv2d Layer1Block0Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block0Bn2 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block0Conv2 { get; }
    [Conv2d(16, 64, Kernel = 1, Bias = false), Dense] public partial Conv2d Layer1Block0Shortcut { get; }

    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block1Bn1 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block1Conv1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Layer1Block1Bn2 { get; }
    [Conv2d(64, 64, Padding = 1, Bias = false)] public partial Conv2d Layer1Block1Conv2 { get; }

    [BatchNorm2d(64)] public partial BatchNorm2d Layer2Block0Bn1 { get; }
    [Conv2d(64, 128, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Layer2Block0Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block0Bn2 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block0Conv2 { get; }
    [Conv2d(64, 128, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Layer2Block0Shortcut { get; }

    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block1Bn1 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block1Conv1 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Layer2Block1Bn2 { get; }
    [Conv2d(128, 128, Padding = 1, Bias = false)] public partial Conv2d Layer2Block1Conv2 { get; }

    [BatchNorm2d(128)] public partial BatchNorm2d Layer3Block0Bn1 { get; }
    [Conv2d(128, 256, Stride = 2, Padding = 1, Bias = false)] public partial Conv2d Layer3Block0Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block0Bn2 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block0Conv2 { get; }
    [Conv2d(128, 256, Kernel = 1, Stride = 2, Bias = false)] public partial Conv2d Layer3Block0Shortcut { get; }

    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block1Bn1 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block1Conv1 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Layer3Block1Bn2 { get; }
    [Conv2d(256, 256, Padding = 1, Bias = false)] public partial Conv2d Layer3Block1Conv2 { get; }

    [BatchNorm2d(256)] public partial BatchNorm2d Bn1 { get; }
    [Linear(256, 10), Dense] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1);
        var a = x.Through(Layer1Block0Bn1).Relu();
        x = a.Through(Layer1Block0Conv1).Through(Layer1Block0Bn2).Relu().Through(Layer1Block0Conv2) + a.Through(Layer1Block0Shortcut);
        a = x.Through(Layer1Block1Bn1).Relu();
        x = a.Through(Layer1Block1Conv1).Through(Layer1Block1Bn2).Relu().Through(Layer1Block1Conv2) + x;
        a = x.Through(Layer2Block0Bn1).Relu();
        x = a.Through(Layer2Block0Conv1).Through(Layer2Block0Bn2).Relu().Through(Layer2Block0Conv2) + a.Through(Layer2Block0Shortcut);
        a = x.Through(Layer2Block1Bn1).Relu();
        x = a.Through(Layer2Block1Conv1).Through(Layer2Block1Bn2).Relu().Through(Layer2Block1Conv2) + x;
        a = x.Through(Layer3Block0Bn1).Relu();
        x = a.Through(Layer3Block0Conv1).Through(Layer3Block0Bn2).Relu().Through(Layer3Block0Conv2) + a.Through(Layer3Block0Shortcut);
        a = x.Through(Layer3Block1Bn1).Relu();
        x = a.Through(Layer3Block1Conv1).Through(Layer3Block1Bn2).Relu().Through(Layer3Block1Conv2) + x;
        return x.Through(Bn1).Relu().GlobalAveragePool().Through(Linear);
    }
}

/// <summary>Two of every four input channels of a tap are kept, in rows and in columns; the mask is found once.</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
public sealed partial class FixedWideResNet16x4;

/// <summary>Two of every four input channels of a tap are kept; masked weights learn, and the mask follows them (SR-STE).</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), NMSparse(2, 4, Policy = MaskPolicy.SrSte)]
public sealed partial class LearnedWideResNet16x4;

/// <summary>A quarter of the blocks of 4 x 4 is kept, the largest of the initial weights.</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), BlockSparse(Uniform, Sparsity = 0.75)]
public sealed partial class BlockWideResNet16x4;

/// <summary>A quarter of the weights is kept, in blocks that a product of graphs places.</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), BlockSparse(RBGP4, Sparsity = 0.75)]
public sealed partial class Product75WideResNet16x4;

/// <summary>An eighth of the weights is kept, in blocks that a product of graphs places.</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), BlockSparse(RBGP4, Sparsity = 0.875)]
public sealed partial class Product87WideResNet16x4;

/// <summary>Thresholds are learned, and masked weights learn less and less (AutoSparse).</summary>
[SparseModel(VariantOf = typeof(WideResNet16x4)), GradientAnneal]
public sealed partial class AnnealedWideResNet16x4;
