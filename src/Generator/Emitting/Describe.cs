using System.Globalization;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>The words of the comments in emitted code.</summary>
internal static class Describe
{
    /// <summary>The shapes of several inputs or outputs, or of the single one.</summary>
    public static string Shapes(EquatableArray<Shape> several, Shape single) =>
        several.Count == 0 ? single.ToString() : string.Join(" + ", several.Select(shape => shape.ToString()));

    /// <summary>A name as a reader knows it: without the mark of names that are keywords too.</summary>
    public static string Name(string name) => name.Replace("@", "");

    /// <summary>
    /// For example <c>2:4 transposable</c> or <c>RBGP4 87.5 %, bfloat16</c>: the words of a layer's pattern and precision at run time.
    /// </summary>
    public static string Pattern(LayerPlan layer) =>
        layer.Matrices.FirstOrDefault() is { } matrix ? matrix.Words + matrix.PrecisionWords : "dense";

    /// <summary>The kernel of a layer's products, for tables; nothing where it has none.</summary>
    public static string Kernel(LayerPlan layer) => layer.Matrices.FirstOrDefault()?.Kernel.Name ?? "-";

    /// <summary>
    /// For example <c>784 to 1024 features with a bias, 2:4 transposable: 401,408 of 802,816 weights, 0.8 MFLOP per sample; kernel
    /// PairKernel.
    /// </summary>
    public static string Layer(LayerPlan layer)
    {
        if (layer.Matrices.Count == 0)
            return $"{layer.Kind.Shape}.";
        var all = layer.Kind.Matrices.Sum(matrix => matrix.Weights);
        long? kept = layer.Matrices.All(matrix => matrix.Kept is not null) ? layer.Matrices.Sum(matrix => matrix.Kept!.Value) : null;
        var work = kept switch
        {
            null => $", {Pattern(layer)}: at most {Count(all)} weights and {Work(all)}",
            { } some when some == all => $"{layer.Matrices[0].PrecisionWords}: {Count(all)} weights, {Work(all)}",
            { } some => $", {Pattern(layer)}: {Count(some)} of {Count(all)} weights, {Work(some)}",
        };
        return $"{layer.Kind.Shape}{work} per sample; kernel {Kernel(layer)}.";

        static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

        static string Work(long weights) => weights >= 500_000
            ? (2e-6 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " MFLOP"
            : (2e-3 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " kFLOP";
    }
}
