using System.Numerics.Tensors;
using SparseSharp.Kernels;

namespace SparseSharp.Files;

/// <summary>What a file holds of one layer: everything that <see cref="Linear"/> needs, checked.</summary>
/// <param name="Weight">Weights <c>[out, in]</c>.</param>
/// <param name="Mask">The mask that goes with them; null for a dense layer, and where the layer has to find one itself.</param>
/// <param name="Bias">The bias <c>[out]</c>, or null if the layer has none.</param>
/// <param name="IsDense">Whether a layer with a pattern was saved while it ran dense, and can do so again.</param>
internal sealed record LayerContent(float[] Weight, Mask? Mask, float[]? Bias, bool IsDense)
{
    /// <summary>Whether the weights are those that products use, which may be others than the ones that learn.</summary>
    public bool IsInUse { get; init; }
}

/// <summary>
/// One layer as tensors: <c>weight</c> of a dense one, <c>weight_values</c> and <c>weight_mask</c> of an N:M one or one that training made sparse, <c>weight_blocks</c> and, unless the
/// blocks are fixed, <c>weight_block_mask</c> of one with blocks, <c>bias</c>. Weights are F32, or BF16 where products use them so.
/// </summary>
internal sealed partial class LayerCodec(LayerDescriptor layer, SparsityPattern? pattern, bool rounds = false)
{
    public const string Weight = "weight";
    public const string Values = "weight_values";
    public const string Bits = "weight_mask";
    public const string Bias = "bias";

    /// <summary>All names that a layer's tensors may have.</summary>
    public static ReadOnlySpan<string> TensorNames => (string[])[Weight, Values, Bits, Blocks, BlockBits, Bias];

    private readonly string _name = layer.FileName;

    /// <summary>The tensors to write.</summary>
    /// <param name="weight">Weights <c>[out, in]</c>; those that the mask does not keep are left out.</param>
    /// <param name="mask">The mask of a layer with a pattern, unless it was run dense.</param>
    /// <param name="bias">The bias <c>[out]</c>, empty if there is none.</param>
    public List<NamedTensor> Encode(ReadOnlySpan<float> weight, Mask? mask, ReadOnlySpan<float> bias)
    {
        var tensors = new List<NamedTensor>();
        if (mask is null)
        {
            tensors.Add(Weights(Weight, weight, layer.Outputs, layer.Inputs));
        }
        else if (pattern is not (NMPattern or UnstructuredPattern))
        {
            EncodeBlocks(tensors, weight, mask);
        }
        else
        {
            tensors.Add(Weights(Values, MaskCodec.Gather(weight, mask), Shape(mask)));
            tensors.Add(NamedTensor.Of($"{_name}.{Bits}", MaskCodec.Pack(mask), layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs)));
        }
        if (!bias.IsEmpty)
            tensors.Add(NamedTensor.Of($"{_name}.{Bias}", bias, layer.Outputs));
        return tensors;
    }

    private NamedTensor Weights(string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (!rounds)
            return NamedTensor.Of($"{_name}.{tensor}", values, shape);
        var rounded = new BFloat16[values.Length];
        BFloat16.Round(values, rounded);
        return NamedTensor.Of($"{_name}.{tensor}", rounded, shape);
    }

    /// <summary>Reads and checks the layer's tensors.</summary>
    public LayerContent Decode(ModelTensors tensors)
    {
        var (weight, mask) = pattern switch
        {
            NMPattern or UnstructuredPattern => DecodeSparse(tensors, pattern),
            RamanujanPattern graphs => (DecodeProduct(tensors, graphs), null),
            BlockPattern blocks => DecodeBlocks(tensors, blocks),
            _ => DecodeDense(tensors),
        };
        return new LayerContent(weight, mask, DecodeBias(tensors), RunsDense(tensors))
        {
            IsInUse = pattern?.Annealed is not null && tensors.Find(_name, Values) is not null,
        };
    }

    private bool RunsDense(ModelTensors tensors) =>
        pattern is { KeepsMaskedWeights: true } && StoredPattern(tensors) == ModelFile.WithoutMask(pattern);

    private (float[] Weight, Mask? Mask) DecodeDense(ModelTensors tensors)
    {
        if (tensors.Find(_name, Weight) is { } weight)
            return (Floats(tensors, weight, layer.Outputs, layer.Inputs), null);
        if ((tensors.Find(_name, Values) ?? tensors.Find(_name, Blocks)) is { } values)
            throw tensors.Fault($"tensor '{values.Name}' holds weights with {StoredPattern(tensors)} sparsity, but layer {layer.Path} is dense.");
        throw tensors.Missing(tensors.FileName(_name, Weight), layer.Path);
    }

    private (float[] Weight, Mask? Mask) DecodeSparse(ModelTensors tensors, SparsityPattern follow)
    {
        var dense = tensors.Find(_name, Weight);
        var values = tensors.Find(_name, Values);
        var bits = tensors.Find(_name, Bits);
        if (dense is not null)
        {
            if ((values ?? bits) is { } second)
                throw tensors.Fault($"there are both '{dense.Name}' and '{second.Name}' for layer {layer.Path}.");
            var weight = Floats(tensors, dense, layer.Outputs, layer.Inputs);
            // Weights that were pruned elsewhere keep their mask; of others the layer keeps the largest.
            var nonZero = follow is NMPattern ? MaskCodec.NonZero(weight, layer.Outputs, layer.Inputs) : null;
            return (weight, nonZero is not null && follow.FirstFault(nonZero) is null ? nonZero : null);
        }
        if (values is null)
            throw tensors.Missing(tensors.FileName(_name, bits is null ? Weight : Values), layer.Path);
        if (bits is null)
            throw tensors.Missing(tensors.FileName(_name, Bits), layer.Path);
        if (follow is NMPattern grid)
            CheckShape(tensors, values, layer.Outputs, layer.Inputs / grid.Group * grid.Keep);
        var mask = DecodeMask(tensors, bits, follow);
        var kept = Floats(tensors, values, Shape(mask));
        return (MaskCodec.Scatter(kept, mask), mask);
    }

    /// <summary>Of the kept weights: so many per row, or any number where a mask has no pattern.</summary>
    private long[] Shape(Mask mask) => pattern is UnstructuredPattern ? [mask.Count] : [layer.Outputs, mask.Count / layer.Outputs];

    private Mask DecodeMask(ModelTensors tensors, NamedTensor bits, SparsityPattern follow)
    {
        if (bits.Type != TensorType.U8)
            throw tensors.Fault($"tensor '{bits.Name}' has type {bits.Type.FileName()}, but a mask is U8.");
        CheckShape(tensors, bits, layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs));
        var mask = MaskCodec.Unpack(bits.Bytes.Span, layer.Outputs, layer.Inputs)
            ?? throw tensors.Fault($"tensor '{bits.Name}' has bits behind its last column, {layer.Inputs - 1}; it is damaged.");
        return follow.FirstFault(mask) is { } fault
            ? throw tensors.Fault($"the mask '{bits.Name}', stored as {StoredPattern(tensors)}, is not {follow} as layer {layer.Path} needs it: {fault}.")
            : mask;
    }

    private float[]? DecodeBias(ModelTensors tensors)
    {
        var bias = tensors.Find(_name, Bias);
        if (layer.Bias)
            return Floats(tensors, bias ?? throw tensors.Missing(tensors.FileName(_name, Bias), layer.Path), layer.Outputs);
        return bias is null ? null : throw tensors.Fault($"there is a tensor '{bias.Name}', but layer {layer.Path} has no bias.");
    }

    private float[] Floats(ModelTensors tensors, NamedTensor tensor, params ReadOnlySpan<long> shape)
    {
        CheckShape(tensors, tensor, shape);
        if (tensor.Type is not (TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16))
            throw tensors.Fault($"tensor '{tensor.Name}' has type {tensor.Type.FileName()}, but weights are F32 (or F64, F16, BF16).");
        var values = tensor.ToFloats();
        // A layer refuses such weights, and no weight may change before all are known to be good.
        if (!TensorPrimitives.IsFiniteAll<float>(values))
            throw tensors.Fault($"tensor '{tensor.Name}' holds a value that is infinite or not a number, at {Position(values, shape)}.");
        return values;
    }

    private static string Position(float[] values, ReadOnlySpan<long> shape)
    {
        var i = Array.FindIndex(values, value => !float.IsFinite(value));
        var indices = new long[shape.Length];
        var rest = (long)i;
        for (var d = shape.Length - 1; d >= 0; d--)
            (rest, indices[d]) = Math.DivRem(rest, shape[d]);
        return $"[{string.Join(", ", indices)}]";
    }

    private void CheckShape(ModelTensors tensors, NamedTensor tensor, params ReadOnlySpan<long> expected)
    {
        ReadOnlySpan<long> found = [.. tensor.Shape];
        if (found.SequenceEqual(expected))
            return;
        var text = NamedTensor.Format(found);
        var needed = NamedTensor.Format(expected);
        throw tensors.Fault(
            $"tensor '{tensor.Name}' has shape {text}, but layer {layer.Path} ({layer.Pattern}, {layer.Inputs} to {layer.Outputs}) needs {needed}.");
    }

    private string StoredPattern(ModelTensors tensors) => tensors.Metadata.GetValueOrDefault(ModelFile.PatternKey(_name)) ?? "N:M";
}
