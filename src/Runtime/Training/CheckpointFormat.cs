using SparseSharp.Kernels;

namespace SparseSharp.Training;

/// <summary>
/// A training as a safetensors file: weights, masks and biases, the optimizer's state in the order of the weights, and the position as
/// text. What its writer and its reader have in common.
/// </summary>
internal static class CheckpointFormat
{
    public const string Name = "sparsesharp checkpoint";
    public const string Version = "2";
    public const string BestPrefix = "best/";
    public const string BlockScales = "block_scales";
    public const string VarianceChanges = "variance_changes";
    public const string TunedAlphas = "tuned_alphas";
    public const string Operations = "operations";

    public static string StateName(string parameter, int slot) => $"{parameter}.state{slot}";

    /// <summary>All parameters, with the shapes of their arrays where the model has, or will have, these weights.</summary>
    public static IEnumerable<(Linear Layer, Parameter Parameter, LayerDescriptor Entry, long[] Shape)> Parameters(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights)
    {
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            foreach (var parameter in layer.Parameters)
            {
                long[] shape = parameter.Name switch
                {
                    "weight" => [layer.Outputs, layer.Inputs],
                    "threshold" => layer.Annealed!.Thresholds!.Shape,
                    BlockScales => [weights.Layers[i].BlockScales.Length],
                    _ => [parameter.Length],
                };
                yield return (layer, parameter, descriptor.Layers[i], shape);
            }
        }
    }

    /// <summary>Arrays of a weight are stored <c>[out, in]</c> whatever order the layer keeps them in; others have only one order.</summary>
    public static void Export(this Linear layer, Parameter parameter, ReadOnlySpan<float> own, Span<float> dense)
    {
        if (parameter.Name == "weight")
            layer.Export(own, dense);
        else
            own.CopyTo(dense);
    }

    public static void Import(this Linear layer, Parameter parameter, ReadOnlySpan<float> dense, Span<float> own)
    {
        if (parameter.Name == "weight")
            layer.Import(dense, own);
        else
            dense.CopyTo(own);
    }
}
