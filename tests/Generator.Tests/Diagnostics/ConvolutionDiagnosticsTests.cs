using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0105 and 0106, and what else is said of convolutions.</summary>
public sealed class ConvolutionDiagnosticsTests
{
    [Theory]
    [InlineData("Conv2d(3, 8)")]
    [InlineData("Conv2d(3, 8, Kernel = 5, Padding = 2, Stride = 2, Dilation = 2, Bias = false)")]
    [InlineData("Conv2d(3, 9, KernelHeight = 1, PaddingLeft = 1, Groups = 3)")]
    [InlineData("Conv2d(3, 8, Kernel = 7, Same = SamePadding.Lower)")]
    public Task AConvolution(string layer) => VerifyAsync(Model(layer, "[Input(3, 9, 9)]"));

    [Theory]
    [InlineData("Conv2d({|SPS0008:0|}, 8)", "0 input channels; give it at least 1")]
    [InlineData("Conv2d(3, {|SPS0008:-1|})", "-1 output channels; give it at least 1")]
    [InlineData("Conv2d(3, 8, Kernel = {|SPS0008:0|}, KernelHeight = 2)", "0 kernel columns; give it at least 1")]
    [InlineData("Conv2d(3, 8, StrideWidth = {|SPS0008:-2|})", "-2 columns from an output pixel to the next; give it at least 1")]
    [InlineData("Conv2d(3, 8, PaddingTop = {|SPS0008:-3|})", "-3 rows of padding above; give it at least 0")]
    [InlineData("Conv2d(3, {|SPS0008:8|}, Groups = 3)",
        "8 output channels; make them a multiple of its 3 groups, or change the groups")]
    [InlineData("Conv2d(3, {|SPS0008:8|}, Kernel = 100000)", "240000000000 weights; keep them at most 2147483647")]
    [InlineData("Conv2d(3, {|SPS0008:8|}, Kernel = 65536)", "103079215104 weights; keep them at most 2147483647")]
    [InlineData("Conv2d(3, 8, Same = {|SPS0008:(SamePadding)5|})",
        "5 as its Same; use SamePadding.Upper, SamePadding.Lower or SamePadding.None")]
    public async Task ANumberOutOfRange(string layer, string fault)
    {
        var messages = await VerifyAsync(Model(layer, "[Input(3, 9, 9)]"));
        Assert.Equal($"Layer 'Body' has {fault}", Assert.Single(messages));
    }

    [Theory]
    [InlineData("Conv2d(3, 8)", "[Input(4, 9, 9)]",
        "Layer 'Body' takes 3 channels, but is fed with 324 (4 x 9 x 9); change [Conv2d(3, 8)] to [Conv2d(4, 8)]")]
    [InlineData("Conv2d(3, 8, Dilation = 2147483647)", "[Input(3, 9, 9)]",
        "Layer 'Body' has a kernel that reaches over 4294967295 x 4294967295 pixels, more than its input with padding has, but is fed with "
            + "243 (3 x 9 x 9); make the kernel or the dilation smaller, or add padding")]
    [InlineData("Conv2d(3, 8)", "[Input(243)]",
        "Layer 'Body' takes images of 3 channels, but is fed with 243; give the input three dimensions: channels, rows and columns")]
    [InlineData("Conv2d(3, 8, Kernel = 4, Dilation = 3)", "[Input(3, 9, 9)]",
        "Layer 'Body' has a kernel that reaches over 10 x 10 pixels, more than its input with padding has, but is fed with 243 (3 x 9 x 9); "
            + "make the kernel or the dilation smaller, or add padding")]
    public async Task AnInputThatDoesNotFit(string layer, string input, string message)
    {
        var messages = await VerifyAsync(Model(layer, input, "x.Through({|SPS0105:Body|})"));
        Assert.Equal(message, Assert.Single(messages));
    }

    [Theory]
    [InlineData("Conv2d({|SPS0106:6|}, 8, Kernel = 2)", 6, "6", "4 or 8")]
    [InlineData("Conv2d({|SPS0106:16|}, 8, Kernel = 2, Groups = 8)", 16, "2", "32")]
    public async Task ChannelsThatGroupsDoNotDivide(string layer, int inputs, string channels, string instead)
    {
        var messages = await VerifyAsync(Model($"{layer}, NMActivations(2, 4)", $"[Input({inputs}, 9, 9)]"));
        Assert.Equal(
            $"Each weight of layer 'Body' reaches over {channels} channels, which groups of 4 do not divide; change them to {instead}, or "
                + "put [Dense] on the layer",
            Assert.Single(messages));
    }

    /// <summary>Messages and fixes of patterns speak of the channels that the attribute has, not of the columns that they give.</summary>
    [Theory]
    [InlineData("Conv2d({|SPS0043:3|}, 16), NMSparse(2, 4)", 3, "27 (3 channels in 9 taps)", "4")]
    [InlineData("Conv2d({|SPS0043:6|}, 16, Kernel = 5, Groups = 2), NMSparse(2, 4)", 6, "75 (3 channels in 25 taps)", "8")]
    [InlineData("Conv2d({|SPS0077:5|}, 16), BlockSparse(Uniform, Sparsity = 0.5)", 5, "45 (5 channels in 9 taps)", "4 or 8")]
    public async Task ColumnsThatPatternsDoNotDivide(string layer, int inputs, string columns, string instead)
    {
        var message = Assert.Single(await VerifyAsync(Model(layer, $"[Input({inputs}, 9, 9)]")));
        Assert.Contains($"has {columns} input features", message, StringComparison.Ordinal);
        Assert.Contains($"change it to {instead}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NMGradients(2, 4)")]
    [InlineData("NMActivations(2, 4)")]
    [InlineData("NMActivations(2, 4, Along = PruneAlong.Batch)")]
    public async Task OperandsThatArePruned(string attribute) =>
        Assert.Empty(await VerifyAsync(Model($"Conv2d(16, 16), {attribute}", "[Input(16, 9, 9)]")));

    private static string Model(string layer, string input, string body = "x.Through(Body)") =>
        $$"""
        [SparseModel]
        public sealed partial class Net
        {
            [{{layer}}]
            public partial Conv2d Body { get; }

            private Activation Forward({{input}} Activation x) => {{body}}.Relu();
        }
        """;
}
