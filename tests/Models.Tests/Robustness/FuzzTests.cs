using System.Diagnostics;
using System.Reflection;

namespace SparseSharp.Models.Tests.Robustness;

/// <summary>
/// A small share of what tests/Fuzz does in full: damaged files and programs, kills, a full disk, and predictions while models come and go.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int CannotMount = 3;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("files", 3000)]
    [InlineData("programs", 60)]
    [InlineData("predict", 500)]
    [InlineData("kill", 12)]
    [InlineData("full-disk", 10)]
    public async Task Nothing_fails(string command, int count)
    {
        var program =
            typeof(FuzzTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Fuzz").Value!;
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, command, "--count", $"{count}", "--folder", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Skip.If(process.ExitCode == CannotMount, await output);
            Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{await output}\n{await error}");
            Assert.Contains($"{command}: ", (await output).TrimEnd().Split('\n')[^1]);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
