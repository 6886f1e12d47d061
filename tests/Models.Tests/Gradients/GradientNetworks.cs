namespace SparseSharp.Models.Tests.Gradients;

/// <summary>Relu fused into a dense and a sparse layer and into the gradient kernels above them.</summary>
[SparseModel]
internal sealed partial class ReluChain
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(A).Relu().Through(B).Relu().Through(C);
}

/// <summary>Relu that no layer computes: of a sum, of a value that is used twice, and of the output.</summary>
[SparseModel]
internal sealed partial class ReluAlone
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(10, 12)]
    public partial Linear B { get; }

    [Linear(12, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var z = x.Through(A) + x.Through(B);
        var h = z.Relu() * 0.5f + z;
        return h.Through(C).Relu();
    }
}

/// <summary>Gelu fused into a dense and a sparse layer and into the gradient kernels above them.</summary>
[SparseModel]
internal sealed partial class GeluChain
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(A).Gelu().Through(B).Gelu().Through(C);
}

/// <summary>Gelu that no layer computes: of a sum, of a value that is used twice, and of the output.</summary>
[SparseModel]
internal sealed partial class GeluAlone
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(10, 12)]
    public partial Linear B { get; }

    [Linear(12, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var z = x.Through(A) + x.Through(B);
        var h = z.Gelu() * 0.5f + z;
        return h.Through(C).Gelu();
    }
}

/// <summary>Silu fused into a dense and a sparse layer and into the gradient kernels above them.</summary>
[SparseModel]
internal sealed partial class SiluChain
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(A).Silu().Through(B).Silu().Through(C);
}

/// <summary>Silu that no layer computes: of a sum, of a value that is used twice, and of the output.</summary>
[SparseModel]
internal sealed partial class SiluAlone
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(10, 12)]
    public partial Linear B { get; }

    [Linear(12, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var z = x.Through(A) + x.Through(B);
        var h = z.Silu() * 0.5f + z;
        return h.Through(C).Silu();
    }
}

/// <summary>Tanh fused into a dense and a sparse layer and into the gradient kernels above them.</summary>
[SparseModel]
internal sealed partial class TanhChain
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(A).Tanh().Through(B).Tanh().Through(C);
}

/// <summary>Tanh that no layer computes: of a sum, of a value that is used twice, and of the output.</summary>
[SparseModel]
internal sealed partial class TanhAlone
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(10, 12)]
    public partial Linear B { get; }

    [Linear(12, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var z = x.Through(A) + x.Through(B);
        var h = z.Tanh() * 0.5f + z;
        return h.Through(C).Tanh();
    }
}

/// <summary>Sigmoid fused into a dense and a sparse layer and into the gradient kernels above them.</summary>
[SparseModel]
internal sealed partial class SigmoidChain
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(12)] Activation x) => x.Through(A).Sigmoid().Through(B).Sigmoid().Through(C);
}

/// <summary>Sigmoid that no layer computes: of a sum, of a value that is used twice, and of the output.</summary>
[SparseModel]
internal sealed partial class SigmoidAlone
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(10, 12)]
    public partial Linear B { get; }

    [Linear(12, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var z = x.Through(A) + x.Through(B);
        var h = z.Sigmoid() * 0.5f + z;
        return h.Through(C).Sigmoid();
    }
}

/// <summary>A value that a layer and the sum after it use.</summary>
[SparseModel]
internal sealed partial class Residual
{
    [Linear(10, 16)]
    public partial Linear A { get; }

    [Linear(16, 16), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(16, 4)]
    public partial Linear C { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var h = x.Through(A).Relu();
        return (h + h.Through(B).Gelu()).Through(C);
    }
}

/// <summary>Sums of sums, and the gradient of each handed on without a copy.</summary>
[SparseModel]
internal sealed partial class ResidualTower
{
    [Linear(8, 16)]
    public partial Linear A { get; }

    [Linear(16, 16), NMSparse(4, 8, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(16, 16, Bias = false), NMSparse(4, 8, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear C { get; }

    [Linear(16, 3)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var h = x.Through(A);
        h = h + h.Through(B).Relu();
        h = h + h.Through(C).Relu();
        return h.Through(Head);
    }
}

/// <summary>The product of two branches from one input.</summary>
[SparseModel]
internal sealed partial class Gated
{
    [Linear(10, 12)]
    public partial Linear A { get; }

    [Linear(12, 12), NMSparse(1, 4, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(10, 12)]
    public partial Linear C { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(10)] Activation x)
    {
        var gate = x.Through(C).Sigmoid();
        return (x.Through(A).Tanh().Through(B) * gate).Through(Head);
    }
}

/// <summary>A value times itself and plus itself.</summary>
[SparseModel]
internal sealed partial class Squares
{
    [Linear(6, 12)]
    public partial Linear A { get; }

    [Linear(12, 4)]
    public partial Linear B { get; }

    private Activation Forward([Input(6)] Activation x)
    {
        var h = x.Through(A).Tanh();
        var twice = h + h;
        return (h * h + twice * twice).Through(B);
    }
}

/// <summary>Constants on either side of either operator.</summary>
[SparseModel]
internal sealed partial class Constants
{
    [Linear(6, 12)]
    public partial Linear A { get; }

    [Linear(12, 4)]
    public partial Linear B { get; }

    private Activation Forward([Input(6)] Activation x)
    {
        const float Shift = -0.25f;
        var h = 2 * x.Through(A) * 0.75f;
        return (Shift + (1.5f * h.Sigmoid() + 0.5f) * -1).Through(B);
    }
}

/// <summary>Differences of values that have other uses too, negatives and quotients.</summary>
[SparseModel]
internal sealed partial class Differences
{
    [Linear(6, 12)]
    public partial Linear A { get; }

    [Linear(12, 12), NMSparse(2, 4)]
    public partial Linear B { get; }

    [Linear(12, 4)]
    public partial Linear C { get; }

    private Activation Forward([Input(6)] Activation x)
    {
        var h = x.Through(A).Tanh();
        var g = h - h.Through(B).Gelu();
        g -= 0.5f;
        g = (1 - g.Sigmoid()) * (g - h) / 3 - -h;
        g /= 1.5f;
        return -(g - g * h).Through(C);
    }
}

/// <summary>Operations on the input itself, whose gradient nobody needs.</summary>
[SparseModel]
internal sealed partial class ScaledInput
{
    [Linear(8, 8)]
    public partial Linear A { get; }

    [Linear(8, 8), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(8, 3)]
    public partial Linear C { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var y = (x * 0.5f + 0.1f).Tanh();
        return (y * y.Through(A) + x * x.Through(B)).Through(C);
    }
}

/// <summary>A layer used twice in a row: its gradients add up.</summary>
[SparseModel]
internal sealed partial class SharedInARow
{
    [Linear(6, 12)]
    public partial Linear A { get; }

    [Linear(12, 12), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear S { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(6)] Activation x) => x.Through(A).Tanh().Through(S).Tanh().Through(S).Relu().Through(Head);
}

/// <summary>A layer with dense gradients used on two branches, and a third time after them.</summary>
[SparseModel]
internal sealed partial class SharedSideBySide
{
    [Linear(6, 12)]
    public partial Linear A { get; }

    [Linear(6, 12)]
    public partial Linear B { get; }

    [Linear(12, 12, Bias = false), NMSparse(2, 4, Transposable = true)]
    public partial Linear S { get; }

    private Activation Forward([Input(6)] Activation x)
    {
        var a = x.Through(A).Relu().Through(S);
        var b = x.Through(B).Relu().Through(S);
        return (a + b).Silu().Through(S);
    }
}

/// <summary>A value used three times, in three ways.</summary>
[SparseModel]
internal sealed partial class ThreeUses
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 12)]
    public partial Linear B { get; }

    [Linear(12, 12)]
    public partial Linear C { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var h = x.Through(A).Relu();
        return (h + h.Through(B).Tanh() * h.Through(C)).Through(Head);
    }
}

/// <summary>A value that feeds layers before and after it is used without one: contributions in every order.</summary>
[SparseModel]
internal sealed partial class LayersAndSum
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 12), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear B { get; }

    [Linear(12, 12)]
    public partial Linear C { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var h = x.Through(A).Gelu();
        var first = h.Through(B);
        var sum = h * 0.5f + first;
        return (sum * h + h.Through(C).Relu()).Through(Head);
    }
}

/// <summary>The output of a layer used as it is and through two activations.</summary>
[SparseModel]
internal sealed partial class PlainAndActivated
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 4)]
    public partial Linear B { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var z = x.Through(A);
        return (z + z.Relu() * z.Gelu()).Through(B);
    }
}

/// <summary>Activations of activations.</summary>
[SparseModel]
internal sealed partial class ActivatedTwice
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 4)]
    public partial Linear B { get; }

    private Activation Forward([Input(8)] Activation x) => x.Through(A).Silu().Tanh().Gelu().Relu().Through(B);
}

/// <summary>The gate of ReLU is the value itself, which is used on.</summary>
[SparseModel]
internal sealed partial class ReluOfSum
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(8, 12)]
    public partial Linear B { get; }

    [Linear(12, 12)]
    public partial Linear C { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var r = (x.Through(A) + x.Through(B)).Relu();
        return (r.Through(C).Relu() + r * 2).Through(Head);
    }
}

/// <summary>A gradient kernel may fuse the derivative of the activation below only as its last contribution.</summary>
[SparseModel]
internal sealed partial class FusedIntoShared
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 12)]
    public partial Linear B { get; }

    [Linear(12, 12)]
    public partial Linear C { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var z = x.Through(A) * 1.5f;
        var h = z.Gelu();
        return ((h.Through(B) + h.Through(C)) * z).Through(Head);
    }
}

/// <summary>Two layers whose output gradients are the model's.</summary>
[SparseModel]
internal sealed partial class OutputIsSum
{
    [Linear(8, 5)]
    public partial Linear A { get; }

    [Linear(8, 5)]
    public partial Linear B { get; }

    private Activation Forward([Input(8)] Activation x) => x.Through(A) + x.Through(B);
}

/// <summary>A layer's output and its activation, summed up to the model's.</summary>
[SparseModel]
internal sealed partial class OutputUsedTwice
{
    [Linear(8, 5)]
    public partial Linear A { get; }

    private Activation Forward([Input(8)] Activation x)
    {
        var z = x.Through(A);
        return z + z.Tanh();
    }
}

/// <summary>Layers without a bias, one of them on a shape that no tile divides.</summary>
[SparseModel]
internal sealed partial class NoBias
{
    [Linear(9, 10, Bias = false)]
    public partial Linear A { get; }

    [Linear(10, 6, Bias = false), NMSparse(1, 2, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(6, 3, Bias = false)]
    public partial Linear C { get; }

    private Activation Forward([Input(9)] Activation x) => x.Through(A).Tanh().Through(B).Silu().Through(C);
}

/// <summary>Dropout on the input, between layers, on a residual and of a value that is used elsewhere.</summary>
[SparseModel]
internal sealed partial class Dropped
{
    [Linear(12, 16)]
    public partial Linear A { get; }

    [Linear(16, 16), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear B { get; }

    [Linear(16, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(12)] Activation x)
    {
        var h = x.Dropout(0.2f).Through(A).Relu();
        var d = h.Dropout(0.5f);
        h = h + d.Through(B).Gelu().Dropout(0.25f);
        return (h.Dropout(0) * h).Through(Head);
    }
}

/// <summary>The innermost of three nested models.</summary>
[SparseModel]
internal sealed partial class InnerBlock
{
    [Linear(12, 24), NMSparse(2, 4, Transposable = true)]
    public partial Linear Up { get; }

    [Linear(24, 12), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Down { get; }

    private Activation Forward([Input(12)] Activation x)
    {
        return x + x.Through(Up).Gelu().Dropout(0.1f).Through(Down);
    }
}

/// <summary>A model with a nested one and a layer of its own.</summary>
[SparseModel]
internal sealed partial class MiddleBlock
{
    [Linear(12, 12)]
    public partial Linear Gate { get; }

    public partial InnerBlock Inner { get; }

    private Activation Forward([Input(12)] Activation x)
    {
        return x.Through(Inner) * x.Through(Gate).Sigmoid();
    }
}

/// <summary>Models two deep, one used twice.</summary>
[SparseModel]
internal sealed partial class NestedNet
{
    [Linear(7, 12)]
    public partial Linear Stem { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    public partial MiddleBlock First { get; }

    public partial MiddleBlock Second { get; }

    private Activation Forward([Input(7)] Activation x)
    {
        var h = x.Through(Stem).Tanh();
        h = h.Through(First).Through(Second);
        return (h + h.Through(First)).Through(Head);
    }
}

/// <summary>Soft-thresholded weights: the gradient is that of the weights in use.</summary>
[SparseModel]
internal sealed partial class Thresholded
{
    [Linear(8, 12)]
    public partial Linear A { get; }

    [Linear(12, 12), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear B { get; }

    [Linear(12, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(8)] Activation x) => x.Through(A).Tanh().Through(B).Silu().Through(Head);
}

/// <summary>Blocks before and behind all kinds of activations; one layer is used twice.</summary>
[SparseModel]
internal sealed partial class BlockGraph
{
    [Linear(32, 64), BlockSparse(BlockKind.Uniform, Rows = 8, Cols = 2, Sparsity = 0.5)]
    public partial Linear Stem { get; }

    [Linear(64, 64), BlockSparse(BlockKind.RBGP4, Sparsity = 0.5)]
    public partial Linear Product { get; }

    [Linear(64, 48), BlockSparse(BlockKind.Uniform, Sparsity = 0.75, Balanced = false)]
    public partial Linear Uniform { get; }

    [Linear(48, 64), BlockSparse(BlockKind.Learned)]
    public partial Linear Learned { get; }

    [Linear(64, 5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(32)] Activation x)
    {
        var h = x.Through(Stem).Relu();
        return (h + h.Through(Product).Gelu() + h.Through(Product).Through(Uniform).Relu().Through(Learned).Tanh()).Through(Head);
    }
}
