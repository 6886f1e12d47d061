namespace SparseSharp.Benchmarks.Models;

// One layer each: blocks, and at equal sparsity weights without structure. Rows that keep 1 of 4, 8 or 16 weights run on the kernel for any
// mask.

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.75)]
internal sealed partial class Product75x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(Uniform, Sparsity = 0.75)]
internal sealed partial class Uniform75x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 4, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf4x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.875)]
internal sealed partial class Product87x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(Uniform, Sparsity = 0.875)]
internal sealed partial class Uniform87x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(Uniform, Rows = 32, Cols = 32, Sparsity = 0.875)]
internal sealed partial class Large87x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 8, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf8x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.9375)]
internal sealed partial class Product93x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(Uniform, Sparsity = 0.9375)]
internal sealed partial class Uniform93x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 16, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf16x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.75)]
internal sealed partial class Product75x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 4, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf4x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.875)]
internal sealed partial class Product87x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(Uniform, Sparsity = 0.875)]
internal sealed partial class Uniform87x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 8, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf8x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, BlockSparse(RBGP4, Sparsity = 0.9375)]
internal sealed partial class Product93x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}

[SparseModel, NMSparse(1, 16, Policy = MaskPolicy.Static)]
internal sealed partial class OneOf16x4096
{
    [Linear(4096, 4096, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(4096)] Activation x) => x.Through(Layer);
}
