using System.Diagnostics;
using System.Globalization;

namespace SparseSharp.Fuzz;

/// <summary>
/// Deals seeds to worker processes, watches them, and counts what comes of each input, a process that crashed or hangs included.
/// </summary>
internal sealed class Campaign
{
    private const long Portion = 500;

    private readonly FuzzOptions _options;
    private readonly TimeSpan _patience;
    private readonly long _heapLimit;
    private readonly string _scratch = Scratch.New();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _faults = [];
    private ulong _next;
    private long _tried, _accepted, _refused, _failed;

    private Campaign(FuzzOptions options, TimeSpan patience, long heapLimit)
    {
        (_options, _patience, _heapLimit) = (options, patience, heapLimit);
        _next = options.Seed;
    }

    public static int Run(FuzzOptions options)
    {
        var campaign = options.Command == "files"
            ? new Campaign(options, Files.FileTarget.Patience, Files.FileTarget.HeapLimit)
            : new Campaign(options, Programs.ProgramTarget.Patience, Programs.ProgramTarget.HeapLimit);
        return campaign.Run();
    }

    private int Run()
    {
        var clock = Stopwatch.StartNew();
        Directory.CreateDirectory(_options.Folder);
        var workers = Enumerable.Range(0, _options.Workers).Select(i => new Thread(() => Work(i))).ToList();
        workers.ForEach(thread => thread.Start());
        workers.ForEach(thread => thread.Join());
        Directory.Delete(_scratch, recursive: true);

        foreach (var (kind, count) in _counts)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind}: {count}"));
        foreach (var (fault, count) in _faults)
            Console.WriteLine($"  {count} x {fault}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_options.Command}: {_tried} inputs from seed {_options.Seed} in {clock.Elapsed.TotalMinutes:0.0} minutes: {_accepted} taken, {_refused} refused, {_failed} failed"));
        return _failed == 0 && _tried == _options.Count ? 0 : 1;
    }

    private void Work(int worker)
    {
        while (TakePortion() is var (first, count) && count > 0)
        {
            // Goes on behind an input that ended or stopped the process.
            while (count > 0)
            {
                var tried = RunProcess(Path.Combine(_scratch, $"{worker}"), first, count);
                first += (ulong)tried;
                count -= tried;
            }
        }
    }

    private (ulong First, long Count) TakePortion()
    {
        lock (_lock)
        {
            var first = _next;
            var count = Math.Min(Portion, (long)(_options.Seed + (ulong)_options.Count - first));
            _next += (ulong)count;
            return (first, count);
        }
    }

    private long RunProcess(string folder, ulong first, long count)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        using var process = Child.Start(
            _heapLimit, ["worker", "--target", _options.Command, "--seed", $"{first}", "--count", $"{count}", "--folder", folder]);
        // The first input waits for the process to start as well.
        var patience = _patience + TimeSpan.FromMinutes(1);
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            var (begins, verdict) = (ReadLine(process, patience), ReadLine(process, _patience));
            patience = _patience;
            if (begins is null || verdict is null)
            {
                var isHang = !process.WaitForExit(TimeSpan.FromSeconds(1));
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                Record(seed, folder, isHang
                    ? $"{Worker.Failed} hang no answer within {_patience}"
                    : $"{Worker.Failed} crash the process ended with {process.ExitCode}");
                return (long)(seed - first) + 1;
            }
            Record(seed, folder, verdict);
        }
        process.WaitForExit();
        return count;
    }

    private static string? ReadLine(Process process, TimeSpan patience)
    {
        var line = process.StandardOutput.ReadLineAsync();
        return line.Wait(patience) ? line.Result : null;
    }

    private void Record(ulong seed, string folder, string verdict)
    {
        lock (_lock)
        {
            _tried++;
            if (_tried % 10_000 == 0)
                Console.WriteLine($"  {_tried} tried, {_failed} failed");
            if (verdict[0] != Worker.Failed)
            {
                var taken = verdict[0] == Worker.Accepted;
                _accepted += taken ? 1 : 0;
                _refused += taken ? 0 : 1;
                var kind = $"{verdict[2..]} {(taken ? "taken" : "refused")}";
                _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
                return;
            }
            _failed++;
            // One of each fault is shown; its line names the type and the place where it was thrown.
            var fault = verdict[2..];
            var key = Key(fault);
            var isNew = !_faults.TryGetValue(key, out var before);
            _faults[key] = before + 1;
            if (before < 5)
                Console.WriteLine($"FAILED seed {seed}: {(isNew ? fault[..Math.Min(fault.Length, 1500)] : key)}");
            if (before < 5)
                Keep(seed, folder, fault);
        }
    }

    private static string Key(string fault)
    {
        var frame = fault.IndexOf("⏎    at ", StringComparison.Ordinal);
        var message = string.Concat(fault.Select(letter => char.IsDigit(letter) ? '#' : letter));
        return message[..Math.Min(message.Length, 100)] + (frame < 0 ? "" : fault[frame..Math.Min(fault.Length, frame + 120)]);
    }

    private void Keep(ulong seed, string folder, string fault)
    {
        var kept = Path.Combine(_options.Folder, $"{_options.Command}-{seed}");
        Directory.CreateDirectory(kept);
        File.WriteAllText(Path.Combine(kept, "fault.txt"), fault.Replace(" ⏎ ", "\n", StringComparison.Ordinal) + "\n");
        var input = Path.Combine(folder, $"{Worker.Input}-{seed}");
        if (!Directory.Exists(input))
            input = Path.Combine(folder, Worker.Input);
        if (!Directory.Exists(input))
            return;
        foreach (var file in Directory.GetFiles(input))
            File.Copy(file, Path.Combine(kept, Path.GetFileName(file)), overwrite: true);
    }
}
