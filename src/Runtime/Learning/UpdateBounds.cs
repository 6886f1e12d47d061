namespace SparseSharp.Learning;

/// <summary>What no magnitude of some parameters and their optimizer state exceeds; infinite where nothing is known.</summary>
/// <param name="Value">Of the values.</param>
/// <param name="First">Of the first states.</param>
/// <param name="Second">Of the second states.</param>
internal readonly record struct UpdateBounds(double Value, double First, double Second)
{
    /// <summary>
    /// Up to here a bound says for certain that an update stays finite. Floats go on to 3.4e38: what is left is room for sums over a layer,
    /// for bfloat16, and for rounding.
    /// </summary>
    public const double Limit = 1e30;

    /// <summary>A little more than the largest error of a few roundings.</summary>
    private const double Rounding = 1 + 1e-5;

    /// <summary>Nothing is known.</summary>
    public static UpdateBounds Unknown => new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>Whether all of them are small enough.</summary>
    public bool AreSafe => Value <= Limit && First <= Limit && Second <= Limit;

    /// <summary>The bounds with room for rounding.</summary>
    public UpdateBounds Rounded() => new(Value * Rounding, First * Rounding, Second * Rounding);
}
