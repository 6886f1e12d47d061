namespace SparseSharp.Generator.Specs;

/// <summary>The fields of a generated model.</summary>
internal static class FieldNames
{
    /// <summary>A field for a property path: <c>_first_stem</c> for <c>First.Stem</c>.</summary>
    public static string Of(string path) =>
        "_" + string.Join("_", path.Replace("@", "")
            .Split('.')
            .Select(word => word.Length == 0 ? word : char.ToLowerInvariant(word[0]) + word.Substring(1)));
}
