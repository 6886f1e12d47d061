namespace SparseSharp.Benchmarks.Models;

// One layer each: what the product benchmarks measure. The sparse ones have a static mask, so that the gradient of their weights is that of
// the kept ones alone.

[SparseModel]
internal sealed partial class Dense1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel]
internal sealed partial class Dense784x1024
{
    [Linear(784, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(Layer);
}

[SparseModel]
internal sealed partial class Dense4096x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel]
internal sealed partial class Dense768x3072
{
    [Linear(768, 3072, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(768)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class Transposable1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class Transposable784x1024
{
    [Linear(784, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class Transposable4096x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class Transposable768x3072
{
    [Linear(768, 3072, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(768)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 4, Policy = MaskPolicy.Static)]
internal sealed partial class RowWise1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(4, 8, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class FourOfEight1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMGradients(2, 4)]
internal sealed partial class TwoOfFourGradients1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class OneOfFour1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMGradients(1, 2)]
internal sealed partial class OneOfTwoGradients1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(2, 8, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class TwoOfEight1024x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}
