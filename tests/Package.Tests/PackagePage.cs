using System.IO.Compression;
using System.Text.RegularExpressions;

namespace SparseSharp.Package.Tests;

/// <summary>The README of a package.</summary>
/// <param name="Text">All of it.</param>
internal sealed partial record PackagePage(string Text)
{
    /// <summary>Where its links and pictures lead.</summary>
    public IReadOnlyList<string> Links => [.. Link().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>Its blocks of C#.</summary>
    public IReadOnlyList<string> Programs => [.. Program().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>Reads the page of a package file.</summary>
    public static PackagePage Read(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var reader = new StreamReader(archive.GetEntry("README.md")!.Open());
        return new(reader.ReadToEnd());
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}
