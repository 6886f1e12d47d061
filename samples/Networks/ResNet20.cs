using SparseSharp;

namespace Networks;

/// <summary>
/// ResNet-20 for images of 32 x 32 (He et al., 2016): 19 convolutions of 3 x 3 in three stages, shortcuts without weights. Its first
/// convolution and its classifier are dense in all variants, because they hold few weights and much of the accuracy.
/// </summary>
[SparseModel]
public sealed partial class ResNet20
{
    [Conv2d(3, 16, Padding = 1, Bias = false), Dense]
    public partial Conv2d Conv1 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Bn1 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block0Conv1 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block0Bn1 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block0Conv2 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block0Bn2 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block1Conv1 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block1Bn1 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block1Conv2 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block1Bn2 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block2Conv1 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block2Bn1 { get; }

    [Conv2d(16, 16, Padding = 1, Bias = false)]
    public partial Conv2d Layer1Block2Conv2 { get; }

    [BatchNorm2d(16)]
    public partial BatchNorm2d Layer1Block2Bn2 { get; }

    [Conv2d(16, 32, Stride = 2, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block0Conv1 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block0Bn1 { get; }

    [Conv2d(32, 32, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block0Conv2 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block0Bn2 { get; }

    [Conv2d(32, 32, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block1Conv1 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block1Bn1 { get; }

    [Conv2d(32, 32, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block1Conv2 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block1Bn2 { get; }

    [Conv2d(32, 32, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block2Conv1 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block2Bn1 { get; }

    [Conv2d(32, 32, Padding = 1, Bias = false)]
    public partial Conv2d Layer2Block2Conv2 { get; }

    [BatchNorm2d(32)]
    public partial BatchNorm2d Layer2Block2Bn2 { get; }

    [Conv2d(32, 64, Stride = 2, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block0Conv1 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block0Bn1 { get; }

    [Conv2d(64, 64, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block0Conv2 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block0Bn2 { get; }

    [Conv2d(64, 64, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block1Conv1 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block1Bn1 { get; }

    [Conv2d(64, 64, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block1Conv2 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block1Bn2 { get; }

    [Conv2d(64, 64, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block2Conv1 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block2Bn1 { get; }

    [Conv2d(64, 64, Padding = 1, Bias = false)]
    public partial Conv2d Layer3Block2Conv2 { get; }

    [BatchNorm2d(64)]
    public partial BatchNorm2d Layer3Block2Bn2 { get; }

    [Linear(64, 10), Dense]
    public partial Linear Linear { get; }

    private Activation Forward([Input(3, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu();
        x = (x.Through(Layer1Block0Conv1).Through(Layer1Block0Bn1).Relu().Through(Layer1Block0Conv2).Through(Layer1Block0Bn2) + x).Relu();
        x = (x.Through(Layer1Block1Conv1).Through(Layer1Block1Bn1).Relu().Through(Layer1Block1Conv2).Through(Layer1Block1Bn2) + x).Relu();
        x = (x.Through(Layer1Block2Conv1).Through(Layer1Block2Bn1).Relu().Through(Layer1Block2Conv2).Through(Layer1Block2Bn2) + x).Relu();
        x = (x.Through(Layer2Block0Conv1).Through(Layer2Block0Bn1).Relu().Through(Layer2Block0Conv2).Through(Layer2Block0Bn2)
            + x.Shortcut(32, 2)).Relu();
        x = (x.Through(Layer2Block1Conv1).Through(Layer2Block1Bn1).Relu().Through(Layer2Block1Conv2).Through(Layer2Block1Bn2) + x).Relu();
        x = (x.Through(Layer2Block2Conv1).Through(Layer2Block2Bn1).Relu().Through(Layer2Block2Conv2).Through(Layer2Block2Bn2) + x).Relu();
        x = (x.Through(Layer3Block0Conv1).Through(Layer3Block0Bn1).Relu().Through(Layer3Block0Conv2).Through(Layer3Block0Bn2)
            + x.Shortcut(64, 2)).Relu();
        x = (x.Through(Layer3Block1Conv1).Through(Layer3Block1Bn1).Relu().Through(Layer3Block1Conv2).Through(Layer3Block1Bn2) + x).Relu();
        x = (x.Through(Layer3Block2Conv1).Through(Layer3Block2Bn1).Relu().Through(Layer3Block2Conv2).Through(Layer3Block2Bn2) + x).Relu();
        return x.GlobalAveragePool().Through(Linear);
    }
}

/// <summary>Two of every four input channels of a tap are kept, in rows and in columns; the mask is found once.</summary>
[SparseModel(VariantOf = typeof(ResNet20)), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
public sealed partial class FixedResNet20;

/// <summary>Two of every four input channels of a tap are kept; masked weights learn, and the mask follows them (SR-STE).</summary>
[SparseModel(VariantOf = typeof(ResNet20)), NMSparse(2, 4, Policy = MaskPolicy.SrSte)]
public sealed partial class LearnedResNet20;

/// <summary>A quarter of the blocks of 4 x 4 is kept, the largest of the initial weights.</summary>
[SparseModel(VariantOf = typeof(ResNet20)), BlockSparse(Uniform, Sparsity = 0.75)]
public sealed partial class BlockResNet20;

/// <summary>
/// A quarter of the weights is kept, in blocks that a product of graphs places; half of them where 16 channels allow no more.
/// </summary>
[SparseModel(VariantOf = typeof(ResNet20)), BlockSparse(RBGP4, Sparsity = 0.5)]
public sealed partial class ProductResNet20
{
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block0Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block0Conv2 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block1Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block1Conv2 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block2Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer2Block2Conv2 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block0Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block0Conv2 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block1Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block1Conv2 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block2Conv1 { get; }
    [BlockSparse(RBGP4, Sparsity = 0.75)] public partial Conv2d Layer3Block2Conv2 { get; }
}

/// <summary>Thresholds are learned, and masked weights learn less and less (AutoSparse).</summary>
[SparseModel(VariantOf = typeof(ResNet20)), GradientAnneal]
public sealed partial class AnnealedResNet20;

/// <summary>The fifth of the weights that is largest is kept, wherever it is.</summary>
[SparseModel(VariantOf = typeof(ResNet20)), GradientAnneal(TopK = 0.2)]
public sealed partial class UnstructuredResNet20;
