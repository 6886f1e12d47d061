namespace SparseSharp.Generator.Diagnostics;

/// <summary>
/// Values that would be right where a wrong one stands, nearest first or in ascending order. A code fix writes them there.
/// </summary>
internal sealed record Suggestion(params string[] Values)
{
    /// <summary>The property of a diagnostic that carries the values.</summary>
    public const string Property = "SparseSharp.Values";

    /// <summary>Between two values of the property.</summary>
    public const char Separator = '|';

    public Suggestion(params int[] values)
        : this(Array.ConvertAll(values, value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))
    {
    }

    /// <summary>As a message has them.</summary>
    public override string ToString() => string.Join(" or ", Values);
}
