using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Emitting;

public sealed class ModelEmitterTests
{
    [Fact]
    public void Chain()
    {
        var emitted = new Emitted(
            """
            namespace Samples;

            /// <summary>A model and its use.</summary>
            [SparseModel]
            public sealed partial class DigitNet
            {
                /// <summary>First layer.</summary>
                [Linear(784, 1024), NMSparse(2, 4, Transposable = true)]
                public partial Linear Stem { get; }

                /// <summary>Second layer.</summary>
                [Linear(1024, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
                public partial Linear Mixer { get; }

                /// <summary>Last layer.</summary>
                [Linear(1024, 10)]
                public partial Linear Head { get; }

                Activation Forward([Input(784)] Activation image) =>
                    image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);

                internal static void Use(float[] inputs, float[] outputs)
                {
                    using var model = new DigitNet(seed: 3);
                    model.Predict(inputs, outputs);
                    model.Save("digits.safetensors");
                    using var copy = DigitNet.Load("digits.safetensors");
                    copy.Predict(inputs.AsSpan(), outputs);
                }
            }
            """);

        Snapshot.Match(emitted["Samples.DigitNet"], "Samples.DigitNet");
        Assert.Equal(["Samples.DigitNet.g.cs", "SparseSharp.PairKernel.g.cs", "SparseSharp.Stream2of4Kernel.g.cs", "SparseSharp.StreamDenseKernel.g.cs"], emitted.HintNames.Order());
    }

    /// <summary>Packed gradients in every step, and dense kernels for the steps that look for a mask.</summary>
    [Fact]
    public void Regrow()
    {
        var emitted = new Emitted(
            """
            [SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow)]
            internal sealed partial class Net
            {
                [Linear(64, 64)] public partial Linear Stem { get; }
                [Linear(64, 64), NMSparse(1, 4, Policy = MaskPolicy.Regrow, RefreshEvery = 7, RegrowShare = 0.5)] public partial Linear Head { get; }
                Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Head);
            }
            """);

        var model = emitted["Net"];
        Assert.Contains("new global::SparseSharp.NMPattern(2, 4, true, global::SparseSharp.MaskPolicy.Regrow, 100, 0.0002f, RegrowShare: "
            + "0.05f), PairKernelPass.OperationsWithDenseGradient", model);
        Assert.Contains("new global::SparseSharp.NMPattern(1, 4, false, global::SparseSharp.MaskPolicy.Regrow, 7, 0.0002f, RegrowShare: "
            + "0.5f), SingleKernelPass.OperationsWithDenseGradient", model);
        Assert.Contains("PairKernelPass.GradWeight(model._stem", model);
    }

    [Fact]
    public void Annealed()
    {
        var emitted = new Emitted(
            """
            [SparseModel, GradientAnneal]
            internal sealed partial class Net
            {
                [Linear(64, 64)] public partial Linear Stem { get; }
                [Linear(64, 64), GradientAnneal(TopK = 0.25, Budget = BudgetScope.OverModel, Alpha = 0.75, Schedule = AnnealSchedule.Linear, RebuildEvery = 40)] public partial Linear Mixer { get; }
                [Linear(64, 64), NMSparse(2, 4, Transposable = true), GradientAnneal(Mode = NMAnnealing.Intersect, InitialThreshold = -4)] public partial Linear Last { get; }
                [Linear(64, 64), NMActivations(2, 4, Along = PruneAlong.Batch)] public partial Linear Head { get; }
                Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Mixer).Through(Last).Through(Head);
            }
            """);

        var model = emitted["Net"];
        Assert.Contains(
            "new global::SparseSharp.UnstructuredPattern { Annealing = new() }, PairAndSingleKernelPass.OperationsWithDenseGradient",
            model);
        Assert.Contains("new global::SparseSharp.UnstructuredPattern { Annealing = new() { Alpha = 0.75d, Schedule = "
            + "global::SparseSharp.AnnealSchedule.Linear }, TopK = 0.25d, Budget = global::SparseSharp.BudgetScope.OverModel, RebuildEvery "
                + "= 40 }", model);
        Assert.Contains("new global::SparseSharp.NMPattern(2, 4, true, global::SparseSharp.MaskPolicy.SrSte, 40, 0f) { Annealing = new() { "
            + "InitialThreshold = -4d }, Mode = global::SparseSharp.NMAnnealing.Intersect }, PairKernelPass.", model);
        Assert.Contains("""new("Stem", 64, 64, true, "threshold per output channel", 1)""", model);
        Assert.Contains("""new("Mixer", 64, 64, true, "largest 0.25", 0.25d)""", model);
        Assert.Contains("PairAndSingleKernelPass.GradWeight(model._stem", model);
        Assert.Contains("PairKernelPass.GradWeight(model._last", model);
        Assert.Contains("DenseKernelPass.GradWeight(model._head", model);
    }

    [Fact]
    public void EveryOperation()
    {
        var emitted = new Emitted(
            """
            [SparseModel, NMSparse(2, 8)]
            internal sealed partial class Everything
            {
                [Linear(30, 48, Bias = false), Dense]
                private partial Linear Stem { get; }

                [Linear(48, 48)]
                private partial Linear Shared { get; }

                [Linear(48, 48)]
                private partial Linear Gate { get; }

                [Linear(48, 3)]
                private partial Linear Head { get; }

                Activation Forward([Input(5, 6)] Activation image)
                {
                    var x = image.Through(Stem).Gelu();
                    x = x + x.Through(Shared).Silu().Dropout(0.25f);
                    var gate = x.Through(Gate).Sigmoid();
                    x = x * gate - 0.5f * x.Through(Shared).Tanh();
                    return ((x + 1).Relu() * -2).Through(Head);
                }
            }
            """);

        Snapshot.Match(emitted["Everything"], "Everything");
    }

    [Fact]
    public void NestedModels()
    {
        var emitted = new Emitted(
            """
            namespace Samples;

            internal partial class Outer
            {
                [SparseModel]
                public sealed partial class Block
                {
                    [Linear(16, 16)]
                    private partial Linear Inner { get; }

                    Activation Forward([Input(16)] Activation x) => x + x.Through(Inner).Relu();
                }

                [SparseModel]
                public partial class Net
                {
                    [Linear(8, 16)]
                    public partial Linear Stem { get; }

                    public partial Block First { get; }

                    internal partial Block Second { get; }

                    [Linear(16, 2)]
                    public partial Linear Head { get; }

                    Activation Forward([Input(8)] Activation x) => x.Through(Stem).Relu().Through(First).Through(Second).Through(Head);
                }
            }
            """);

        Snapshot.Match(emitted["Samples.Outer.Net"], "Samples.Outer.Net");
    }

    [Fact]
    public void PrunedGradients()
    {
        var emitted = new Emitted(
            """
            namespace Samples;

            [SparseModel, NMSparse(2, 4, Transposable = true), NMGradients(2, 4)]
            public sealed partial class Pruned
            {
                [Linear(784, 1024)]
                public partial Linear Stem { get; }

                [Linear(1024, 1024), NMSparse(2, 8), NMGradients(1, 2)]
                public partial Linear Mixer { get; }

                [Linear(1024, 10), Dense]
                public partial Linear Head { get; }

                Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
            }
            """);

        Snapshot.Match(emitted["Samples.Pruned"], "Samples.Pruned");
    }

    /// <summary>Layers with equal masks share them; of a mask only the lists of its small graphs are there.</summary>
    [Fact]
    public void BlockSparse()
    {
        var emitted = new Emitted(
            """
            namespace Samples;

            [SparseModel, BlockSparse(RBGP4, Sparsity = 0.875)]
            public sealed partial class Blocks
            {
                [Linear(512, 1024)]
                public partial Linear Stem { get; }

                [Linear(1024, 1024)]
                public partial Linear Mixer { get; }

                [Linear(1024, 1024)]
                public partial Linear Other { get; }

                [Linear(1024, 256), BlockSparse(RBGP4, Sparsity = 0.5, Seed = 7, Base = BaseGraph.Shift, Factors = [8, 32, 1, 4, 1, 8, 8, 0, 1, 4])]
                public partial Linear Neck { get; }

                [Linear(256, 10), Dense]
                public partial Linear Head { get; }

                Activation Forward([Input(512)] Activation image) =>
                    image.Through(Stem).Relu().Through(Mixer).Relu().Through(Other).Relu().Through(Neck).Relu().Through(Head);
            }
            """);

        Snapshot.Match(emitted["Samples.Blocks"], "Samples.Blocks");
        Assert.Equal(
            ["Samples.Blocks.g.cs", "SparseSharp.Block4x4Kernel.g.cs", "SparseSharp.StreamDenseKernel.g.cs"], emitted.HintNames.Order());
    }

    /// <summary>Every rounding is a call; the last layer, in float32, sees what the one before computed.</summary>
    [Fact]
    public void Bfloat16()
    {
        var emitted = new Emitted(
            """
            namespace Samples;

            [SparseModel, Bfloat16]
            public sealed partial class Rounded
            {
                [Linear(784, 1024), NMSparse(2, 4, Transposable = true)]
                public partial Linear Stem { get; }

                [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
                public partial Linear Mixer { get; }

                [Linear(1024, 256), Bfloat16(Bfloat16Use.Weights)]
                public partial Linear Neck { get; }

                [Linear(256, 10), Bfloat16(Bfloat16Use.None)]
                public partial Linear Head { get; }

                Activation Forward([Input(784)] Activation image)
                {
                    var stem = image.Through(Stem).Relu();
                    return (stem + stem.Through(Mixer).Tanh()).Through(Neck).Gelu().Through(Head);
                }
            }
            """);

        Snapshot.Match(emitted["Samples.Rounded"], "Samples.Rounded");
        Assert.Contains(
            "1024 to 256 features with a bias, bfloat16 weights: 262,144 weights, 524.3 kFLOP per sample; kernel DenseKernel.",
            emitted.Documentation("Samples.Rounded", "Neck"), StringComparison.Ordinal);
        Assert.Contains(
            "2:4 transposable, bfloat16: 401,408 of 802,816 weights", emitted.Documentation("Samples.Rounded", "Stem"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void PlansAreDocumentedWhereUsersDocumentNothing()
    {
        var emitted = new Emitted(
            """
            [SparseModel]
            public sealed partial class Net
            {
                /// <summary>The user's own words.</summary>
                [Linear(64, 64)]
                public partial Linear Stem { get; }

                // A comment is no documentation.
                [Linear(64, 1024, Bias = false), NMSparse(1, 4)]
                public partial Linear Mixer { get; }

                [Linear(1024, 10), BlockSparse(Learned, Rows = 2)]
                public partial Linear Head { get; }

                Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head);
            }
            """);

        Assert.Contains("The user's own words.", emitted.Documentation("Net", "Stem"), StringComparison.Ordinal);
        Assert.Contains(
            "64 to 1024 features without a bias, 1:4: 16,384 of 65,536 weights, 32.8 kFLOP per sample; kernel SingleKernel.",
            emitted.Documentation("Net", "Mixer"), StringComparison.Ordinal);
        Assert.Contains(
            "learned blocks 2x4: at most 10,240 weights and 20.5 kFLOP per sample", emitted.Documentation("Net", "Head"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksThatAreChosenByTheirWeights()
    {
        var emitted = new Emitted(
            """
            [SparseModel, BlockSparse(Uniform, Rows = 8, Cols = 2, Sparsity = 0.9, Balanced = false)]
            internal sealed partial class Net
            {
                [Linear(64, 64)] public partial Linear Stem { get; }
                [Linear(64, 64), BlockSparse(Hierarchical, OuterRows = 32, OuterCols = 16, Rows = 8, Cols = 4, Sparsity = 0.75, Additive = true, PruneFrom = 9, PruneSteps = 100, PruneEvery = 5)]
                public partial Linear Mixer { get; }
                [Linear(64, 64), BlockSparse(Learned, Rows = 16, Cols = 1, Penalty = 0.5)] public partial Linear Penalised { get; }
                [Linear(64, 64), BlockSparse(Learned, Sparsity = 0.75)] public partial Linear Aimed { get; }
                [Linear(64, 64), BlockSparse(Learned, Sparsity = 0.75, Balanced = true, Penalty = 0.5, PruneFrom = 9, PruneSteps = 100, PruneEvery = 5)]
                public partial Linear Head { get; }
                Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Mixer).Through(Penalised).Through(Aimed).Through(Head);
            }
            """);

        var model = emitted["Net"];
        Assert.Contains("new global::SparseSharp.UniformBlockPattern(8, 2, 0.9d, false), Block8x2KernelPass.Operations, seed", model);
        Assert.Contains("new global::SparseSharp.HierarchicalBlockPattern(32, 16, 8, 4, 0.75d, true, 9, 100, 5), "
            + "Block8x4KernelPass.Operations.WithBlockStream(), seed", model);
        Assert.Contains("new global::SparseSharp.LearnedBlockPattern(16, 1, 0.5f), Block16x1KernelPass.Operations, seed", model);
        Assert.Contains(
            "new global::SparseSharp.LearnedBlockPattern(4, 4, 0f, 0.75d, false, 1, 1000, 50) { FitsTraining = true }, ", model);
        Assert.Contains("new global::SparseSharp.LearnedBlockPattern(4, 4, 0.5f, 0.75d, true, 9, 100, 5), ", model);
        Assert.Contains("\"blocks 8x2 90 %\", 1 - 0.9d)", model);
        Assert.Contains("\"blocks 32x16 + 8x4 75 %\", 1 - 0.75d)", model);
        Assert.Contains("\"learned blocks 16x1\", 1)", model);
        Assert.Contains("\"learned blocks 4x4 75 %\", 1 - 0.75d)", model);
    }

    [Fact]
    public void BlocksInNestedModels()
    {
        var emitted = new Emitted(
            """
            [SparseModel]
            internal sealed partial class Block
            {
                [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)] public partial Linear Inner { get; }
                Activation Forward([Input(64)] Activation x) => x.Through(Inner);
            }

            [SparseModel]
            internal sealed partial class Net
            {
                public partial Block First { get; }
                [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.75)] public partial Linear Head { get; }
                Activation Forward([Input(64)] Activation x) => x.Through(First).Through(Head);
            }
            """);

        Assert.Single(emitted["Block"].Split('\n'), line => line.Contains("new global::SparseSharp.RamanujanPattern("));
        Assert.Single(emitted["Net"].Split('\n'), line => line.Contains("new global::SparseSharp.RamanujanPattern("));
        Assert.Contains("//   First.Inner  K 1x1 ⊗ K 4x1 ⊗ 16x16/2 ⊗ K 1x4", emitted["Net"]);
    }

    [Fact]
    public void UsersDisposeIsKept()
    {
        var emitted = new Emitted(
            """
            [SparseModel]
            public sealed partial class Net
            {
                [Linear(8, 4)]
                private partial Linear Head { get; }

                Activation Forward([Input(8)] Activation x) => x.Through(Head);

                public void Dispose() => DisposeLayers();

                public static void Use()
                {
                    using var net = new Net();
                }
            }
            """);

        Assert.Contains("private void DisposeLayers()", emitted["Net"], StringComparison.Ordinal);
    }

    [Fact]
    public void NamesMayBeKeywordsAndNamesOfTheLibrary()
    {
        var emitted = new Emitted(
            """
            namespace SparseSharpTests.System.@event;

            public enum ActivationKind { A }

            public class Elementwise;

            public class Linear;

            [SparseModel]
            public sealed partial class @class
            {
                [Linear(8, 4)]
                public partial global::SparseSharp.Linear @return { get; }

                [Linear(4, 4)]
                public partial global::SparseSharp.Linear DensePass { get; }

                Activation Forward([Input(8)] Activation x) => x.Through(@return).Relu().Through(DensePass);
            }
            """);

        Assert.Contains("new(\"return\", 8, 4,", emitted["SparseSharpTests.System.event.class"], StringComparison.Ordinal);
    }

    [Fact]
    public void OldestLanguageVersionIsEnough() => _ = new Emitted(
        new TestProject { Language = LanguageVersion.CSharp13, MoreReferences = [TestProject.TorchSharp] },
        """
        [SparseModel, NMSparse(1, 4)]
        public sealed partial class Net
        {
            [Linear(8, 4)]
            private partial Linear Head { get; }

            Activation Forward([Input(8)] Activation x) => x.Through(Head).Gelu();

            private static void Use(float[] values) => new Net().Predict(values, values);
        }
        """);
}
