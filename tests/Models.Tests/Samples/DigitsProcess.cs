using System.Diagnostics;

namespace SparseSharp.Models.Tests.Samples;

/// <summary>What became of one run of a sample.</summary>
internal sealed record DigitsRun(int ExitCode, string Output, string Error);

/// <summary>Runs samples as programs.</summary>
internal static class DigitsProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs samples/Digits.</summary>
    public static Task<DigitsRun> RunAsync(params IEnumerable<string> arguments) => RunSampleAsync("Digits", arguments);

    /// <summary>Runs a sample.</summary>
    public static async Task<DigitsRun> RunSampleAsync(string sample, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"{sample}.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
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
            return new DigitsRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
