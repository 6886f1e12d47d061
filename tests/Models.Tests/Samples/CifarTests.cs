using SparseSharp.Runtime.Tests.Data;

namespace SparseSharp.Models.Tests.Samples;

/// <summary>samples/Cifar as its users meet it.</summary>
public sealed class CifarTests
{
    [Fact]
    public async Task A_run_compares_two_networks()
    {
        var run = await DigitsProcess.RunSampleAsync(
            "Cifar", "--images", "64", "--epochs", "1", "--batch", "32", "--threads", "1", "--sparsity", "blocks");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("resnet8 on generated pictures: 64 training and 2000 test images", run.Output, StringComparison.Ordinal);
        Assert.Contains("dense: epoch 1/1", run.Output, StringComparison.Ordinal);
        Assert.Contains("4 x 4 blocks, 75 %", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Jpeg_copies_are_read_and_named()
    {
        var data = SharedData.Find("cifar10");
        Skip.If(data is null, "CIFAR-10 is not present.");
        using var directory = new JpegDirectory(Path.Combine(data, "cifar10-jpeg.tar.gz"), trainImages: 64, testImages: 20);
        var run = await DigitsProcess.RunSampleAsync(
            "Cifar", "--data", directory.Path, "--epochs", "1", "--batch", "32", "--threads", "1", "--sparsity", "rbgp4");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("resnet8 on CIFAR-10 (JPEG copies) in ", run.Output, StringComparison.Ordinal);
        Assert.Contains(": 64 training and 20 test images", run.Output, StringComparison.Ordinal);
        Assert.Contains("RBGP4, up to 75 %", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Learned thresholds and fixed masks on networks with convolutions per channel and with wide blocks.</summary>
    [Theory]
    [InlineData("mobilenet", "nm")]
    [InlineData("wrn", "rbgp4")]
    [InlineData("vgg", "anneal")]
    public async Task Other_networks_run(string network, string sparsity)
    {
        var run = await DigitsProcess.RunSampleAsync(
            "Cifar", "--network", network, "--images", "16", "--epochs", "1", "--batch", "16", "--tests", "16", "--sparsity", sparsity);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains($"{network} on generated pictures", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ghost")]
    [InlineData("batchaug")]
    public async Task A_regime_is_compared_with_the_plain_training(string regime)
    {
        var run = await DigitsProcess.RunSampleAsync(
            "Cifar", "--images", "64", "--epochs", "2", "--batch", "8", "--tests", "32", "--sparsity", "rbgp4", "--regime", regime);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains($"dense, {regime}: epoch 2/2", run.Output, StringComparison.Ordinal);
        Assert.Contains($"RBGP4, up to 75 %, {regime}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("waiting", run.Output, StringComparison.Ordinal);
        // One update an epoch, or eight.
        Assert.Contains(regime == "ghost" ? "in 2 updates" : " 16 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_named()
    {
        var sparsity = await DigitsProcess.RunSampleAsync("Cifar", "--sparsity", "half");
        Assert.Equal(2, sparsity.ExitCode);
        Assert.Contains("'half' is not among nm, srste, blocks, rbgp4, anneal, dense", sparsity.Error, StringComparison.Ordinal);
        var regime = await DigitsProcess.RunSampleAsync("Cifar", "--regime", "fast");
        Assert.Equal(2, regime.ExitCode);
        Assert.Contains("'fast' is not among plain, ghost, batchaug", regime.Error, StringComparison.Ordinal);
        var data = await DigitsProcess.RunSampleAsync("Cifar", "--data", "nowhere");
        Assert.Equal(2, data.ExitCode);
        Assert.Contains("nowhere: there is no such directory", data.Error, StringComparison.Ordinal);
    }
}
