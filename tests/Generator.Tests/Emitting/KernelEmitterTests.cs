using SparseSharp.Generator.Emitting.Kernels;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>The kernels as people read them: whoever changes an emitter sees here what it changes.</summary>
public sealed class KernelEmitterTests
{
    [Theory]
    [InlineData("DenseKernel", "Dense")]
    [InlineData("PairKernel", "NMSparse(2, 4, Transposable = true)")]
    [InlineData("PairAndSingleKernel", "NMSparse(4, 8, Transposable = true)")]
    [InlineData("SingleKernel", "NMSparse(1, 4, Transposable = true)")]
    [InlineData("ListKernel", "NMGradients(2, 4)")]
    [InlineData("Stream2of4Kernel", "NMSparse(2, 4)")]
    [InlineData("StreamBlockKernel", "BlockSparse(RBGP4, Sparsity = 0.75)")]
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
