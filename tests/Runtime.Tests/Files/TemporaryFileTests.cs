using System.Diagnostics;
using SparseSharp.Files;

namespace SparseSharp.Runtime.Tests.Files;

/// <summary>What is left beside a file by processes that were killed while they wrote it.</summary>
public sealed class TemporaryFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_next_write_removes_what_a_process_left_that_is_gone()
    {
        var target = _directory.File("model.safetensors");
        var (abandoned, ofAnotherFile) = (LeftBy(target, Gone()), LeftBy(_directory.File("other.safetensors"), Gone()));
        var (written, ofAnotherProcess) = (LeftBy(target, Environment.ProcessId), LeftBy(target, Parent()));
        var ofOurNumber = LeftBy(target, Environment.ProcessId, process: "00000000");

        new SafeTensors([NamedTensor.Of("a", [1f])]).Write(target);

        Assert.False(File.Exists(abandoned));
        Assert.False(File.Exists(ofOurNumber));
        // Somebody may still write these, or nobody has asked for them.
        Assert.All((string[])[target, ofAnotherFile, written, ofAnotherProcess], path => Assert.True(File.Exists(path), path));
    }

    [Fact]
    public void A_name_is_used_once_and_stays_short()
    {
        var target = _directory.File(new string('m', 255));
        var (first, second) = (TemporaryFile.Beside(target), TemporaryFile.Beside(target));
        Assert.NotEqual(first, second);
        Assert.Equal(Path.GetDirectoryName(target), Path.GetDirectoryName(first));
        Assert.InRange(Path.GetFileName(first).Length, 10, 60);
    }

    private static string LeftBy(string target, int number, string? process = null)
    {
        var own = TemporaryFile.Beside(target);
        var parts = Path.GetFileName(own).Split('.');
        (parts[3], parts[4]) = ($"{number}", process ?? parts[4]);
        var path = Path.Combine(Path.GetDirectoryName(own)!, string.Join('.', parts));
        File.WriteAllText(path, "half of it");
        return path;
    }

    /// <summary>The number of a process that runs and is not this one.</summary>
    private static int Parent() => Process.GetProcesses().First(process => process.Id != Environment.ProcessId).Id;

    /// <summary>The number of a process that has ended.</summary>
    private static int Gone()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }
}
