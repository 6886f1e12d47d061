namespace SparseSharp.Training;

/// <summary>
/// Tunes the share of the gradient that masked weights start with, by the mean training losses of a dense training of the same model
/// (AutoSparse). Where the sparse loss is above the dense one of the same epoch by more than a hundredth, masked weights need more; else
/// they make do with a little less.
/// </summary>
internal static class AlphaTuner
{
    /// <summary>Epochs that tune.</summary>
    public const int Epochs = 10;

    private const double Tolerance = 0.01;
    private const double Growth = 0.05;
    private const double Decline = 0.005;

    /// <summary>The share after an epoch, from 0 to 1.</summary>
    /// <param name="alpha">The share before it.</param>
    /// <param name="loss">Mean training loss of the epoch.</param>
    /// <param name="denseLoss">That of the dense training.</param>
    public static double Next(double alpha, double loss, double denseLoss) =>
        Math.Clamp(alpha * (loss > denseLoss * (1 + Tolerance) ? 1 + Growth : 1 - Decline), 0, 1);
}
