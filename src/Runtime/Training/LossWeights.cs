using System.Globalization;
using System.Runtime.InteropServices;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>Weights that losses take, and how losses tell their settings.</summary>
internal static class LossWeights
{
    /// <summary>More are told by their number and a hash.</summary>
    private const int MostInText = 12;

    /// <summary>Weights in float32, which was checked; empty if there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public static float[] Of(ReadOnlySpan<double> weights)
    {
        var result = new float[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            result[i] = Ranges.NotNegativeSingle(weights[i], $"weight {i}");
        return result;
    }

    /// <summary>Throws if there are weights, but not one for each output.</summary>
    public static void Check(float[] weights, int outputs, Loss loss, string what)
    {
        if (weights.Length != 0 && weights.Length != outputs)
            throw new ArgumentException($"{loss} has {weights.Length} {what}, but the model has {outputs} outputs: give it one for each.");
    }

    /// <summary>The weights as text to compare, or null if there are none.</summary>
    public static string? Text(float[] weights)
    {
        if (weights.Length == 0)
            return null;
        if (weights.Length <= MostInText)
            return $"[{string.Join(", ", weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))}]";
        // FNV-1a: equal everywhere and in every version, because checkpoints hold it.
        var hash = 14695981039346656037UL;
        foreach (var part in MemoryMarshal.AsBytes(weights.AsSpan()))
            hash = (hash ^ part) * 1099511628211UL;
        return string.Create(CultureInfo.InvariantCulture, $"{weights.Length} with hash {hash:x16}");
    }

    /// <summary>A name with the settings that are there, for example <c>SoftmaxCrossEntropy(labelSmoothing: 0.1, ignore: -1)</c>.</summary>
    public static string Describe(string name, params ReadOnlySpan<(string Name, object? Value)> settings)
    {
        var texts = new List<string>();
        foreach (var (setting, value) in settings)
        {
            if (value is not null)
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{setting}: {value}"));
        }
        return texts.Count == 0 ? name : $"{name}({string.Join(", ", texts)})";
    }
}
