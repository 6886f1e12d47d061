using System.Diagnostics;

namespace SparseSharp.Package.Tests;

/// <summary>
/// The machine of someone who has the .NET SDK and nothing of ours: a home, a folder of unpacked packages and a template store that are
/// empty when it begins. Packages of others come from where this repository's were unpacked, so nothing needs a network.
/// </summary>
public sealed class UserMachine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _root = Directory.CreateTempSubdirectory("sparsesharp-user-").FullName;

    public UserMachine()
    {
        var configuration = Path.Combine(Home, ".nuget", "NuGet");
        Directory.CreateDirectory(configuration);
        // A folder of unpacked packages is also a source of packages.
        File.WriteAllText(
            Path.Combine(configuration, "NuGet.Config"),
            $"""<configuration><packageSources><add key="present" value="{PresentPackages()}" /></packageSources></configuration>""");
    }

    private string Home => Path.Combine(_root, "home");

    /// <summary>A new folder outside of any project.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Runs a .NET command that must succeed, and returns what it printed.</summary>
    public string Dotnet(string folder, params string[] arguments) =>
        MustSucceed(TryDotnet(folder, arguments), $"dotnet {string.Join(' ', arguments)}");

    /// <summary>Runs a .NET command that may fail.</summary>
    public (int ExitCode, string Output) TryDotnet(string folder, params string[] arguments) => Execute(folder, "dotnet", arguments);

    /// <summary>Starts a program, which must succeed, and returns what it printed.</summary>
    public string Start(string folder, string program, params string[] arguments) =>
        MustSucceed(Execute(folder, program, arguments), $"{program} {string.Join(' ', arguments)}");

    /// <summary>Runs a line of a page, as typed in a terminal; it may fail.</summary>
    public (int ExitCode, string Output) TryTyping(string folder, string line) => Execute(folder, "sh", ["-c", line]);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string MustSucceed((int ExitCode, string Output) result, string command)
    {
        Assert.True(result.ExitCode == 0, $"{command} ended with {result.ExitCode}:\n{result.Output}");
        return result.Output;
    }

    private (int ExitCode, string Output) Execute(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test run itself was started with must not reach the user's build.
        string[] ours = ["CI", "PWD", "DOTNET_CLI_HOME", "NUGET_FALLBACK_PACKAGES"];
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || ours.Contains(name)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = Home;
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_root, "unpacked");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var role in (ReadOnlySpan<string>)["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "A user";
            start.Environment[$"GIT_{role}_EMAIL"] = "user@localhost";
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
        return (process.ExitCode, output.Result + error.Result);
    }

    private static string PresentPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
