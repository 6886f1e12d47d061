using System.Reflection;

namespace SparseSharp.Package.Tests;

/// <summary>
/// This work tree as a fresh clone on the machine of a user who types every command of the README, once. The packages that come of it are
/// those that all tests here use.
/// </summary>
public sealed class FreshClone : IDisposable
{
    /// <summary>Makes the clone and types the commands.</summary>
    public FreshClone()
    {
        Clone(Repository, Folder);
        Git("init", "--quiet");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "A clone");

        Machine.Dotnet(Projects, "new", "console", "--output", "Mine");
        foreach (var command in ReadmeCommand.Read(ReadmePage))
        {
            var (exitCode, output) = Machine.TryTyping(
                command.Place switch { Place.Project => Project, Place.Projects => Projects, _ => Folder },
                command.TypedBeside(Repository));
            Results[command] = (exitCode, output);
        }
        Version = Versions("SparseSharp")[^1];
    }

    /// <summary>The page whose commands are typed.</summary>
    public static string ReadmePage { get; } = Path.Combine(Repository, "README.md");

    /// <summary>The user's machine.</summary>
    public UserMachine Machine { get; } = new();

    /// <summary>The clone.</summary>
    public string Folder => Machine.NewFolder("clone");

    /// <summary>Where the user's projects are.</summary>
    public string Projects => Machine.NewFolder("projects");

    /// <summary>The user's project: a console program.</summary>
    public string Project => Path.Combine(Projects, "Mine");

    /// <summary>What came of each command of the README.</summary>
    public Dictionary<ReadmeCommand, (int ExitCode, string Output)> Results { get; } = [];

    /// <summary>Where the packages lie.</summary>
    public string PackageFolder => Path.Combine(Folder, "packages");

    /// <summary>Version of both packages.</summary>
    public string Version { get; }

    /// <summary>Versions of a package that have been packed, the oldest first.</summary>
    public IReadOnlyList<string> Versions(string package) =>
    [
        .. Directory.GetFiles(
            PackageFolder, $"{package}.0.*.nupkg").Select(file => Path.GetFileNameWithoutExtension(file)[(package.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs git in the clone.</summary>
    public string Git(params string[] arguments) => Machine.Start(Folder, "git", arguments);

    /// <summary>A project that refers to the package, with some source files.</summary>
    public string NewProject(string name, params (string File, string Text)[] sources)
    {
        var folder = Machine.NewFolder(name);
        File.WriteAllText(
            Path.Combine(folder, $"{name}.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SparseSharp" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        foreach (var (file, text) in sources)
            File.WriteAllText(Path.Combine(folder, file), text);
        return folder;
    }

    public void Dispose() => Machine.Dispose();

    /// <summary>Copies what git tracks or would add: a test of changes runs before they are committed.</summary>
    private void Clone(string from, string to)
    {
        var (exitCode, files) = Machine.TryTyping(from, "git -c safe.directory='*' ls-files -z --cached --others --exclude-standard");
        foreach (var file in exitCode == 0 ? files.Split('\0', StringSplitOptions.RemoveEmptyEntries) : Export(from))
        {
            var (source, target) = (Path.Combine(from, file), Path.Combine(to, file));
            if (!File.Exists(source))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }
    }

    /// <summary>The files of a folder without git, but what builds left.</summary>
    private static IEnumerable<string> Export(string from)
    {
        string[] built = ["bin", "obj", "artifacts", "packages"];
        return Directory.GetFiles(from, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(from, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(built.Contains));
    }

    private static string Repository => Path.GetFullPath(
        typeof(FreshClone).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Repository").Value!);
}

/// <summary>The README's commands are typed once for all tests.</summary>
[CollectionDefinition(Name)]
public sealed class CloneCollection : ICollectionFixture<FreshClone>
{
    public const string Name = "A fresh clone";
}
