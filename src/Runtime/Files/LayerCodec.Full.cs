using System.Numerics.Tensors;

namespace SparseSharp.Files;

/// <content>Full weights, also as PyTorch's ways of pruning leave them, and any weights for a dense layer.</content>
internal sealed partial class LayerCodec
{
    /// <summary>Weights before <c>torch.nn.utils.prune</c> multiplies them by their mask, which is called as ours.</summary>
    public const string TorchOriginal = "weight_orig";
    private const string TorchOriginalBias = "bias_orig";
    private const string TorchBiasMask = "bias_mask";

    /// <summary>The mask of ASP, and where it keeps the weights that it has masked.</summary>
    private const string AspMask = "__weight_mma_mask";
    private const string AspPruned = "__weight_mma_pruned_p";

    private static ReadOnlySpan<string> TorchNames => (string[])[TorchOriginal, TorchOriginalBias, TorchBiasMask, AspMask, AspPruned];

    private bool HasFullWeights(ModelTensors tensors) => tensors.Has(_name, Weight) || tensors.Has(_name, TorchOriginal);

    /// <summary>Weights of a dense layer, or of one whose mask is known: full ones, or what a sparse layer has saved.</summary>
    private float[] DecodeDense(ModelTensors tensors)
    {
        if (HasFullWeights(tensors))
            return FullWeights(tensors).Weight;
        if (tensors.Find(_name, Blocks) is { } blocks)
            return DecodeBlocksAsDense(tensors, blocks);
        if (tensors.Find(_name, Values) is not { } values)
            throw tensors.Missing(tensors.FileName(_name, Weight), layer.Path);
        var mask = BitsOf(tensors, tensors.Find(_name, Bits) ?? throw tensors.Missing(tensors.FileName(_name, Bits), layer.Path));
        // As many per row, or all rows behind each other.
        var flat = values.Shape.Count == 1;
        return MaskCodec.Scatter(flat ? Floats(tensors, values, mask.Count) : Floats(tensors, values, layer.Outputs, mask.Count / layer.Outputs), mask);
    }

    /// <summary>Full weights for a layer with a pattern, and the mask that they were pruned with.</summary>
    private (float[] Weight, Mask? Mask) DecodeFull(ModelTensors tensors, SparsityPattern follow)
    {
        var (weight, mask) = FullWeights(tensors);
        if (mask is not null && follow.Accepts(mask))
            return (weight, mask);
        // Weights of an annealed layer that nobody has pruned are those that learn: the layer finds its mask itself.
        var isPruned = follow is not UnstructuredPattern || mask is not null || tensors.Metadata.GetValueOrDefault(ModelMetadata.WeightsKey(_name)) == ModelMetadata.InUse;
        return (weight, isPruned ? follow.MaskOfZeros(weight, layer.Outputs, layer.Inputs) : null);
    }

    /// <summary>Full weights, 0 where they were masked, and that mask if the file has one.</summary>
    private (float[] Weight, Mask? Mask) FullWeights(ModelTensors tensors)
    {
        if (tensors.Find(_name, TorchOriginal) is { } original)
        {
            if (tensors.Has(_name, Weight))
                throw tensors.Fault($"there are both '{tensors.FileName(_name, Weight)}' and '{FileText.Name(original.Name)}' for layer {layer.Path}.");
            return Masked(tensors, original, tensors.Find(_name, Bits) ?? throw tensors.Missing(tensors.FileName(_name, Bits), layer.Path));
        }
        var weight = tensors.Find(_name, Weight) ?? throw tensors.Missing(tensors.FileName(_name, Weight), layer.Path);
        // Nothing is read of it: weights that are pruned stay so.
        tensors.Find(_name, AspPruned);
        return tensors.Find(_name, AspMask) is { } mask ? Masked(tensors, weight, mask) : (Floats(tensors, weight, layer.Outputs, layer.Inputs), null);
    }

    private (float[] Weight, Mask Mask) Masked(ModelTensors tensors, NamedTensor weight, NamedTensor mask)
    {
        var values = Floats(tensors, weight, layer.Outputs, layer.Inputs);
        CheckShape(tensors, mask, layer.Outputs, layer.Inputs);
        var kept = Mask.NonZero(ZerosAndOnes(tensors, mask), layer.Outputs, layer.Inputs);
        kept.Clear(values);
        return (values, kept);
    }

    private float[]? PrunedBias(ModelTensors tensors)
    {
        if (tensors.Find(_name, TorchOriginalBias) is not { } original)
            return null;
        var mask = tensors.Find(_name, TorchBiasMask) ?? throw tensors.Missing(tensors.FileName(_name, TorchBiasMask), layer.Path);
        var bias = Floats(tensors, original, layer.Outputs);
        CheckShape(tensors, mask, layer.Outputs);
        TensorPrimitives.Multiply(bias, ZerosAndOnes(tensors, mask), bias);
        return bias;
    }

    /// <summary>A mask that has an element per weight, of any type that frameworks use for it.</summary>
    private static float[] ZerosAndOnes(ModelTensors tensors, NamedTensor mask)
    {
        float[] values = mask.Type switch
        {
            TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16 => mask.ToFloats(),
            TensorType.Bool or TensorType.U8 or TensorType.I8 => Array.ConvertAll(mask.Bytes.ToArray(), value => (float)value),
            TensorType.I32 or TensorType.I64 => Array.ConvertAll(mask.ToInt64s(), value => (float)value),
            _ => throw tensors.Fault($"tensor '{FileText.Name(mask.Name)}' has type {mask.TypeName}, but a mask is BOOL, U8, I8, I32, I64 or a float."),
        };
        var wrong = Array.FindIndex(values, value => value is not (0 or 1));
        return wrong < 0 ? values : throw tensors.Fault($"tensor '{FileText.Name(mask.Name)}' holds {values[wrong]}, but a mask consists of 0 and 1.");
    }
}
