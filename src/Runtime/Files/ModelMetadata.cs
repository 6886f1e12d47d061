namespace SparseSharp.Files;

/// <summary>What the metadata of a model file are called, and what they say.</summary>
internal static class ModelMetadata
{
    /// <summary>The class that was saved.</summary>
    public const string ModelKey = "sparsesharp.model";

    /// <summary>Where the metadata have a text of a layer.</summary>
    public static string KeyOf(string text, string layer) => $"sparsesharp.{text}.{layer}";

    /// <summary>Where the metadata have the pattern of a layer.</summary>
    public static string PatternKey(string layer) => KeyOf("pattern", layer);

    /// <summary>What the metadata say of a layer whose weights were saved while it ran dense.</summary>
    public static string WithoutMask(SparsityPattern pattern) => $"{pattern}, run dense";
}
