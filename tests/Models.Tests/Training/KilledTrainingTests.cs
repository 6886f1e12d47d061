using System.Diagnostics;
using System.Runtime.InteropServices;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>A training in a process of its own that is killed again and again, without warning, wherever it is.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const int Kills = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-killed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_training_that_is_killed_at_any_instant_ends_with_the_same_bits()
    {
        var (checkpoint, result) = (Path.Combine(_folder, "checkpoint"), Path.Combine(_folder, "result"));
        var random = new Random(1);
        var kills = 0;
        while (kills < Kills && !File.Exists(result))
        {
            using var child = Start(checkpoint, result);
            for (var steps = random.Next(1, 8); steps > 0; steps--)
                child.StandardOutput.ReadLine();
            // Anywhere in the next steps, the writing of their checkpoints included.
            Thread.Sleep(TimeSpan.FromMilliseconds(8 * random.NextDouble()));
            child.Kill();
            child.WaitForExit();
            kills += File.Exists(result) ? 0 : 1;
        }
        // A busy machine may sleep long enough for a training to end; the first kill comes early enough on any.
        Assert.True(kills > 0, "The training was over before it could be killed.");
        using (var child = Start(checkpoint, result))
        {
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.Equal(0, child.ExitCode);
        }
        using var model = new MixedNet(seed: 1);
        Fit(model, new TrainerOptions());
        Assert.Equal(Bits(model), MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(result)).ToArray());
    }

    /// <summary>What the process does: trains, with a checkpoint after every step, and leaves the bits of the model.</summary>
    internal static void Train(string checkpoint, string result)
    {
        using var model = new MixedNet(seed: 1);
        Fit(model, new TrainerOptions
        {
            CheckpointPath = checkpoint,
            CheckpointEvery = 1,
            ResumeIfPresent = true,
            OnStep = report => Console.WriteLine(report.Step),
        });
        File.WriteAllBytes(result, MemoryMarshal.AsBytes<uint>(Bits(model)).ToArray());
    }

    private static void Fit(MixedNet model, TrainerOptions options)
    {
        using var trainer = new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new AdamW(0.003f), options);
        trainer.Fit(TrainingBench.Train, epochs: 20, batchSize: 64, validation: Validation).Last();
    }

    private static Process Start(string checkpoint, string result)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [typeof(KilledTrainingTests).Assembly.Location, "train", checkpoint, result])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
