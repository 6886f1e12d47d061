using System.Globalization;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Emitting;

/// <summary>The words of the comments in emitted code.</summary>
internal static class Describe
{
    /// <summary>A name as a reader knows it: without the mark of names that are keywords too.</summary>
    public static string Name(string name) => name.Replace("@", "");

    /// <summary>For example <c>2:4 transposable</c> or <c>RBGP4 87.5 %, bfloat16</c>: the words of a layer's pattern and precision at run time.</summary>
    public static string Pattern(LayerPlan layer) => layer.Matrix.Words + layer.Matrix.PrecisionWords;

    /// <summary>For example <c>784 to 1024 features with a bias, 2:4 transposable: 401,408 of 802,816 weights, 0.8 MFLOP per sample; kernel PairKernel.</summary>
    public static string Layer(LayerPlan layer)
    {
        var spec = layer.Spec;
        var all = spec.Matrix.Weights;
        var shape = $"{spec.Inputs} to {spec.Outputs} features with{(spec.Bias ? " a" : "out a")} bias";
        var work = layer.Matrix.Kept switch
        {
            null => $", {Pattern(layer)}: at most {Count(all)} weights and {Work(all)}",
            { } kept when kept == all => $"{layer.Matrix.PrecisionWords}: {Count(all)} weights, {Work(all)}",
            { } kept => $", {Pattern(layer)}: {Count(kept)} of {Count(all)} weights, {Work(kept)}",
        };
        return $"{shape}{work} per sample; kernel {layer.Kernel.Name}.";

        static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

        static string Work(long weights) => weights >= 500_000
            ? (2e-6 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " MFLOP"
            : (2e-3 * weights).ToString("0.0", CultureInfo.InvariantCulture) + " kFLOP";
    }
}
