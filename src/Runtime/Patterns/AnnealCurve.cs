namespace SparseSharp.Patterns;

/// <summary>The curves of <see cref="AnnealSchedule"/>, and where they end.</summary>
internal static class AnnealCurve
{
    /// <summary>Half of the range that the sigmoid runs through (AutoSparse: from -6 to 6).</summary>
    private const double Reach = 6;

    /// <summary>What a share that starts at 1 is after part <paramref name="x"/> of the training; not its hard zero.</summary>
    public static double Factor(AnnealSchedule schedule, double x) => schedule switch
    {
        AnnealSchedule.SigmoidCosine => Math.Max(Cosine(x), Sigmoid(x)),
        AnnealSchedule.Cosine => Cosine(x),
        AnnealSchedule.Linear => 1 - x,
        AnnealSchedule.Sigmoid => Sigmoid(x),
        AnnealSchedule.Constant => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "This is no schedule."),
    };

    /// <summary>The first epoch or step, of so many, at which the share is exactly 0.</summary>
    /// <remarks>A little is added first: 0.29 * 100 is less than 29 in binary.</remarks>
    public static long ZeroFrom(double hardZero, long count) => (long)Math.Floor((hardZero * count) + 1e-9);

    private static double Cosine(double x) => (1 + Math.Cos(Math.PI * x)) / 2;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp((2 * Reach * x) - Reach));
}
