using System.Text.RegularExpressions;

namespace SparseSharp.Package.Tests;

/// <summary>A command of the README.</summary>
/// <param name="Line">As it stands there.</param>
/// <param name="Comment">What stands behind it.</param>
public sealed partial record ReadmeCommand(string Line, string Comment)
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

    /// <summary>
    /// What the test types where this repository has been built: a program of its own is not built a second time in the clone, which takes
    /// longer than all other commands together. CI builds them in a clean clone.
    /// </summary>
    public string TypedBeside(string repository)
    {
        var program = OwnProgram().Match(Typed).Groups[1].Value;
        var project = Path.Combine(repository, program);
        return Place == Place.Here && program.Length > 0 && Directory.Exists(Path.Combine(project, "bin", "Release"))
            ? Typed.Replace($"--project {program} ", $"--no-build --project \"{project}\" ", StringComparison.Ordinal)
            : Typed;
    }

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

    [GeneratedRegex(@"^dotnet run --project (\S+) ")]
    private static partial Regex OwnProgram();
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
