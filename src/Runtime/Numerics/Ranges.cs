using System.Runtime.CompilerServices;

namespace SparseSharp.Numerics;

/// <summary>Checks of hyper-parameters; NaN fits no range.</summary>
internal static class Ranges
{
    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Check(value > 0 && double.IsFinite(value), value, "greater than 0 and finite", name);

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Check(value >= 0 && double.IsFinite(value), value, "at least 0 and finite", name);

    public static void Share(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Check(value is >= 0 and < 1, value, "at least 0 and less than 1", name);

    public static void UpToOne(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Check(value is >= 0 and <= 1, value, "between 0 and 1", name);

    /// <summary>The value as float32, which has to be in the range as well: no tiny learning rate becomes 0.</summary>
    public static float PositiveSingle(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        Check((float)value > 0 && float.IsFinite((float)value), value, "greater than 0 and finite in float32", name);
        return (float)value;
    }

    /// <inheritdoc cref="PositiveSingle"/>
    public static float NotNegativeSingle(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        Check(value >= 0 && float.IsFinite((float)value), value, "at least 0 and finite in float32", name);
        return (float)value;
    }

    /// <inheritdoc cref="PositiveSingle"/>
    public static float ShareSingle(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        Check(value >= 0 && (float)value < 1, value, "at least 0 and less than 1 in float32", name);
        return (float)value;
    }

    private static void Check(bool fits, double value, string range, string? name)
    {
        if (!fits)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }
}
