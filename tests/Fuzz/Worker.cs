using System.Globalization;

namespace SparseSharp.Fuzz;

/// <summary>A process that tries a range of seeds, and says on its standard output which one it begins and what came of it.</summary>
internal static class Worker
{
    /// <summary>Folder of what is tried, below that of the worker; with the seed behind it where it failed.</summary>
    public const string Input = "input";

    public const char Begins = '>';
    public const char Accepted = '+';
    public const char Refused = '-';
    public const char Failed = '!';

    public static int Run(FuzzOptions options) => options.Target switch
    {
        "files" => Run<Files.FileTarget>(options),
        "programs" => Run<Programs.ProgramTarget>(options),
        _ => 2,
    };

    private static int Run<TTarget>(FuzzOptions options)
        where TTarget : IFuzzTarget
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { NewLine = "\n", AutoFlush = true };
        // What the library prints must not look like a verdict.
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        var target = TTarget.Create(options.Folder);
        for (var seed = options.Seed; seed < options.Seed + (ulong)options.Count; seed++)
        {
            output.WriteLine($"{Begins} {seed}");
            var verdict = Try(target, seed);
            if (verdict[0] == Failed)
            {
                // The next input must not be blamed for what this one left behind.
                Directory.Move(Path.Combine(options.Folder, Input), Path.Combine(options.Folder, $"{Input}-{seed}"));
                target.Dispose();
                target = TTarget.Create(options.Folder);
            }
            output.WriteLine(verdict);
        }
        target.Dispose();
        return 0;
    }

    private static string Try(IFuzzTarget target, ulong seed)
    {
        try
        {
            var verdict = target.Try(seed);
            return $"{(verdict.IsAccepted ? Accepted : Refused)} {verdict.Kind}";
        }
        catch (FuzzException fault)
        {
            return OneLine($"{Failed} {fault.Kind} {fault.Message} {fault.InnerException}");
        }
#pragma warning disable CA1031 // Whatever was not expected is what we look for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return OneLine($"{Failed} exception {error}");
        }
    }

    private static string OneLine(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.ReplaceLineEndings(" ⏎ ")}");
}
