using SparseSharp.Benchmarks.Measuring;

namespace SparseSharp.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        Measures our kernels beside OpenBLAS and oneDNN in one process.

        Usage: Benchmarks [names] [--quick] [--shape NAME] [--json FILE] [--help]

          names          which benchmarks to run; all of them if none is named
          --quick        fewer shapes and rounds, well under a minute; figures vary more
          --shape NAME   of conv and net benchmarks only this shape, with its batch or without
          --json FILE    also write every row to a file
          --help         print this

        Exit code: 0, 1 if a result was wrong, 2 if the command line was.

        Benchmarks:
        """;

    /// <summary>Benchmarks to run, without repetitions.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    public Effort Effort { get; private init; } = Effort.Full;

    /// <summary>The shape that is measured where benchmarks have several; null for all.</summary>
    public string? Shape { get; private init; }

    public string? JsonFile { get; private init; }

    public bool Help { get; private init; }

    /// <summary>Reads the arguments; null with one line that says what is wrong.</summary>
    public static BenchmarkOptions? Parse(IReadOnlyList<string> arguments, IReadOnlyList<string> known, out string? error)
    {
        var options = new BenchmarkOptions();
        var names = new List<string>();
        error = null;
        for (var i = 0; i < arguments.Count && error is null; i++)
        {
            var argument = arguments[i];
            if (argument == "--quick")
                options = options with { Effort = Effort.Quick };
            else if (argument is "--help" or "-h")
                options = options with { Help = true };
            else if (argument == "--shape" && i + 1 < arguments.Count)
                options = options with { Shape = arguments[++i] };
            else if (argument == "--json")
                options = options with { JsonFile = JsonPath(arguments.ElementAtOrDefault(++i), out error) };
            else if (argument.StartsWith('-'))
                error = $"Unknown option {argument}: the options are --quick, --shape NAME, --json FILE and --help.";
            else if (!known.Contains(argument))
                error = $"Unknown benchmark {argument}: the names are {string.Join(", ", known)}.";
            else
                names.Add(argument);
        }
        return error is null ? options with { Names = names.Count == 0 ? known : [.. names.Distinct()] } : null;
    }

    /// <summary>Checked before anything is measured: a run of minutes should not end with a wrong path.</summary>
    private static string? JsonPath(string? path, out string? error)
    {
        error = null;
        if (string.IsNullOrEmpty(path) || path.StartsWith('-'))
            error = "Option --json needs a file name.";
        else if (Directory.Exists(path))
            error = $"Option --json: {path} is a directory.";
        else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            error = $"Option --json: the directory of {path} does not exist.";
        return path;
    }
}
