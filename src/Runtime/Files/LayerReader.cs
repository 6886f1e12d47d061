using SparseSharp.Kernels;
using SparseSharp.Masks;
using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

namespace SparseSharp.Files;

/// <summary>Reads one layer from the file of a model: its matrix says which tensors there have to be, and the bias is <c>bias</c>.</summary>
/// <param name="layer">The layer.</param>
/// <param name="tensors">The file.</param>
/// <param name="lenient">Whether a bias may be missing, or be there without need.</param>
internal sealed partial class LayerReader(LayerDescriptor layer, ModelTensors tensors, bool lenient = false) : IWeightReader
{
    /// <summary>Name of the bias.</summary>
    public const string Bias = "bias";

    private readonly string _name = layer.FileName;

    /// <summary>All names that a layer's tensors may have.</summary>
    public static ReadOnlySpan<string> TensorNames =>
        (string[])[WeightNames.Full, WeightNames.Values, WeightNames.Bits, WeightNames.Blocks, WeightNames.BlockBits, Bias, .. TorchNames];

    /// <summary>Names of all tensors that weights may be in.</summary>
    public static ReadOnlySpan<string> WeightTensors => (string[])[WeightNames.Full, WeightNames.Values, WeightNames.Blocks, TorchOriginal];

    /// <inheritdoc/>
    public string Owner => $"layer {layer.Path}";

    /// <inheritdoc/>
    public string StoredPattern => Text("pattern") is { } stored ? FileText.Name(stored) : "N:M";

    /// <summary>Reads and checks the layer's tensors.</summary>
    /// <param name="matrix">The matrix of the layer, which does not change.</param>
    public LayerContent Read(Matrix matrix)
    {
        var weights = matrix.Read(this);
        var bias = ReadBias();
        if (WeightLimit.Fault(weights.Weight, matrix.Pattern, layer.Outputs, layer.Inputs, matrix.RoundsWeights, Owner) is { } fault)
            throw Fault($"the weight is {fault}.");
        var isDense = matrix.Pattern is { KeepsMaskedWeights: true } pattern && StoredPattern == ModelMetadata.WithoutMask(pattern);
        return new LayerContent(weights.Weight, weights.Mask, bias, isDense) { IsInUse = weights.IsInUse };
    }

    /// <inheritdoc/>
    public bool Has(string tensor) => tensors.Has(_name, tensor);

    /// <inheritdoc/>
    public IReadOnlyList<long> ShapeOf(string tensor) => Find(tensor).Shape;

    /// <inheritdoc/>
    public string? Text(string key) => tensors.Metadata.GetValueOrDefault(ModelMetadata.KeyOf(key, _name));

    /// <inheritdoc/>
    public string NameOf(string tensor) => FileText.Name(tensors.FileName(_name, tensor));

    /// <inheritdoc/>
    public Exception Fault(string fault) => tensors.Fault(fault);

    /// <inheritdoc/>
    public Exception Missing(string tensor) => tensors.Missing(tensors.FileName(_name, tensor), layer.Path);

    /// <inheritdoc/>
    public Mask Bits(string tensor, int rows, int columns)
    {
        var bits = Find(tensor);
        if (bits.Type != TensorType.U8)
            throw Fault($"tensor '{NameOf(tensor)}' has type {bits.TypeName}, but a mask is U8.");
        CheckShape(tensor, rows, MaskCodec.BytesPerRow(columns));
        return MaskCodec.Unpack(bits.Bytes.Span, rows, columns)
            ?? throw Fault($"tensor '{NameOf(tensor)}' has bits behind its last column, {columns - 1}; it is damaged.");
    }

    /// <inheritdoc/>
    public float[] Floats(string tensor, params ReadOnlySpan<long> shape)
    {
        CheckShape(tensor, shape);
        var found = Find(tensor);
        if (found.Type is not (TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16))
            throw Fault($"tensor '{NameOf(tensor)}' has type {found.TypeName}, but weights are F32 (or F64, F16, BF16).");
        var values = found.ToFloats();
        // A layer refuses such weights, and no weight may change before all are known to be good.
        if (!FiniteValues.Are(values))
            throw Fault($"tensor '{NameOf(tensor)}' holds a value that is infinite or not a number, at {FiniteValues.Position(FiniteValues.First(values), shape)}.");
        return values;
    }

    /// <inheritdoc/>
    public void CheckShape(string tensor, params ReadOnlySpan<long> shape)
    {
        ReadOnlySpan<long> found = [.. Find(tensor).Shape];
        if (found.SequenceEqual(shape))
            return;
        throw Fault($"tensor '{NameOf(tensor)}' has shape {NamedTensor.Format(found)}, but {Owner} ({layer.Pattern}, {layer.Inputs} to {layer.Outputs}) needs {NamedTensor.Format(shape)}.");
    }

    private NamedTensor Find(string tensor) => tensors.Find(_name, tensor) ?? throw Missing(tensor);

    private float[]? ReadBias()
    {
        if (!layer.Bias)
            return lenient || !Has(Bias) ? null : throw Fault($"there is a tensor '{NameOf(Bias)}', but {Owner} has no bias.");
        if (Has(TorchOriginalBias))
            return PrunedBias();
        return lenient && !Has(Bias) ? null : Floats(Bias, layer.Outputs);
    }
}
