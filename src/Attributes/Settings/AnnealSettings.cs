namespace SparseSharp.Settings;

/// <summary>What makes the settings of gradient annealing valid, shared by the compiler checks and the runtime.</summary>
internal static class AnnealSettings
{
    /// <summary>Of <see cref="GradientAnnealAttribute.Alpha"/>.</summary>
    public const double DefaultAlpha = 0.5;

    /// <summary>Of <see cref="GradientAnnealAttribute.HardZero"/>.</summary>
    public const double DefaultHardZero = 0.9;

    /// <summary>Of <see cref="GradientAnnealAttribute.InitialThreshold"/>.</summary>
    public const double DefaultThreshold = -5;

    /// <summary>Beyond it the slope of the sigmoid is so small that a threshold would never move.</summary>
    public const double LargestThreshold = 20;

    /// <summary>
    /// Of <see cref="GradientAnnealAttribute.RebuildEvery"/>. To pack the layers of 784-1024-1024-10 anew took six tenths of a training
    /// step where a tenth of the weights is kept (batch 128, one thread), so that it adds a fiftieth; where three tenths are, two and a
    /// half steps.
    /// </summary>
    public const int DefaultRebuild = 32;

    /// <summary>Whether a value is from 0 to 1; not a number is not.</summary>
    public static bool IsShare(double value) => value >= 0 && value <= 1;

    /// <summary>Whether a value is greater than 0 and at most 1.</summary>
    public static bool IsPositiveShare(double value) => value > 0 && value <= 1;

    public static bool IsThreshold(double value) => value >= -LargestThreshold && value <= LargestThreshold;

    public static bool IsRate(double value) => value > 0 && !double.IsInfinity(value);

    /// <summary>
    /// Whether an N:M layer under this policy can be annealed: its masked weights exist, and no other rule says what they learn.
    /// </summary>
    public static bool CanAnneal(MaskPolicy policy) => policy is MaskPolicy.SrSte or MaskPolicy.StraightThrough;

    public static int Rebuild(int every) => every == 0 ? DefaultRebuild : every;
}
