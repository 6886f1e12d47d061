using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>Descriptor, page, table and release file carry the same words.</summary>
public sealed class DocumentationTests
{
    private static readonly string _root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    [Fact]
    public void EveryDescriptorIsSupportedAndUnique()
    {
        var declared = typeof(Descriptors).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .ToList();
        Assert.Equal(declared.Select(descriptor => descriptor.Id)
            .Order(), new SparseModelAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id)
            .Order());
        Assert.Equal(declared.Count, declared.DistinctBy(descriptor => descriptor.Id).Count());
        Assert.Equal(declared.Count, declared.DistinctBy(descriptor => descriptor.Title.ToString()).Count());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void ADescriptorHasAPageARowAndAReleaseLine(string id)
    {
        var descriptor = Descriptors.All.Single(descriptor => descriptor.Id == id);
        var page = File.ReadAllLines(Path.Combine(_root, "docs", "diagnostics", $"{id}.md"));
        Assert.Equal($"# {id}: {descriptor.Title}", page[0]);
        Assert.Equal($"{descriptor.DefaultSeverity} · {descriptor.Category}", page[2]);
        Assert.Equal(["## Cause", "## Example", "## Fix"], page.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Equal($"{Descriptors.Files}docs/diagnostics/{id}.md", descriptor.HelpLinkUri);

        var table = File.ReadAllLines(Path.Combine(_root, "docs", "diagnostics", "README.md"));
        Assert.Contains($"| [{id}]({id}.md) | {descriptor.DefaultSeverity.ToString().ToLowerInvariant()} | {descriptor.Title} |", table);

        var releases = Directory.GetFiles(
            Path.Combine(_root, "src", "Generator", "Diagnostics"), "AnalyzerReleases.*.md").SelectMany(File.ReadAllLines);
        Assert.Single(releases, $"{id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {descriptor.Title}");
    }

    [Fact]
    public void NoPageIsLeftOver()
    {
        var pages = Directory.GetFiles(
            Path.Combine(_root, "docs", "diagnostics"), "SPS*.md").Select(path => Path.GetFileNameWithoutExtension(path)!);
        Assert.Equal(Descriptors.All.Select(descriptor => descriptor.Id).Order(), pages.Order());
    }

    /// <summary>Publishing has a warning of its own, which leads to a heading of a page.</summary>
    [Fact]
    public void TheWarningOfPublishingHasAPage()
    {
        var warning = XDocument.Load(Path.Combine(_root, "src", "Package", "SparseSharp.targets")).Descendants("Warning").Single();
        var link = warning.Attribute("HelpLink")!.Value;
        Assert.StartsWith(Descriptors.Files, link);
        var (page, heading) = (link[Descriptors.Files.Length..].Split('#')[0], link.Split('#')[1]);
        Assert.Contains(
            heading,
            File.ReadAllLines(Path.Combine(_root, page)).Where(line => line.StartsWith('#'))
                .Select(line => line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-')));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
