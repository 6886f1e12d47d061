using System.Globalization;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>How the weights of a training are averaged over its steps (<see cref="TrainerOptions.Average"/>).</summary>
public sealed class Average
{
    private Average(double decay) => Decay = decay;

    /// <summary>
    /// The exponential moving average: after each optimizer step <c>average = decay·average + (1 - decay)·weight</c>. It begins with the
    /// weights after the first step, as
    /// <c>AveragedModel</c> of PyTorch does.
    /// </summary>
    /// <param name="decay">At least 0 and less than 1, for example 0.999: the average then follows the last thousand steps or so.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is out of its range.</exception>
    public static Average Ema(double decay)
    {
        Ranges.Share(decay);
        return new(decay);
    }

    /// <summary>Share of the average that a step leaves.</summary>
    public double Decay { get; }

    /// <summary>For example <c>Ema(0.999)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Ema({Decay:R})");
}
