using System.Text.RegularExpressions;

namespace SparseSharp.Architecture.Tests;

/// <summary>What docs/contributing.md says of files is so.</summary>
public sealed partial class ContributingTests
{
    private static readonly string _root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));
    private static readonly string _page = File.ReadAllText(Path.Combine(_root, "docs", "contributing.md"));

    [Fact]
    public void Every_path_exists()
    {
        var paths = CodePaths().Matches(_page).Select(match => match.Groups[1].Value).ToList();
        Assert.InRange(paths.Count, 20, int.MaxValue);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(_root, path)), $"There is no {path}."));
    }

    [Fact]
    public void Every_example_is_named_in_exactly_the_files_of_its_line()
    {
        var examples = Examples().Matches(_page);
        Assert.Equal(5, examples.Count);
        foreach (Match example in examples)
        {
            var word = example.Groups[1].Value;
            var listed = CodePaths().Matches(example.Groups[2].Value).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
            Assert.Equal(listed, FilesNaming(word).Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> FilesNaming(string word) => Directory
        .EnumerateFiles(Path.Combine(_root, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_root, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Where(file => Regex.IsMatch(File.ReadAllText(Path.Combine(_root, file)), $@"\b{word}\b"));

    [GeneratedRegex(@"`((?:src|tests|docs)/[\w./-]+)`")]
    private static partial Regex CodePaths();

    [GeneratedRegex(@"^Example: `(\w+)` is named in (.*?)(?:\n\n|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Examples();
}
