using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

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
/// <param name="layer">The layer.</param>
/// <param name="pattern">Its pattern, or null.</param>
/// <param name="rounds">Whether weights are BF16.</param>
/// <param name="lenient">Whether a bias may be missing, or be there without need.</param>
internal sealed partial class LayerCodec(LayerDescriptor layer, SparsityPattern? pattern, bool rounds = false, bool lenient = false)
{
    public const string Weight = "weight";
    public const string Values = "weight_values";
    public const string Bits = "weight_mask";
    public const string Bias = "bias";

    /// <summary>All names that a layer's tensors may have.</summary>
    public static ReadOnlySpan<string> TensorNames => (string[])[Weight, Values, Bits, Blocks, BlockBits, Bias, .. TorchNames];

    /// <summary>Names of all tensors that weights may be in.</summary>
    public static ReadOnlySpan<string> WeightNames => (string[])[Weight, Values, Blocks, TorchOriginal];

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
        AddBias(tensors, bias);
        return tensors;
    }

    private void AddBias(List<NamedTensor> tensors, ReadOnlySpan<float> bias)
    {
        if (bias.IsEmpty)
            return;
        FiniteValues.Check(layer.Path, Bias, bias, layer.Outputs);
        tensors.Add(NamedTensor.Of($"{_name}.{Bias}", bias, layer.Outputs));
    }

    private NamedTensor Weights(string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        FiniteValues.Check(layer.Path, tensor, values, shape);
        if (!rounds)
            return NamedTensor.Of($"{_name}.{tensor}", values, shape);
        var rounded = new BFloat16[values.Length];
        BFloat16.Round(values, rounded);
        return NamedTensor.Of($"{_name}.{tensor}", rounded, shape);
    }

    /// <summary>Reads and checks the layer's tensors.</summary>
    public LayerContent Decode(ModelTensors tensors)
    {
        var content = DecodeParts(tensors);
        if (WeightLimit.Fault(content.Weight, pattern, layer.Outputs, layer.Inputs, rounds, $"layer {layer.Path}") is { } fault)
            throw tensors.Fault($"the weight is {fault}.");
        return content;
    }

    private LayerContent DecodeParts(ModelTensors tensors)
    {
        var (weight, mask) = pattern switch
        {
            NMPattern or UnstructuredPattern => DecodeSparse(tensors, pattern),
            RamanujanPattern graphs => (DecodeProduct(tensors, graphs), null),
            BlockPattern blocks => DecodeBlocks(tensors, blocks),
            _ => (DecodeDense(tensors), null),
        };
        return new LayerContent(weight, mask, DecodeBias(tensors), RunsDense(tensors))
        {
            IsInUse = pattern?.Annealed is not null && mask is not null,
        };
    }

    private bool RunsDense(ModelTensors tensors) =>
        pattern is { KeepsMaskedWeights: true } && StoredPattern(tensors) == ModelMetadata.WithoutMask(pattern);

    private (float[] Weight, Mask? Mask) DecodeSparse(ModelTensors tensors, SparsityPattern follow)
    {
        var values = tensors.Find(_name, Values);
        // The mask of torch's own pruning has the name of ours.
        var bits = HasFullWeights(tensors) && tensors.Has(_name, TorchOriginal) ? null : tensors.Find(_name, Bits);
        if (HasFullWeights(tensors))
        {
            if ((values ?? bits) is { } second)
                throw tensors.Fault($"there are both '{tensors.FileName(_name, Weight)}' and '{second.Name}' for layer {layer.Path}.");
            return DecodeFull(tensors, follow);
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
        var mask = BitsOf(tensors, bits);
        return follow.FirstFault(mask) is { } fault
            ? throw tensors.Fault($"the mask '{FileText.Name(bits.Name)}', stored as {StoredPattern(tensors)}, is not {follow} as layer {layer.Path} needs it: {fault}.")
            : mask;
    }

    private Mask BitsOf(ModelTensors tensors, NamedTensor bits)
    {
        if (bits.Type != TensorType.U8)
            throw tensors.Fault($"tensor '{FileText.Name(bits.Name)}' has type {bits.TypeName}, but a mask is U8.");
        CheckShape(tensors, bits, layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs));
        return MaskCodec.Unpack(bits.Bytes.Span, layer.Outputs, layer.Inputs)
            ?? throw tensors.Fault($"tensor '{FileText.Name(bits.Name)}' has bits behind its last column, {layer.Inputs - 1}; it is damaged.");
    }

    private float[]? DecodeBias(ModelTensors tensors)
    {
        if (!layer.Bias)
            return lenient || tensors.Find(_name, Bias) is not { } bias ? null : throw tensors.Fault($"there is a tensor '{FileText.Name(bias.Name)}', but layer {layer.Path} has no bias.");
        if (PrunedBias(tensors) is { } pruned)
            return pruned;
        if (tensors.Find(_name, Bias) is { } found)
            return Floats(tensors, found, layer.Outputs);
        return lenient ? null : throw tensors.Missing(tensors.FileName(_name, Bias), layer.Path);
    }

    private float[] Floats(ModelTensors tensors, NamedTensor tensor, params ReadOnlySpan<long> shape)
    {
        CheckShape(tensors, tensor, shape);
        if (tensor.Type is not (TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16))
            throw tensors.Fault($"tensor '{FileText.Name(tensor.Name)}' has type {tensor.TypeName}, but weights are F32 (or F64, F16, BF16).");
        var values = tensor.ToFloats();
        // A layer refuses such weights, and no weight may change before all are known to be good.
        if (!FiniteValues.Are(values))
            throw tensors.Fault($"tensor '{FileText.Name(tensor.Name)}' holds a value that is infinite or not a number, at {FiniteValues.Position(FiniteValues.First(values), shape)}.");
        return values;
    }

    private void CheckShape(ModelTensors tensors, NamedTensor tensor, params ReadOnlySpan<long> expected)
    {
        ReadOnlySpan<long> found = [.. tensor.Shape];
        if (found.SequenceEqual(expected))
            return;
        var text = NamedTensor.Format(found);
        var needed = NamedTensor.Format(expected);
        throw tensors.Fault(
            $"tensor '{FileText.Name(tensor.Name)}' has shape {text}, but layer {layer.Path} ({layer.Pattern}, {layer.Inputs} to {layer.Outputs}) needs {needed}.");
    }

    private string StoredPattern(ModelTensors tensors) =>
        tensors.Metadata.GetValueOrDefault(ModelMetadata.PatternKey(_name)) is { } stored ? FileText.Name(stored) : "N:M";
}
