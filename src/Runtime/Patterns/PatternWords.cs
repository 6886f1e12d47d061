using SparseSharp.Settings;

namespace SparseSharp.Patterns;

/// <summary>A pattern with the precision beside it, as tables have them and as the compiler writes them.</summary>
internal static class PatternWords
{
    /// <summary>For example <c>2:4 transposable, bfloat16</c>, or <c>dense</c>.</summary>
    public static string Of(SparsityPattern? pattern, Bfloat16Use bfloat16) =>
        (pattern?.ToString() ?? "dense") + Bfloat16Settings.Words(bfloat16);
}
