using System.Diagnostics;
using System.Globalization;

namespace SparseSharp.Fuzz;

/// <summary>This program once more, as a process of its own.</summary>
internal static class Child
{
    /// <summary>Starts it; its output is read by the caller, its errors go where ours go.</summary>
    public static Process Start(long? heapLimit, params IEnumerable<string> arguments)
    {
        var start = Describe(arguments);
        if (heapLimit is { } bytes)
            start.Environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"0x{bytes:X}");
        return Process.Start(start)!;
    }

    /// <summary>The command that starts it.</summary>
    public static ProcessStartInfo Describe(params IEnumerable<string> arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new ProcessStartInfo(host, [typeof(Child).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
    }
}

/// <summary>Folders for files that nobody keeps, in memory where the system has such a place.</summary>
internal static class Scratch
{
    public static string New()
    {
        const string memory = "/dev/shm";
        return Directory.CreateDirectory(
            Path.Combine(Directory.Exists(memory) ? memory : Path.GetTempPath(), $"sparsesharp-fuzz-{Guid.NewGuid():N}")).FullName;
    }
}
