using SparseSharp;

namespace Networks;

/// <summary>
/// MobileNetV1 for images of 224 x 224 (Howard et al., 2017): a convolution per channel and one of 1 x 1 across them, thirteen times. Only
/// those across channels are sparse in variants: they have nearly all weights.
/// </summary>
[SparseModel]
public sealed partial class MobileNet
{
    [Conv2d(3, 32, Stride = 2, Padding = 1, Bias = false), Dense] public partial Conv2d Stem { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d StemBn { get; }

    [Conv2d(32, 32, Padding = 1, Groups = 32, Bias = false), Dense] public partial Conv2d Depth1 { get; }
    [BatchNorm2d(32)] public partial BatchNorm2d Depth1Bn { get; }
    [Conv2d(32, 64, Kernel = 1, Bias = false)] public partial Conv2d Point1 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Point1Bn { get; }

    [Conv2d(64, 64, Stride = 2, Padding = 1, Groups = 64, Bias = false), Dense] public partial Conv2d Depth2 { get; }
    [BatchNorm2d(64)] public partial BatchNorm2d Depth2Bn { get; }
    [Conv2d(64, 128, Kernel = 1, Bias = false)] public partial Conv2d Point2 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Point2Bn { get; }

    [Conv2d(128, 128, Padding = 1, Groups = 128, Bias = false), Dense] public partial Conv2d Depth3 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Depth3Bn { get; }
    [Conv2d(128, 128, Kernel = 1, Bias = false)] public partial Conv2d Point3 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Point3Bn { get; }

    [Conv2d(128, 128, Stride = 2, Padding = 1, Groups = 128, Bias = false), Dense] public partial Conv2d Depth4 { get; }
    [BatchNorm2d(128)] public partial BatchNorm2d Depth4Bn { get; }
    [Conv2d(128, 256, Kernel = 1, Bias = false)] public partial Conv2d Point4 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Point4Bn { get; }

    [Conv2d(256, 256, Padding = 1, Groups = 256, Bias = false), Dense] public partial Conv2d Depth5 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Depth5Bn { get; }
    [Conv2d(256, 256, Kernel = 1, Bias = false)] public partial Conv2d Point5 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Point5Bn { get; }

    [Conv2d(256, 256, Stride = 2, Padding = 1, Groups = 256, Bias = false), Dense] public partial Conv2d Depth6 { get; }
    [BatchNorm2d(256)] public partial BatchNorm2d Depth6Bn { get; }
    [Conv2d(256, 512, Kernel = 1, Bias = false)] public partial Conv2d Point6 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point6Bn { get; }

    [Conv2d(512, 512, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth7 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth7Bn { get; }
    [Conv2d(512, 512, Kernel = 1, Bias = false)] public partial Conv2d Point7 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point7Bn { get; }

    [Conv2d(512, 512, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth8 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth8Bn { get; }
    [Conv2d(512, 512, Kernel = 1, Bias = false)] public partial Conv2d Point8 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point8Bn { get; }

    [Conv2d(512, 512, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth9 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth9Bn { get; }
    [Conv2d(512, 512, Kernel = 1, Bias = false)] public partial Conv2d Point9 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point9Bn { get; }

    [Conv2d(512, 512, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth10 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth10Bn { get; }
    [Conv2d(512, 512, Kernel = 1, Bias = false)] public partial Conv2d Point10 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point10Bn { get; }

    [Conv2d(512, 512, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth11 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth11Bn { get; }
    [Conv2d(512, 512, Kernel = 1, Bias = false)] public partial Conv2d Point11 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Point11Bn { get; }

    [Conv2d(512, 512, Stride = 2, Padding = 1, Groups = 512, Bias = false), Dense] public partial Conv2d Depth12 { get; }
    [BatchNorm2d(512)] public partial BatchNorm2d Depth12Bn { get; }
    [Conv2d(512, 1024, Kernel = 1, Bias = false)] public partial Conv2d Point12 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Point12Bn { get; }

    [Conv2d(1024, 1024, Padding = 1, Groups = 1024, Bias = false), Dense] public partial Conv2d Depth13 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Depth13Bn { get; }
    [Conv2d(1024, 1024, Kernel = 1, Bias = false)] public partial Conv2d Point13 { get; }
    [BatchNorm2d(1024)] public partial BatchNorm2d Point13Bn { get; }

    [Linear(1024, 1000), Dense] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 224, 224)] Activation image)
    {
        var x = image.Through(Stem).Through(StemBn).Relu();
        x = x.Through(Depth1).Through(Depth1Bn).Relu().Through(Point1).Through(Point1Bn).Relu();
        x = x.Through(Depth2).Through(Depth2Bn).Relu().Through(Point2).Through(Point2Bn).Relu();
        x = x.Through(Depth3).Through(Depth3Bn).Relu().Through(Point3).Through(Point3Bn).Relu();
        x = x.Through(Depth4).Through(Depth4Bn).Relu().Through(Point4).Through(Point4Bn).Relu();
        x = x.Through(Depth5).Through(Depth5Bn).Relu().Through(Point5).Through(Point5Bn).Relu();
        x = x.Through(Depth6).Through(Depth6Bn).Relu().Through(Point6).Through(Point6Bn).Relu();
        x = x.Through(Depth7).Through(Depth7Bn).Relu().Through(Point7).Through(Point7Bn).Relu();
        x = x.Through(Depth8).Through(Depth8Bn).Relu().Through(Point8).Through(Point8Bn).Relu();
        x = x.Through(Depth9).Through(Depth9Bn).Relu().Through(Point9).Through(Point9Bn).Relu();
        x = x.Through(Depth10).Through(Depth10Bn).Relu().Through(Point10).Through(Point10Bn).Relu();
        x = x.Through(Depth11).Through(Depth11Bn).Relu().Through(Point11).Through(Point11Bn).Relu();
        x = x.Through(Depth12).Through(Depth12Bn).Relu().Through(Point12).Through(Point12Bn).Relu();
        x = x.Through(Depth13).Through(Depth13Bn).Relu().Through(Point13).Through(Point13Bn).Relu();
        return x.GlobalAveragePool().Through(Linear);
    }
}

/// <summary>A quarter of the weights is kept, in blocks that a product of graphs places.</summary>
[SparseModel(VariantOf = typeof(MobileNet)), BlockSparse(RBGP4, Sparsity = 0.75)]
public sealed partial class ProductMobileNet;
