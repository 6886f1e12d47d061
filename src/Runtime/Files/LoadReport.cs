using System.Globalization;
using SparseSharp.Files;

namespace SparseSharp;

/// <summary>What loading a file changed of its weights, and what file and model do not have in common.</summary>
/// <param name="Rounded">
/// Layers whose products use bfloat16 and whose weights have more digits in the file. The layer learns from the weights of the file; its
/// products use them rounded, and so does a file that is saved.
/// </param>
public sealed record LoadReport(IReadOnlyList<RoundedLayer> Rounded)
{
    /// <summary>Layers, and biases of layers, that the file does not have or that were not to be read: they are as they were.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Tensors of the file that the model does not have.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>
    /// One line per layer that was rounded, one each for what is missing and what is not used, or that nothing was changed.
    /// </summary>
    public override string ToString()
    {
        List<string> lines = [.. Rounded.Select(layer => $"{layer}")];
        if (Missing.Count > 0)
            lines.Add($"Not read, and as before: {List(Missing)}");
        if (Unused.Count > 0)
            lines.Add($"In the file, but not in the model: {List(Unused)}");
        return lines.Count == 0 ? "All weights are as in the file." : string.Join(Environment.NewLine, lines);
    }

    private static string List(IReadOnlyList<string> names)
    {
        const int mostListed = 20;
        var listed = string.Join(", ", names.Take(mostListed).Select(FileText.Name));
        return names.Count > mostListed ? $"{listed} and {names.Count - mostListed} more" : listed;
    }

    internal static LoadReport Of(IEnumerable<(string Path, float[] Weight, bool Rounds)> layers) =>
        new([.. layers.Where(layer => layer.Rounds)
            .Select(layer => RoundedLayer.Of(layer.Path, layer.Weight))
            .Where(layer => layer.Weights > 0)]);
}

/// <summary>One layer of a <see cref="LoadReport"/>.</summary>
/// <param name="Path">Property path from the model.</param>
/// <param name="Weights">Weights that differ.</param>
/// <param name="LargestChange">The largest difference, as a share of the weight: at most 1/256, unless weights are subnormal.</param>
public sealed record RoundedLayer(string Path, long Weights, double LargestChange)
{
    /// <summary>For example <c>Stem: 401408 weights are rounded to bfloat16, by at most 0.39 %</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Path}: {Weights} weights are rounded to bfloat16, by at most {100 * LargestChange:0.##} %");

    internal static RoundedLayer Of(string path, float[] weight)
    {
        var (count, largest) = (0L, 0.0);
        foreach (var value in weight)
        {
            double rounded = (BFloat16)value;
            if (rounded == value)
                continue;
            count++;
            largest = Math.Max(largest, Math.Abs((rounded - value) / value));
        }
        return new(path, count, largest);
    }
}
