using static SparseSharp.BlockKind;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>A residual sum, a stride, and an odd size.</summary>
[SparseModel]
public sealed partial class ResidualImages
{
    [Conv2d(3, 8, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(8, 8, Padding = 1, Bias = false)]
    public partial Conv2d Body { get; }

    [Conv2d(8, 16, Stride = 2, Padding = 1)]
    public partial Conv2d Down { get; }

    [Linear(16, 5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 9, 9)] Activation image)
    {
        var x = image.Through(Stem).Relu();
        x = (x + x.Through(Body)).Relu();
        return x.Through(Down).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>Kernels that are not square, dilation, paddings per side, groups, depthwise, and a head on all pixels.</summary>
[SparseModel]
public sealed partial class UnusualImages
{
    [Conv2d(2, 6, KernelHeight = 1, KernelWidth = 5, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 2, PaddingRight = 1)]
    public partial Conv2d Wide { get; }

    [Conv2d(6, 6, Dilation = 2, Padding = 2, Groups = 6)]
    public partial Conv2d Depthwise { get; }

    [Conv2d(6, 9, Kernel = 1, Stride = 2, Groups = 3)]
    public partial Conv2d Grouped { get; }

    [Conv2d(9, 4, Kernel = 2, StrideHeight = 1, StrideWidth = 3, Same = SamePadding.Upper)]
    public partial Conv2d Same { get; }

    [Linear(32, 3)]
    public partial Linear Head { get; }

    private Activation Forward([Input(2, 7, 8)] Activation image)
    {
        var x = (image * 0.5).Through(Wide).Tanh();
        x = x.Through(Depthwise).Sigmoid();
        x = x.Through(Grouped);
        return (x * x).Through(Same).Silu().Flatten().Through(Head);
    }
}

/// <summary>A layer that is used twice, and a nested model with convolutions.</summary>
[SparseModel]
public sealed partial class SharedImages
{
    [Conv2d(4, 4, Padding = 1)]
    public partial Conv2d Twice { get; }

    public partial ImageBlock Block { get; }

    [Linear(4, 3)]
    public partial Linear Head { get; }

    private Activation Forward([Input(4, 5, 4)] Activation image)
    {
        var x = image.Through(Twice).Relu().Through(Twice);
        return x.Through(Block).GlobalAveragePool().Through(Head);
    }
}

/// <summary>Its output is an image.</summary>
[SparseModel]
public sealed partial class ImageBlock
{
    [Conv2d(4, 4, Kernel = 5, Padding = 2)]
    public partial Conv2d First { get; }

    private Activation Forward([Input(4, 5, 4)] Activation image) => image + image.Through(First).Relu();
}

/// <summary>Masks that stay as they are: only kept weights exist.</summary>
[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
public sealed partial class StaticImages
{
    [Conv2d(4, 16, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(16, 16, Padding = 1), NMSparse(1, 4, Policy = MaskPolicy.Static)]
    public partial Conv2d RowWise { get; }

    [Linear(16, 4), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(4, 6, 6)] Activation image) =>
        image.Through(Stem).Relu().Through(RowWise).Relu().GlobalAveragePool().Through(Head);
}

/// <summary>A pattern of each kind.</summary>
[SparseModel]
public sealed partial class SparseImages
{
    [Conv2d(4, 16, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(16, 16, Padding = 1), NMSparse(2, 4, Transposable = true)]
    public partial Conv2d Transposable { get; }

    [Conv2d(16, 16, Padding = 1), NMSparse(1, 4)]
    public partial Conv2d RowWise { get; }

    [Conv2d(16, 32, Stride = 2, Padding = 1), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Conv2d Master { get; }

    [Conv2d(32, 32, Kernel = 1), BlockSparse(Uniform, Sparsity = 0.5)]
    public partial Conv2d Blocks { get; }

    [Conv2d(32, 32, Padding = 1), BlockSparse(RBGP4, Sparsity = 0.5)]
    public partial Conv2d Graphs { get; }

    [Linear(32, 4), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(4, 6, 6)] Activation image)
    {
        var x = image.Through(Stem).Tanh().Through(Transposable).Tanh().Through(RowWise).Tanh();
        x = x.Through(Master).Tanh().Through(Blocks).Tanh();
        return x.Through(Graphs).Tanh().GlobalAveragePool().Through(Head);
    }
}
