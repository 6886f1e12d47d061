namespace SparseSharp.Models.Tests.Testing;

internal static class NMLayers
{
    /// <summary>The pattern of a layer that is known to have an N:M one.</summary>
    public static NMPattern NMPattern(this Linear layer) => (NMPattern)layer.Pattern!;
}
