namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>A mask that is a product of graphs on both large layers.</summary>
[SparseModel, BlockSparse(RBGP4, Sparsity = 0.75)]
internal sealed partial class GraphDigits
{
    [Linear(784, 128)]
    public partial Linear Stem { get; }

    [Linear(128, 64), BlockSparse(RBGP4, Sparsity = 0.5, Seed = 3, Base = BaseGraph.Shift)]
    public partial Linear Mixer { get; }

    [Linear(64, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Gelu().Through(Head);
}
