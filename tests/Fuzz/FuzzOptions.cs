using System.Globalization;

namespace SparseSharp.Fuzz;

/// <summary>The command line.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        Feeds damaged input to the library until something gives way, and counts.

        Usage: Fuzz COMMAND [--count N] [--seed S] [--workers N] [--folder DIR]

          files       mutated models, checkpoints, shard indices and IDX files into every reader   [300000]
          programs    mutated programs through the generator, the analyzers and the compiler       [10000]
          predict     predictions of 64 threads while models come and go                           [1000000]
          kill        kills a process that saves models and checkpoints                            [500]
          full-disk   saves where there is no room                                                 [50]

          --count N     how many; the default is the number in brackets
          --seed S      seed of the first one, 1 if not given; the same seed makes the same input
          --workers N   processes at a time; one per processor if not given
          --folder DIR  where inputs that failed are left, artifacts/fuzz if not given

        The last line has the counts. Exit code: 0, 1 if anything failed, 2 if the command line was wrong.
        """;

    private static readonly Dictionary<string, long> Counts = new()
    {
        ["files"] = 300_000,
        ["programs"] = 10_000,
        ["predict"] = 1_000_000,
        ["kill"] = 500,
        ["full-disk"] = 50,
        ["worker"] = 1,
        ["killed"] = 1,
        ["help"] = 1,
    };

    public required string Command { get; init; }

    /// <summary>What a worker works on: <c>files</c> or <c>programs</c>.</summary>
    public string Target { get; private init; } = "";

    public long Count { get; private init; }

    public ulong Seed { get; private init; } = 1;

    public int Workers { get; private init; } = Environment.ProcessorCount;

    public string Folder { get; private init; } = Path.Combine("artifacts", "fuzz");

    public static FuzzOptions? Parse(IReadOnlyList<string> arguments, out string? error)
    {
        error = null;
        var command = arguments.Count == 0 || arguments[0] is "--help" or "-h" ? "help" : arguments[0];
        if (!Counts.TryGetValue(command, out var count))
        {
            error = $"Unknown command {command}.";
            return null;
        }
        var options = new FuzzOptions { Command = command, Count = count };
        for (var i = 1; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            var isNumber = long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (arguments[i])
            {
                case "--count" when isNumber:
                    options = options with { Count = number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = (ulong)number };
                    break;
                case "--workers" when isNumber && number < 1000:
                    options = options with { Workers = (int)number };
                    break;
                case "--folder" when value.Length > 0:
                    options = options with { Folder = value };
                    break;
                case "--target" when value.Length > 0:
                    options = options with { Target = value };
                    break;
                default:
                    error = $"Unknown option or value: {arguments[i]} {value}.";
                    return null;
            }
        }
        return options;
    }

    public static int Print()
    {
        Console.WriteLine(Usage);
        return 0;
    }
}
