using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>What emitted code calls is public: calls with wrong sizes throw before kernels read or write.</summary>
[Trait("Category", "Kernels")]
public sealed unsafe class SizeCheckTests : IDisposable
{
    private const int Rows = 2048;

    private readonly NativeBuffer<float> _workspace = new((long)Rows * PanelGeometry.MaxWidth);
    private TeamBarrier _barrier;

    /// <summary>Models with the drivers of all kernels for panels.</summary>
    public static TheoryData<string> Models =>
        [nameof(Dense), nameof(PairedStatic), nameof(RowsTwoOfFourStatic), nameof(UniformBlocks), nameof(PrunedDense)];

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_product_needs_whole_values(string model)
    {
        foreach (var layer in KernelModels.Make(model).Linears)
        {
            var (inputs, outputs) = (Padded(layer.Inputs), Padded(layer.Outputs));
            var rows = inputs + outputs;
            Forward(layer, rows, x: 0, y: inputs);
            GradInput(layer, rows, dy: inputs, dx: 0);
            GradWeight(layer, rows, x: 0, dy: inputs);

            Assert.Throws<ArgumentException>(() => Forward(layer, rows, x: 0, y: inputs + 1));
            Assert.Throws<ArgumentException>(() => Forward(layer, rows, x: outputs + 1, y: 0));
            Assert.Throws<ArgumentException>(() => GradInput(layer, rows, dy: inputs + 1, dx: 0));
            Assert.Throws<ArgumentException>(() => GradInput(layer, rows, dy: 0, dx: outputs + 1));
            Assert.Throws<ArgumentException>(() => GradWeight(layer, rows, x: outputs + 1, dy: 0));
            Assert.Throws<ArgumentException>(() => GradWeight(layer, rows, x: 0, dy: inputs + 1));
            Assert.Throws<ArgumentException>(() => GradWeight(layer, rows, x: -1, dy: 0));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_product_needs_memory_of_the_workspace(string model)
    {
        var layer = KernelModels.Make(model).Linears[0];
        var elsewhere = new float[Rows * PanelGeometry.MaxWidth];
        Assert.Throws<ArgumentException>(() =>
        {
            var pass = Pass(Rows);
            layer.Product.Forward(in pass, ref elsewhere[0], ref pass.Slot(0), ref pass.Slot(0), ActivationKind.None);
        });
        Assert.Throws<ArgumentException>(() =>
        {
            var pass = Pass(Rows);
            layer.Product.Forward(in pass, ref pass.Slot(0), ref pass.Slot(0), ref elsewhere[0], ActivationKind.Tanh);
        });
    }

    [Fact]
    public void Kernels_need_weights_in_their_format()
    {
        var pairs = new PairedStatic(1).B;
        var quarters = new RowsTwoOfFourStatic(1).B;
        var blocks = new UniformBlocks(1).A;
        Assert.Throws<ArgumentException>(() => Forward(pairs, DensePass.Operations));
        Assert.Throws<ArgumentException>(() => Forward(pairs, BucketPass<OtherBuckets>.Operations));
        Assert.Throws<InvalidCastException>(() => Forward(quarters, BlockPass<OtherBlocks>.Operations));
        Assert.Throws<ArgumentException>(() => Forward(blocks, BlockPass<OtherBlocks>.Operations));
        Assert.Throws<ArgumentException>(() => Forward(blocks, BlockPass<WrongTile>.Operations));
    }

    [Fact]
    public void A_stream_needs_the_numbers_of_its_pattern() =>
        Assert.Throws<ArgumentException>(() => DensePass.Operations.WithStream<WrongStream>());

    [Fact]
    public void A_stream_needs_a_mask_that_fits()
    {
        using var layer = new Linear(
            64, 64, bias: true, new NMPattern(3, 4, false, MaskPolicy.Static, 1, 0),
            BucketPass<OtherBuckets>.Operations.WithStream<OneOfFour>(), seed: 1, stream: 0);
        Assert.Throws<InvalidOperationException>(() => layer.Forward(new float[64], new float[64]));
    }

    [Fact]
    public void Elementwise_steps_need_whole_values()
    {
        Elementwise.Add(Pass(8), ref Pass(8).Slot(0), ref Pass(8).Slot(4), ref Pass(8).Slot(4), 4);
        Assert.Throws<ArgumentException>(() => Elementwise.Add(Pass(8), ref Pass(8).Slot(0), ref Pass(8).Slot(4), ref Pass(8).Slot(0), 5));
        Assert.Throws<ArgumentException>(
            () => Elementwise.Dropout(Pass(8), 0, 0.5f, ref Pass(8).Slot(0), ref Pass(8).Slot(0), ref Pass(8).Slot(5), 4));
        Assert.Throws<ArgumentException>(() => Elementwise.Prune(Pass(8), 2, 4, ref Pass(8).Slot(0), ref Pass(8).Slot(5), 4));
        Assert.Throws<ArgumentException>(() => Elementwise.Prune(Pass(8), 2, 4, ref Pass(8).Slot(0), ref Pass(8).Slot(4), 3));
        Assert.Throws<ArgumentException>(() => Elementwise.Scale(Pass(8), ref Pass(8).Slot(0), 2, ref Pass(8).Slot(0), -1));
    }

    [Fact]
    public void A_slot_is_one_of_the_workspace()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Pass(8).Slot(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pass(8).Slot(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(PanelPass).Slot(0));
    }

    private static int Padded(int features) => (features + 3) / 4 * 4;

    private void Forward(Linear layer, KernelSet kernels)
    {
        var pass = Pass(Rows);
        kernels.Forward(layer, in pass, ref pass.Slot(0), ref pass.Slot(Rows / 2), ref pass.Slot(Rows / 2), ActivationKind.None);
    }

    private void Forward(Linear layer, int rows, int x, int y)
    {
        var pass = Pass(rows);
        layer.Product.Forward(in pass, ref pass.Slot(x), ref pass.Slot(y), ref pass.Slot(y), ActivationKind.None);
    }

    /// <summary>What operations of the user are given lies in the workspace, and in the part that is their turn.</summary>
    [Fact]
    public void Operations_see_values_of_the_workspace()
    {
        Rows(features: 8, slot: 0, moves: 1);
        Assert.Throws<ArgumentException>(() => Rows(features: 8, slot: 4, moves: 1));
        Assert.Throws<ArgumentException>(() => Rows(features: -1, slot: 0, moves: 1));
        Assert.Throws<ArgumentException>(() => Rows(features: 8, slot: 0, moves: 0));
        Assert.Throws<ArgumentException>(() => Rows(features: 8, slot: 0, moves: 3));
        Run(features: 8, slot: 0, moves: 1);
        Assert.Throws<ArgumentException>(() => Run(features: 8, slot: 4, moves: 1));
        Assert.Throws<ArgumentException>(() => Run(features: 8, slot: 0, moves: 0));
        Assert.Throws<ArgumentException>(() => Run(features: 8, slot: 0, moves: 3));

        void Rows(int features, int slot, int moves)
        {
            var pass = Pass(rows: 8);
            var parts = new PanelParts(in pass);
            for (var move = 0; move < moves; move++)
                parts.Next();
            Assert.Equal(features, parts.Result(ref pass.Slot(slot), features).Features);
        }

        void Run(int features, int slot, int moves)
        {
            var pass = Pass(rows: 8);
            var runs = new ElementRuns(in pass, features);
            for (var move = 0; move < moves; move++)
                runs.Next();
            Assert.Equal(features * pass.Width, runs.Of(ref pass.Slot(slot)).Length);
        }
    }

    private void GradInput(Linear layer, int rows, int dy, int dx)
    {
        var pass = Pass(rows);
        layer.Product.Kernels.GradInput(
            layer, in pass, ref pass.Slot(dy), ref pass.Slot(dx), ActivationKind.None, ref pass.Slot(dx), accumulate: false);
    }

    private void GradWeight(Linear layer, int rows, int x, int dy) =>
        layer.Product.Kernels.GradWeight(
            layer, new BatchPass(_workspace.Pointer, rows, new BatchLayout(1), accumulate: false, member: 0, members: 1, randomKey: 0), x,
            dy);

    private PanelPass Pass(int rows) =>
        new(
            _workspace.Pointer, rows, start: 0, vectors: 1, PanelGeometry.Lanes, training: true, randomKey: 0, member: 0, members: 1,
            ref _barrier);

    private readonly struct OtherBuckets : IBucketKernel
    {
        public static BucketFormat Format => BucketFormat.PairsAndSingles;
    }

    private readonly struct OtherBlocks : IBlockKernel
    {
        public static int Rows => 8;

        public static int TileRows => 4;

        public static int Columns => 4;
    }

    private readonly struct WrongTile : IBlockKernel
    {
        public static int Rows => 4;

        public static int TileRows => 2;

        public static int Columns => 4;
    }

    private readonly struct OneOfFour : IStreamKernel
    {
        public static int Keep => 1;

        public static int Group => 4;

        public static int SelectorBits => 2;

        public static int WindowSlots => 1;

        public static int StepInputs => 64;
    }

    private readonly struct WrongStream : IStreamKernel
    {
        public static int Keep => 1;

        public static int Group => 4;

        public static int SelectorBits => 2;

        public static int WindowSlots => 4;

        public static int StepInputs => 64;
    }
}
