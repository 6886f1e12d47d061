using System.CommandLine;
using static Samples.Display.CommandOptions;

namespace Cifar;

/// <summary>The options, and what they mean as <see cref="Settings"/>.</summary>
internal sealed class CommandLine
{
    private readonly Option<string> _network = Choice("--network", "Network", Catalogue.Networks);
    private readonly Option<string> _sparsity = Choice("--sparsity", "Sparsity to compare with the dense network", Catalogue.Sparsities);
    private readonly Option<bool> _compare = new("--compare") { Description = "Compare all sparsities" };
    private readonly Option<string> _regime = Choice("--regime", "Training to compare with the plain one", Recipe.Names);
    private readonly Option<string?> _data = new("--data")
    {
        Description = "Directory of CIFAR-10: JPEG copies, or the binary files (plain or .gz) [default: generated pictures]",
        HelpName = "DIR",
    };

    private readonly Option<int> _epochs = Number("--epochs", "Epochs per model", 7, 1, 100_000);
    private readonly Option<int> _images = Number("--images", "Generated training pictures", 10_000, 1, 10_000_000);
    private readonly Option<int> _tests = Number("--tests", "Generated test pictures", 2_000, 1, 1_000_000);
    private readonly Option<int> _batch = Number("--batch", "Images per training step", 64, 2, 1 << 16);
    private readonly Option<double> _rate = Number("--lr", "Learning rate at the start", 0.05, 1e-8, 1000);
    private readonly Option<int> _threads = Number("--threads", "Threads that compute", Environment.ProcessorCount, 1, 1024);
    private readonly Option<ulong> _seed = Number("--seed", "Seed of weights, shuffling and augmentation", 1ul, 0ul, ulong.MaxValue - 1);

    /// <summary>Makes the command.</summary>
    /// <param name="run">Does the work and returns the exit code.</param>
    public static RootCommand Create(Func<Settings, CancellationToken, int> run)
    {
        var line = new CommandLine();
        var command = new RootCommand("Trains a convolutional network dense and sparse on small pictures, and compares them.")
        {
            line._network, line._sparsity, line._compare, line._regime, line._data, line._epochs, line._images, line._tests, line._batch, line._rate,
            line._threads, line._seed,
        };
        // Only an action that returns at once is told of Ctrl+C.
        command.SetAction((parsed, cancellation) => Task.Run(() => run(line.Read(parsed), cancellation)));
        return command;
    }

    private Settings Read(ParseResult parsed) => new(
        parsed.GetValue(_network)!,
        parsed.GetValue(_sparsity)!,
        parsed.GetValue(_compare),
        parsed.GetValue(_regime)!,
        parsed.GetValue(_data),
        parsed.GetValue(_epochs),
        parsed.GetValue(_images),
        parsed.GetValue(_tests),
        parsed.GetValue(_batch),
        parsed.GetValue(_rate),
        parsed.GetValue(_threads),
        parsed.GetValue(_seed));

}
