using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>What kernels are compiled for, as people read it.</summary>
public sealed class KernelEmitterTests
{
    [Theory]
    [InlineData("PairKernel", "NMSparse(2, 4, Transposable = true)")]
    [InlineData("PairAndSingleKernel", "NMSparse(4, 8, Transposable = true)")]
    [InlineData("SingleKernel", "NMSparse(1, 4, Transposable = true)")]
    [InlineData("Stream2of4Kernel", "NMSparse(2, 4)")]
    public void Kernel(string name, string sparsity)
    {
        var emitted = new Emitted(
            $$"""
            [SparseModel]
            internal sealed partial class Net
            {
                [Linear(64, 64), {{sparsity}}]
                public partial Linear Layer { get; }

                Activation Forward([Input(64)] Activation x) => x.Through(Layer);
            }
            """);

        Snapshot.Match(emitted["SparseSharp." + name], name);
    }

    /// <summary>Kernels that are compiled for nothing but the processor are the runtime's alone.</summary>
    [Fact]
    public void Kernels_without_constants_are_not_emitted()
    {
        var emitted = new Emitted(
            """
            [SparseModel]
            internal sealed partial class Net
            {
                [Linear(64, 64), NMGradients(2, 4)]
                public partial Linear Layer { get; }

                [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.75)]
                public partial Linear Blocks { get; }

                Activation Forward([Input(64)] Activation x) => x.Through(Layer).Through(Blocks);
            }
            """);

        Assert.Equal(["Net.g.cs", "SparseSharp.Block4x4Kernel.g.cs", "SparseSharp.StreamDenseKernel.g.cs"], emitted.HintNames.Order());
    }

    /// <summary>Without a model around it: the size of blocks is all that it depends on.</summary>
    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 2)]
    public void BlockKernel(int rows, int columns)
    {
        var plan = KernelPlanner.Blocks(rows, columns);
        Snapshot.Match(KernelEmitter.Emit(plan), plan.Name);
    }
}
