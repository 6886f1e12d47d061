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

    [Fact]
    public async Task Bad_input_is_named()
    {
        var sparsity = await DigitsProcess.RunSampleAsync("Cifar", "--sparsity", "half");
        Assert.Equal(2, sparsity.ExitCode);
        Assert.Contains("'half' is not among nm, srste, blocks, anneal, dense", sparsity.Error, StringComparison.Ordinal);
        var data = await DigitsProcess.RunSampleAsync("Cifar", "--data", "nowhere");
        Assert.Equal(2, data.ExitCode);
        Assert.Contains("nowhere: there is no such directory", data.Error, StringComparison.Ordinal);
    }
}
