namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Convolutions whose inputs are pruned along the channels.</summary>
[SparseModel]
public sealed partial class PrunedChannels
{
    [Conv2d(3, 8, Padding = 1), NMActivations(1, 3)]
    public partial Conv2d Stem { get; }

    [Conv2d(8, 8, Stride = 2, Padding = 1, Groups = 2), NMActivations(2, 4)]
    public partial Conv2d Body { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 6, 7)] Activation image)
    {
        var x = image.Through(Stem).Tanh();
        return (x.Subsample(2) + x.Through(Body)).Tanh().GlobalAveragePool().Through(Head);
    }
}

/// <summary>A convolution whose weight gradient is computed from a part of that of its output; the sum needs the whole one.</summary>
[SparseModel]
public sealed partial class DrawnImages
{
    [Conv2d(3, 8, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(8, 8, Padding = 1), NMGradients(2, 4)]
    public partial Conv2d Body { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 6, 5)] Activation image)
    {
        var x = image.Through(Stem).Relu();
        return (x + x.Through(Body)).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>The same with the whole gradient.</summary>
[SparseModel]
public sealed partial class UndrawnImages
{
    [Conv2d(3, 8, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Conv2d(8, 8, Padding = 1)]
    public partial Conv2d Body { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 6, 5)] Activation image)
    {
        var x = image.Through(Stem).Relu();
        return (x + x.Through(Body)).Relu().GlobalAveragePool().Through(Head);
    }
}

/// <summary>A convolution whose weight gradient sees the largest pixels of the input alone.</summary>
[SparseModel]
public sealed partial class PrunedPixels
{
    [Conv2d(2, 3, Padding = 1), NMActivations(1, 2, Along = PruneAlong.Batch)]
    public partial Conv2d Body { get; }

    private Activation Forward([Input(2, 5, 3)] Activation image) => image.Through(Body);
}

/// <summary>The same with all pixels.</summary>
[SparseModel]
public sealed partial class UnprunedPixels
{
    [Conv2d(2, 3, Padding = 1)]
    public partial Conv2d Body { get; }

    private Activation Forward([Input(2, 5, 3)] Activation image) => image.Through(Body);
}
