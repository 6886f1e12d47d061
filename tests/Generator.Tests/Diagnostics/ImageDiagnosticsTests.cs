using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0105 and 0120: operations on images, and constants of operations.</summary>
public sealed class ImageDiagnosticsTests
{
    [Theory]
    [InlineData("x.MaxPool({|SPS0120:0|})", "Argument 'kernel' of MaxPool is 0; give 1 to 32767")]
    [InlineData("x.MaxPool({|SPS0120:int.MaxValue|})", "Argument 'kernel' of MaxPool is 2.1474836E+09; give 1 to 32767")]
    [InlineData("x.MaxPool(2, {|SPS0120:0|})", "Argument 'stride' of MaxPool is 0; give 1 to 32767")]
    [InlineData("x.MaxPool(2, padding: {|SPS0120:-1|})", "Argument 'padding' of MaxPool is -1; give 0 to 32767")]
    [InlineData("x.MaxPool(3, 1, {|SPS0120:2|})", "Argument 'padding' of MaxPool is 2; give at most 1, which is half of the kernel")]
    [InlineData(
        "x.MaxPool(3, kernelWidth: 1, padding: {|SPS0120:1|})",
        "Argument 'padding' of MaxPool is 1; give at most 0, which is half of the kernel")]
    [InlineData(
        "x.AveragePool(3, paddingWidth: {|SPS0120:2|}, padding: 1)",
        "Argument 'paddingWidth' of AveragePool is 2; give at most 1, which is half of the kernel")]
    [InlineData("x.AdaptiveAveragePool({|SPS0120:0|})", "Argument 'rows' of AdaptiveAveragePool is 0; give 1 to 32767")]
    [InlineData("x.Channels({|SPS0120:-1|}, 2)", "Argument 'first' of Channels is -1; give 0 to 32767")]
    [InlineData("x.ShuffleChannels({|SPS0120:0|})", "Argument 'groups' of ShuffleChannels is 0; give 1 to 32767")]
    [InlineData("x.PadChannels(0, {|SPS0120:-2|})", "Argument 'after' of PadChannels is -2; give 0 to 32767")]
    [InlineData("x.Subsample({|SPS0120:0|})", "Argument 'stride' of Subsample is 0; give 1 to 32767")]
    [InlineData("x.Shortcut({|SPS0120:0|})", "Argument 'channels' of Shortcut is 0; give 1 to 32767")]
    [InlineData("x.Upsample({|SPS0120:0|})", "Argument 'factor' of Upsample is 0; give 1 to 32767")]
    [InlineData(
        "x.Upsample(2, {|SPS0120:(UpsampleMode)7|})",
        "Argument 'mode' of Upsample is 7; give UpsampleMode.Nearest or UpsampleMode.Bilinear")]
    [InlineData("x.LeakyRelu({|SPS0120:-0.5|})", "Argument 'slope' of LeakyRelu is -0.5; give a number of at least 0")]
    [InlineData("x.Elu(alpha: {|SPS0120:0|})", "Argument 'alpha' of Elu is 0; give a number of more than 0")]
    [InlineData("x.Clip({|SPS0120:double.NaN|}, 1)", "Argument 'min' of Clip is NaN; give a finite number")]
    [InlineData("x.Clip(1, {|SPS0120:0.5|})", "Argument 'max' of Clip is 0.5; give more than 1, which is the min")]
    public async Task NumbersThatAreOutOfRange(string value, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Net(value))));

    [Theory]
    [InlineData("{|SPS0105:x.MaxPool(9)|}", "MaxPool has windows of 9 x 9 pixels, more than its input with padding has, but is fed with "
        + "128 (4 x 8 x 4); make the window smaller, or pool less before")]
    [InlineData("{|SPS0105:x.AveragePool(8, kernelWidth: 5)|}", "AveragePool has windows of 8 x 5 pixels")]
    [InlineData("{|SPS0105:x.MaxPool(4).AveragePool(3)|}", "but is fed with 8 (4 x 2 x 1)")]
    [InlineData("{|SPS0105:x.GlobalMaxPool().MaxPool(2)|}", "MaxPool takes images, but is fed with 4; give the input three dimensions")]
    [InlineData("{|SPS0105:x.Flatten().Upsample(2)|}", "Upsample takes images, but is fed with 128")]
    [InlineData(
        "{|SPS0105:x.Upsample(30000)|}",
        "Upsample makes images 30000 times larger, but is fed with 128 (4 x 8 x 4); the result is too large")]
    [InlineData(
        "{|SPS0105:x.Channels(2, 3)|}",
        "Channels takes channels 2 to 4, but is fed with 128 (4 x 8 x 4); of its 4 channels the last one is 3")]
    [InlineData("{|SPS0105:x.GlobalAveragePool().Channels(4, 1)|}", "Channels takes features 4 to 4, but is fed with 4; of its 4 features")]
    [InlineData(
        "{|SPS0105:x.ShuffleChannels(3)|}",
        "ShuffleChannels takes 3 groups of channels, but is fed with 128 (4 x 8 x 4); 4 channels are not a multiple of 3")]
    [InlineData("{|SPS0105:x.Shortcut(3)|}", "Shortcut gives 3 channels, but is fed with 128 (4 x 8 x 4); it adds channels and takes none")]
    [InlineData(
        "{|SPS0105:x.Concat(x.Relu(), x.MaxPool(2))|}",
        "Concat puts images of 8 x 4 pixels together, but is fed with 32 (4 x 4 x 2); give all of them the same dimensions but the first")]
    [InlineData("{|SPS0105:x.GlobalMaxPool().Concat(x)|}", "Concat puts 4 and others together, but is fed with 128 (4 x 8 x 4)")]
    public async Task ValuesThatDoNotFit(string value, string message) =>
        Assert.Contains(message, Assert.Single(await VerifyAsync(Net(value))));

    [Theory]
    [InlineData("x.MaxPool(2, ceil: {|SPS0025:Flag|})", "the ceil must be a constant")]
    [InlineData("x.MaxPool({|SPS0025:Kernel|})", "the kernel must be a constant")]
    public async Task ArgumentsThatAreNotRead(string value, string message) =>
        Assert.Contains(message, Assert.Single(await VerifyAsync(Net(value))));

    [Theory]
    [InlineData("x.MaxPool(3, 2, 1, true)")]
    [InlineData("x.MaxPool(paddingWidth: 0, kernel: 2 + 1, ceil: !false, padding: 1)")]
    [InlineData("x.AveragePool(2, countIncludePad: false).AdaptiveAveragePool(5, 6).GlobalMaxPool()")]
    [InlineData("x.Concat(x.Channels(0, 3), x.ShuffleChannels(2)).PadChannels(0, 1).Subsample(3).Shortcut(12).Upsample(2)")]
    [InlineData("x.Upsample(2, UpsampleMode.Bilinear).LeakyRelu().Elu().Clip(-1, max: 1f).LeakyRelu(0)")]
    public Task WhatIsRight(string value) => VerifyAsync(Net(value));

    private static string Net(string value) =>
        $$"""
        [SparseModel] public partial class Net
        {
            private static bool Flag => true;
            private static int Kernel => 2;
            Activation Forward([Input(4, 8, 4)] Activation x) => {{value}};
        }
        """;
}
