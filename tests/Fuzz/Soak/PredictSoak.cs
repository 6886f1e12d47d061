using System.Diagnostics;
using System.Globalization;

namespace SparseSharp.Fuzz.Soak;

/// <summary>
/// Predictions of many threads while other threads save, load, replace and dispose the models; every output is compared bit by bit.
/// </summary>
internal static class PredictSoak
{
    private const int Threads = 64;

    /// <summary>
    /// How much the process may grow between the middle and the end: less than a few workspaces that one thread more would need.
    /// </summary>
    private const double MostGrowth = 24;

    private static long s_done, s_gone, s_failed, s_replaced;

    public static int Run(FuzzOptions options)
    {
        var clock = Stopwatch.StartNew();
        using var quick = new SharedModel<QuickModel>((model, inputs, outputs) => model.Predict(inputs, outputs));
        using var mixed = new SharedModel<MixedModel>((model, inputs, outputs) => model.Predict(inputs, outputs));
        ISharedModel[] models = [quick, mixed];
        var stop = new ManualResetEventSlim();
        var replacing = models.Select((model, i) => new Thread(() => Replace(model, stop))).ToList();
        replacing.ForEach(thread => thread.Start());

        var memory = new List<(double Resident, double Heap)>();
        // A fifth first, in which threads, workspaces and code come to be.
        long[] portions = [options.Count / 5, options.Count * 2 / 5, options.Count - (options.Count / 5) - (options.Count * 2 / 5)];
        foreach (var portion in portions)
        {
            Predict(models, portion, options.Seed + (ulong)memory.Count);
            memory.Add(Measure());
        }
        stop.Set();
        replacing.ForEach(thread => thread.Join());

        foreach (var (moment, (resident, heap)) in ((string[])["start", "middle", "end"]).Zip(memory))
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {moment}: {resident:0.0} MB resident, {heap:0.0} MB managed"));
        var grown = memory[2].Resident - memory[1].Resident;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"predict: {s_done} predictions on {Threads} threads from seed {options.Seed} in {clock.Elapsed.TotalMinutes:0.0} minutes: {s_gone} refused by a disposed model, {s_failed} failed, {s_replaced} models replaced, {grown:0.0} MB grown"));
        return s_failed == 0 && s_done == options.Count && s_gone < s_done && grown <= MostGrowth ? 0 : 1;
    }

    private static void Predict(ISharedModel[] models, long count, ulong seed)
    {
        var left = count;
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            var random = Files.Seeded.Random((seed * Threads) + (ulong)i);
            var outputs = new float[SharedModel<QuickModel>.MostSamples * 10];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                // As many small batches as large ones.
                var samples = random.Next(2) == 0 ? random.Next(1, 17) : random.Next(1, SharedModel<QuickModel>.MostSamples + 1);
                Guard(() => Interlocked.Add(ref s_gone, models[random.Next(models.Length)].Predict(samples, outputs) ? 0 : 1));
                Interlocked.Increment(ref s_done);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static void Replace(ISharedModel model, ManualResetEventSlim stop)
    {
        var path = Path.Combine(Path.GetTempPath(), $"sparsesharp-soak-{Guid.NewGuid():N}.safetensors");
        while (!stop.Wait(TimeSpan.FromMilliseconds(5)))
        {
            Guard(() => model.Replace(path));
            Interlocked.Increment(ref s_replaced);
        }
    }

    private static void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever was not expected is what we look for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (Interlocked.Increment(ref s_failed) <= 5)
                Console.WriteLine($"FAILED {error}");
        }
    }

    private static (double Resident, double Heap) Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return (process.WorkingSet64 / 1e6, GC.GetTotalMemory(forceFullCollection: true) / 1e6);
    }
}
