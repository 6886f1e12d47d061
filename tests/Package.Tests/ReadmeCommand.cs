namespace SparseSharp.Package.Tests;

/// <summary>A command of the README.</summary>
/// <param name="Line">As it stands there.</param>
/// <param name="Comment">What stands behind it.</param>
public sealed record ReadmeCommand(string Line, string Comment)
{
    /// <summary>
    /// What is typed in place of commands that take minutes: the same program with a switch that makes it quick. The tests themselves
    /// cannot run inside of a test; what ./test.sh does is done by whoever runs this one.
    /// </summary>
    private static readonly Dictionary<string, string> Quick = new()
    {
        ["dotnet run --project samples/Digits -c Release"] = "dotnet run --project samples/Digits -c Release -- --hidden 256 --epochs 1",
        ["dotnet run --project tests/Benchmarks -c Release"] = "dotnet run --project tests/Benchmarks -c Release -- --quick dense",
        ["./test.sh"] = "test -x ./test.sh && bash -n ./test.sh",
    };

    /// <summary>What the test types.</summary>
    public string Typed => Quick.GetValueOrDefault(Line, Line);

    /// <summary>Where it is typed.</summary>
    public Place Place => Comment switch
    {
        _ when Comment.Contains("your projects are", StringComparison.Ordinal) => Place.Projects,
        _ when Comment.Contains("in your project", StringComparison.Ordinal) => Place.Project,
        _ => Place.Here,
    };

    /// <inheritdoc/>
    public override string ToString() => Line;

    /// <summary>All lines of the blocks fenced as <c>sh</c>, in order.</summary>
    public static IEnumerable<ReadmeCommand> Read(string page)
    {
        var isInside = false;
        foreach (var line in File.ReadLines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```sh";
                continue;
            }
            if (!isInside || line.Length == 0)
                continue;
            var comment = line.IndexOf(" #", StringComparison.Ordinal);
            yield return comment < 0 ? new(line.Trim(), "") : new(line[..comment].Trim(), line[(comment + 2)..].Trim());
        }
    }
}

/// <summary>Where a command is typed.</summary>
public enum Place
{
    /// <summary>In the folder of this repository.</summary>
    Here,

    /// <summary>In the folder of the user's project.</summary>
    Project,

    /// <summary>In the folder above it.</summary>
    Projects,
}
