namespace SparseSharp.Models.Tests.Classifiers;

/// <summary>More features than rows of the transform, and a layer that is used twice.</summary>
[SparseModel]
public sealed partial class FixedVectors
{
    [Linear(16, 24), NMSparse(2, 4)]
    public partial Linear Stem { get; }

    [FixedClassifier(24, 24)]
    public partial FixedClassifier Twice { get; }

    [FixedClassifier(24, 24, Random = true)]
    public partial FixedClassifier Orthonormal { get; }

    [FixedClassifier(24, 6)]
    public partial FixedClassifier Head { get; }

    [FixedClassifier(24, 6, Random = true)]
    public partial FixedClassifier Other { get; }

    private Activation Forward([Input(16)] Activation x)
    {
        var h = x.Through(Stem).Tanh();
        h = h + h.Through(Twice).Gelu().Through(Twice) + h.Through(Orthonormal);
        return h.Through(Head) * 2 + h.Relu().Through(Other);
    }
}

/// <summary>Fewer features than rows of the transform, behind images.</summary>
[SparseModel]
public sealed partial class FixedImages
{
    [Conv2d(3, 6, Padding = 1)]
    public partial Conv2d Stem { get; }

    [FixedClassifier(6, 7)]
    public partial FixedClassifier Head { get; }

    private Activation Forward([Input(3, 5, 4)] Activation image) => image.Through(Stem).Relu().GlobalAveragePool().Through(Head);
}

/// <summary>The example of the specification; the gradient of the bias is that of the classifier's input.</summary>
[SparseModel]
public sealed partial class FixedGolden
{
    [Linear(6, 6)]
    public partial Linear Stem { get; }

    [FixedClassifier(6, 5)]
    public partial FixedClassifier Head { get; }

    private Activation Forward([Input(6)] Activation x) => x.Through(Stem).Through(Head);
}
