using System.Globalization;
using System.Text;
using SparseSharp.Kernels;
using SparseSharp.Patterns;

namespace SparseSharp;

/// <summary>A model as a table for people: what generated models return from <c>ToString</c>.</summary>
public static class ModelTable
{
    private static readonly string[] Head = ["layer", "inputs", "outputs", "pattern", "weights kept", "of", "FLOP per sample"];

    /// <summary>
    /// A line per layer, as the layer is now, and their sum. Weights are those of the matrices, without biases. Operations are those of
    /// products with the kept weights in a forward pass, multiply and add counted as two.
    /// </summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model; a disposed one is shown as it was made.</param>
    public static string Of<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        var descriptor = TModel.Descriptor;
        var layers = Layers(model);
        List<string[]> rows = [Head, .. layers.Select(Row)];
        rows.Add(["all", "", "", "", Sum(layer => layer.KeptWeights), Sum(layer => layer.Weights), Sum(layer => layer.Flops)]);

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{descriptor.Name}: {descriptor.InputFeatures} to {descriptor.OutputFeatures} features");
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            // Words to the left, numbers to the right.
            var cells = row.Select((cell, column) => column is 0 or 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append('\n').Append(string.Join("  ", cells).TrimEnd());
        }
        return text.ToString();

        string Sum(Func<LayerSummary, long> column) => Text(layers.Sum(column));
    }

    /// <summary>The layers of a model as they are now.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model; a disposed one is described as it was made.</param>
    public static IReadOnlyList<LayerSummary> Layers<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        var entries = TModel.Descriptor.Layers;
        return [.. model.Layers.Select((layer, index) => Summary(entries[index], layer, Density(model, index)))];
    }

    private static LayerSummary Summary(LayerDescriptor entry, ILayer layer, double density) =>
        new(
            entry.Path, entry.Inputs, entry.Outputs, layer.Pattern, layer.Bfloat16,
            density)
        { Weights = layer.WeightCount, DenseFlops = entry.DenseFlops };

    private static string[] Row(LayerSummary layer)
    {
        var pattern = PatternWords.Of(layer.Pattern, layer.Bfloat16);
        string[] weights = [Text(layer.KeptWeights), Text(layer.Weights), Text(layer.Flops)];
        return [layer.Path, Text(layer.Inputs), Text(layer.Outputs), pattern, .. weights];
    }

    private static double Density<TModel>(TModel model, int index)
        where TModel : class, ISparseModel<TModel>
    {
        try
        {
            return model.Layers[index].Density;
        }
        catch (ObjectDisposedException)
        {
            return TModel.Descriptor.Layers[index].Density;
        }
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
