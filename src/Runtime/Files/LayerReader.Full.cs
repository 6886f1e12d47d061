using System.Numerics.Tensors;
using SparseSharp.Matrices;

namespace SparseSharp.Files;

/// <content>Full weights, also as PyTorch's ways of pruning leave them.</content>
internal sealed partial class LayerReader
{
    /// <summary>Weights before <c>torch.nn.utils.prune</c> multiplies them by their mask, which is called as ours.</summary>
    public const string TorchOriginal = "weight_orig";
    private const string TorchOriginalBias = "bias_orig";
    private const string TorchBiasMask = "bias_mask";

    /// <summary>The mask of ASP, and where it keeps the weights that it has masked.</summary>
    private const string AspMask = "__weight_mma_mask";
    private const string AspPruned = "__weight_mma_pruned_p";

    private static ReadOnlySpan<string> TorchNames => (string[])[TorchOriginal, TorchOriginalBias, TorchBiasMask, AspMask, AspPruned];

    /// <inheritdoc/>
    public bool HasFull(params ReadOnlySpan<string> others)
    {
        if (!Has(WeightNames.Full) && !Has(TorchOriginal))
            return false;
        foreach (var other in others)
        {
            // The mask of torch's own pruning has the name of ours.
            var isTorch = other == WeightNames.Bits && Has(TorchOriginal);
            if (Has(other) && !isTorch)
                throw Both(other);
        }
        return true;
    }

    /// <inheritdoc/>
    public StoredWeights Full(int rows, int columns)
    {
        if (Has(TorchOriginal))
            return Has(WeightNames.Full) ? throw Both(TorchOriginal) : Masked(TorchOriginal, WeightNames.Bits, rows, columns);
        // Nothing is read of it: weights that are pruned stay so.
        tensors.Find(_name, AspPruned);
        return Has(AspMask) ? Masked(WeightNames.Full, AspMask, rows, columns) : new(Weights(WeightNames.Full, rows, columns), null);
    }

    /// <summary>Weights in the order of a matrix.</summary>
    private float[] Weights(string tensor, int rows, int columns) => InOrder(Floats(tensor, _foreign?.Shape ?? [rows, columns]));

    /// <summary>Values of a weight's shape in the order of a matrix.</summary>
    private float[] InOrder(float[] values)
    {
        if (_foreign is null)
            return values;
        var ordered = new float[values.Length];
        _foreign.Order.ToMatrix<float>(values, ordered);
        return ordered;
    }

    private Exception Both(string other) => Fault($"there are both '{NameOf(WeightNames.Full)}' and '{NameOf(other)}' for {Owner}.");

    private StoredWeights Masked(string weight, string mask, int rows, int columns)
    {
        var bits = Find(mask);
        var values = Weights(weight, rows, columns);
        CheckShape(mask, _foreign?.Shape ?? [rows, columns]);
        var kept = Mask.NonZero(InOrder(ZerosAndOnes(bits)), rows, columns);
        kept.Clear(values);
        return new(values, kept);
    }

    private float[] PrunedBias(int length)
    {
        var mask = Find(TorchBiasMask);
        var bias = Floats(TorchOriginalBias, length);
        CheckShape(TorchBiasMask, length);
        TensorPrimitives.Multiply(bias, ZerosAndOnes(mask), bias);
        return bias;
    }

    /// <summary>A mask that has an element per weight, of any type that frameworks use for it.</summary>
    private float[] ZerosAndOnes(NamedTensor mask)
    {
        float[] values = mask.Type switch
        {
            TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16 => mask.ToFloats(),
            TensorType.Bool or TensorType.U8 or TensorType.I8 => Array.ConvertAll(mask.Bytes.ToArray(), value => (float)value),
            TensorType.I32 or TensorType.I64 => Array.ConvertAll(mask.ToInt64s(), value => (float)value),
            _ => throw Fault(
                $"tensor '{FileText.Name(mask.Name)}' has type {mask.TypeName}, but a mask is BOOL, U8, I8, I32, I64 or a float."),
        };
        var wrong = Array.FindIndex(values, value => value is not (0 or 1));
        return wrong < 0
            ? values
            : throw Fault($"tensor '{FileText.Name(mask.Name)}' holds {values[wrong]}, but a mask consists of 0 and 1.");
    }
}
