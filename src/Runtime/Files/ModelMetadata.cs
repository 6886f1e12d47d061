namespace SparseSharp.Files;

/// <summary>What the metadata of a model file are called, and what they say.</summary>
internal static class ModelMetadata
{
    /// <summary>What the metadata say of a layer whose weights were saved while it ran dense.</summary>
    public static string WithoutMask(SparsityPattern pattern) => $"{pattern}, run dense";

    /// <summary>Where the metadata have the hash of the graphs of a layer.</summary>
    public static string MaskKey(string layer) => $"sparsesharp.mask.{layer}";

    /// <summary>The class that was saved.</summary>
    public const string ModelKey = "sparsesharp.model";

    /// <summary>What the metadata say of full weights that products use as they are.</summary>
    public const string InUse = "in use";

    /// <summary>Where they say it.</summary>
    public static string WeightsKey(string layer) => $"sparsesharp.weights.{layer}";

    /// <summary>Where the metadata have the pattern of a layer.</summary>
    public static string PatternKey(string layer) => $"sparsesharp.pattern.{layer}";
}
