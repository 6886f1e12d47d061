using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Names of the files that the generator adds, and what can be told from them.</summary>
internal static class GeneratedFiles
{
    /// <summary>The extension of all of them.</summary>
    public const string Extension = ".g.cs";

    /// <summary>What is added to the name of a model in the file of its module for TorchSharp.</summary>
    public const string Torch = ".Torch";

    /// <summary>
    /// The line by which a file says that the generator has reported the errors of its class, so that the analyzer need not.
    /// </summary>
    public const string ReportedMark = "// The generator reports what is wrong with it.";

    /// <summary>Kernels, and what else is generated once for a project, are in files of this beginning.</summary>
    private const string Shared = "SparseSharp.";

    /// <summary>
    /// The name of a model's file without extension. It is that of the class, unless another file could have it too: files with names that
    /// differ in case only are one for the compiler and for some file systems.
    /// </summary>
    /// <param name="type">The model.</param>
    /// <param name="shared">The names that more than one class would have.</param>
    public static string NameOf(TypeSpec type, EquatableArray<string> shared) =>
        IsReserved(type.HintName) || shared.Contains(type.HintName, StringComparer.OrdinalIgnoreCase) ? type.UniqueName : type.HintName;

    /// <summary>The names that more than one class would have, in one spelling each.</summary>
    public static EquatableArray<string> SharedNames(IEnumerable<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Skip(1).Any())
        .Select(group => group.OrderBy(name => name, StringComparer.Ordinal).First())
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>Whether a part of a class is one that was generated for it.</summary>
    public static bool Has(TypeSpec type, SyntaxTree tree)
    {
        var name = FileName(tree.FilePath);
        return IsOf(type.HintName) || IsOf(type.UniqueName);

        bool IsOf(string own) =>
            name.StartsWith(own, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
            && (name.Length == own.Length + Extension.Length || name == own + Torch + Extension);
    }

    /// <summary>Whether the generator has reported the errors of a class itself.</summary>
    public static bool IsReported(TypeSpec type, Compilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (Has(type, tree) && tree.GetText().ToString().Contains(ReportedMark))
                return true;
        }
        return false;
    }

    private static bool IsReserved(string name) =>
        name.EndsWith(Torch, StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith(Shared, StringComparison.OrdinalIgnoreCase) && name.IndexOf('.', Shared.Length) < 0);

    /// <summary>The last part of a path; unlike the framework's own method, of any text.</summary>
    private static string FileName(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}
