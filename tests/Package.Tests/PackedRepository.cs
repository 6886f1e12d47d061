using System.Reflection;

namespace SparseSharp.Package.Tests;

/// <summary>The packages, packed once, and folders of users who have nothing but them.</summary>
public sealed class PackedRepository : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sparsesharp-package-").FullName;

    public PackedRepository()
    {
        foreach (var project in new[] { "Runtime", "Templates" })
        {
            Dotnet.Run(
                Metadata("Repository"), "pack", $"src/{project}", "--no-build", "-c", Metadata("Configuration"), "-o", PackageFolder);
        }

        // Other packages come from where this repository's came from; ours is unpacked for this run alone.
        File.WriteAllText(
            Path.Combine(_root, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_root, "unpacked")}" /></config>
              <packageSources><add key="packed" value="{PackageFolder}" /></packageSources>
              <fallbackPackageFolders><add key="present" value="{GlobalPackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Version of both packages.</summary>
    public static string Version => Metadata("Version");

    /// <summary>Where the packages lie.</summary>
    public string PackageFolder => Path.Combine(_root, "packages");

    /// <summary>A folder outside of any project, in which restore finds the packages.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>A project that refers to the package, with some source files.</summary>
    public string NewProject(string name, params (string File, string Text)[] sources)
    {
        var folder = NewFolder(name);
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

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Metadata(string key) =>
        typeof(PackedRepository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

    private static string GlobalPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
