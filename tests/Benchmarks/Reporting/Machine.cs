using System.Globalization;
using System.Runtime.InteropServices;
using SparseSharp.Benchmarks.Peers;
using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Reporting;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static IEnumerable<string> Describe(MatrixLibraries libraries)
    {
        yield return $"Processor  {Processor()}, {Environment.ProcessorCount} threads";
        yield return $"Vectors    {PanelGeometry.Name}";
        yield return $"Runtime    {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}";
        yield return $"Peers      {string.Join(", ", libraries.Names.DefaultIfEmpty("none"))}";
        if (Load() is { } load)
            yield return $"Load       {load:0.00}{(load > 0.5 ? ", so the figures are not to be trusted: measure on an idle machine" : "")}";
    }

    private static string Processor()
    {
        const string key = "model name";
        var line = ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>Mean number of runnable threads in the last minute, where the system tells.</summary>
    private static double? Load() =>
        ReadLines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] is { } text
            && double.TryParse(text, CultureInfo.InvariantCulture, out var load)
            ? load
            : null;

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
