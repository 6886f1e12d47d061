using System.Diagnostics;

namespace SparseSharp.Fuzz.Kills;

/// <summary>Saves to a file system with too little room: a small one in memory, which root can mount.</summary>
internal static class FullDisk
{
    /// <summary>The exit code where none can be mounted.</summary>
    private const int CannotMount = 3;

    private const int Size = 4 << 20;

    public static int Run(FuzzOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("sparsesharp-full-").FullName;
        if (!OperatingSystem.IsLinux() || !Mount("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", folder))
        {
            Directory.Delete(folder);
            Console.WriteLine("full-disk: no file system can be mounted here; it needs Linux and root");
            return CannotMount;
        }
        try
        {
            return Run(options, folder);
        }
        finally
        {
            Mount("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static int Run(FuzzOptions options, string folder)
    {
        using var files = new SavedFiles(folder);
        files.SaveModel(0);
        files.SaveCheckpoint(0);
        var random = Files.Seeded.Random(options.Seed);
        var (refused, saved, failed) = (0, 0, 0);
        for (var i = 1; i <= options.Count; i++)
        {
            var filler = Path.Combine(folder, "filler");
            var free = new DriveInfo(folder).AvailableFreeSpace;
            // From no room at all to enough.
            File.WriteAllBytes(filler, new byte[Math.Max(0, free - random.Next(1 << 20))]);
            foreach (var (name, save) in ((string, Action<int>)[])[(files.ModelPath, files.SaveModel), (files.CheckpointPath, files.SaveCheckpoint)])
            {
                try
                {
                    save(i);
                    saved++;
                }
                catch (IOException error)
                {
                    refused++;
                    if (!error.Message.Contains(name, StringComparison.Ordinal))
                        failed += Report(i, $"The message does not name the file: {error.Message}");
                }
                var litter = files.Litter().Where(path => path != filler).ToList();
                if (litter.Count > 0)
                    failed += Report(i, $"{litter.Count} files are left: {string.Join(", ", litter)}");
                if (files.Fault() is { } fault)
                    failed += Report(i, fault);
            }
            File.Delete(filler);
        }
        Console.WriteLine(
            $"full-disk: {2 * options.Count} saves from seed {options.Seed}: {saved} had room, {refused} were refused, {failed} failed");
        return failed == 0 && refused > 0 ? 0 : 1;
    }

    private static int Report(int save, string fault)
    {
        Console.WriteLine($"FAILED save {save}: {fault}");
        return 1;
    }

    private static bool Mount(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
