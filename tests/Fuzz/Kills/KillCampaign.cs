using System.Diagnostics;

namespace SparseSharp.Fuzz.Kills;

/// <summary>Kills a process that saves at random moments, and looks at what it left.</summary>
internal static class KillCampaign
{
    /// <summary>A killed process cannot remove the file that it was writing; the next one that saves there does.</summary>
    private const int LitterOfOne = 1;

    public static int Run(FuzzOptions options)
    {
        var clock = Stopwatch.StartNew();
        // On a disk: what memory does at once is not what is to be interrupted.
        var folder = Directory.CreateTempSubdirectory("sparsesharp-kills-").FullName;
        using var files = new SavedFiles(folder);
        var random = Files.Seeded.Random(options.Seed);
        var (lost, littered, interrupted) = (0, 0, 0);
        for (var kill = 0L; kill < options.Count; kill++)
        {
            using (var process = Child.Start(heapLimit: null, ["killed", "--folder", folder, "--seed", $"{kill + 1}"]))
            {
                // Both files have been saved once then.
                if (process.StandardOutput.ReadLine() is null)
                {
                    process.WaitForExit();
                    Console.WriteLine($"The process ended with {process.ExitCode} before it was killed.");
                    return 1;
                }
                Thread.Sleep(TimeSpan.FromMilliseconds(20 * random.NextDouble()));
                process.Kill();
                process.WaitForExit();
            }
            if (files.Fault() is { } fault)
            {
                lost++;
                Console.WriteLine($"FAILED kill {kill}: {fault}");
            }
            var litter = files.Litter();
            interrupted += litter.Count > 0 ? 1 : 0;
            if (litter.Count > LitterOfOne && littered++ < 5)
                Console.WriteLine(
                    $"FAILED kill {kill}: {litter.Count} files are left: {string.Join(", ", litter.Select(Path.GetFileName).Take(4))}");
        }
        files.SaveModel(0);
        files.SaveCheckpoint(0);
        var left = files.Litter().Count;
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"kill: {options.Count} kills from seed {options.Seed} in {clock.Elapsed.TotalMinutes:0.0} minutes, {interrupted} in the middle of a file: {lost} lost a file, {littered} left files to pile up, {left} files left at the end");
        return lost + littered + left == 0 ? 0 : 1;
    }
}
