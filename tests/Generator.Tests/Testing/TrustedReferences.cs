using Microsoft.CodeAnalysis;

namespace SparseSharp.Testing;

/// <summary>
/// Assemblies that this process was started with, as references of compilations. One file for all projects of tests that compile something.
/// </summary>
internal static class TrustedReferences
{
    /// <summary>The framework, and some more.</summary>
    /// <param name="more">File names of the others, for example <c>SparseSharp.dll</c>.</param>
    public static IEnumerable<MetadataReference> Find(params string[] more)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework || more.Contains(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
