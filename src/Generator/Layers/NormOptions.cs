using System.Globalization;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;

namespace SparseSharp.Generator.Layers;

/// <summary>What attributes of normalisations have in common.</summary>
internal static class NormOptions
{
    private const string Epsilon = "Epsilon";

    /// <summary>What is added to a variance.</summary>
    public static double ReadEpsilon(LayerSource source)
    {
        const double otherwise = 1e-5;
        var epsilon = source.Attribute.Get(Epsilon, otherwise);
        if (epsilon > 0 && !double.IsInfinity(epsilon))
            return epsilon;
        Report(
            source, Epsilon, $"an Epsilon of {epsilon.ToString(CultureInfo.InvariantCulture)}",
            "it is added to the variance so that nothing is divided by 0: make it greater than 0");
        return otherwise;
    }

    /// <summary>Reports an option.</summary>
    /// <param name="source">The layer.</param>
    /// <param name="option">The property.</param>
    /// <param name="what">What it has.</param>
    /// <param name="advice">What to change.</param>
    public static void Report(LayerSource source, string option, string what, string advice) =>
        source.Sink.Report(Descriptors.NormalisationOption, source.Attribute.Argument(option), source.Path, what, advice);

    /// <summary>A number as code has it.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
