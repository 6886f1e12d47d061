using System.Globalization;
using System.Text;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Models;

namespace SparseSharp;

/// <summary>What the mask of one layer keeps.</summary>
/// <param name="Path">Property path of the layer.</param>
/// <param name="Pattern">Its pattern.</param>
/// <param name="Density">Kept share of the weights.</param>
/// <param name="RetainedMass">
/// Share of the sum of magnitudes that is kept, or null where only kept weights exist (static masks and Regrow).
/// </param>
/// <param name="GaussianMass">What Gaussian weights would keep under this pattern, or null where it is not known.</param>
/// <param name="FlipRate">Share of mask bits that the last refresh changed, per step of its interval.</param>
/// <param name="Diversity">Log10 of the number of masks that 64 weights can have, or null for transposable patterns of more than 8.</param>
public sealed record LayerMask(
    string Path, SparsityPattern Pattern, double Density, double? RetainedMass, double? GaussianMass, double FlipRate, double? Diversity)
{
    private const double Suspicious = .05;

    /// <summary>Whether the mask keeps over 0.05 less than Gaussian weights would: it may belong to other weights.</summary>
    public bool KeepsLittle => GaussianMass - RetainedMass > Suspicious;

    /// <summary>What it takes to say where the weights are, for layers of blocks; else null.</summary>
    public BlockIndex? Index { get; init; }
}

/// <summary>Bytes that say where the weights of a layer of blocks are, in other words all but their values.</summary>
/// <param name="Bytes">As the layer has them: lists of 16-bit numbers, and where they begin.</param>
/// <param name="CsrBytes">In compressed rows: a 32-bit number per weight and per row.</param>
/// <param name="BsrBytes">In compressed rows of blocks of 4 x 4: a 32-bit number per block and per row of blocks.</param>
public sealed record BlockIndex(long Bytes, long CsrBytes, long BsrBytes)
{
    private const int Number = sizeof(int);
    private const int Side = 4;

    internal static BlockIndex Of(Matrix matrix, long bytes)
    {
        long weights = matrix.Parameter.Length;
        return new(bytes, Number * (weights + matrix.Rows + 1), Number * ((weights / (Side * Side)) + (matrix.Rows / Side) + 1));
    }
}

/// <summary>What the masks of a model keep.</summary>
/// <param name="Layers">One entry per layer with a pattern.</param>
public sealed record MaskReport(IReadOnlyList<LayerMask> Layers)
{
    /// <summary>Looks at the masks of a model as it is now.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    public static MaskReport Of<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = ModelLifetime.Of(model, TModel.Descriptor.Name).Use();
        return new(
        [
            .. from placed in PlacedWeights.Of(model, TModel.Descriptor)
               where placed.Weights.Pattern is not null
               select Of(placed.Path, placed.Weights),
        ]);
    }

    /// <summary>A table with a line per layer, and a remark below it for every layer that keeps little.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var paths = Layers.Select(layer => layer.Path.Length).Append(16).Max();
        var patterns = Layers.Select(layer => layer.Pattern.ToString().Length).Append(18).Max();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{"mask".PadRight(paths)} {"pattern".PadRight(patterns)} {"density",8} {"mass",6} {"Gaussian",9} {"flips/step",11} {"log10 masks of 64",18}");
        foreach (var layer in Layers)
        {
            text.Append('\n').Append(
                CultureInfo.InvariantCulture,
                $"{layer.Path.PadRight(paths)} {layer.Pattern.ToString().PadRight(patterns)} {layer.Density,8:0.000} {Number(layer.RetainedMass),6} {Number(layer.GaussianMass),9} {100 * layer.FlipRate,9:0.000} % {Number(layer.Diversity, "0.00"),18}");
        }
        foreach (var layer in Layers.Where(layer => layer.Index is not null))
        {
            text.Append('\n').Append(
                CultureInfo.InvariantCulture,
                $"{layer.Path} says where its weights are in {layer.Index!.Bytes:N0} bytes; as CSR it would take {layer.Index.CsrBytes:N0}, as BSR of 4 x 4 {layer.Index.BsrBytes:N0}.");
        }
        foreach (var layer in Layers.Where(layer => layer.KeepsLittle))
        {
            text.Append('\n').Append(
                CultureInfo.InvariantCulture,
                $"{layer.Path} keeps {layer.RetainedMass:0.000} of its mass, where Gaussian weights would keep {layer.GaussianMass:0.000}: is the mask that of these weights?");
        }
        return text.ToString();
    }

    private static LayerMask Of(string path, LayerWeights weights)
    {
        var (matrix, pattern) = (weights.Matrix, weights.Pattern!);
        return new LayerMask(
            path,
            pattern,
            matrix.EffectiveMask!.Density,
            pattern.KeepsMaskedWeights ? matrix.Mask!.RetainedMass(weights.Values) : null,
            pattern.GaussianShare,
            weights.FlipRate,
            pattern.MaskDigits)
        {
            Index = matrix.IndexBytes is { } bytes ? BlockIndex.Of(matrix, bytes) : null,
        };
    }

    private static string Number(double? value, string format = "0.000") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
