using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Masks;
using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

namespace SparseSharp.Files;

/// <summary>
/// Reads one layer from the file of a model: its matrices say which tensors there have to be, and its vectors have names.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="tensors">The file.</param>
/// <param name="lenient">Whether a vector may be missing, or be there without need.</param>
internal sealed partial class LayerReader(LayerDescriptor layer, ModelTensors tensors, bool lenient = false) : IWeightReader
{
    private readonly string _name = layer.FileName;

    /// <summary>The weights that are being read, where the file has them otherwise than their matrix.</summary>
    private ForeignWeights? _foreign;

    /// <summary>All names that a layer's tensors may have.</summary>
    public static IEnumerable<string> TensorNames(LayerParts parts) =>
    [
        WeightNames.Full, WeightNames.Values, WeightNames.Bits, WeightNames.Blocks, WeightNames.BlockBits, StateNames.Bias, .. TorchNames,
        .. parts.Named.Select(vector => vector.Name), .. parts.Counters.Select(counter => counter.Name),
    ];

    /// <summary>Names of the tensors of which a layer needs one: those that weights may be in, else its first vector.</summary>
    public static IEnumerable<string> MainNames(LayerParts parts) =>
        parts.Matrices.Length > 0
            ? [WeightNames.Full, WeightNames.Values, WeightNames.Blocks, TorchOriginal]
            : parts.Named.Take(1).Select(vector => vector.Name);

    /// <summary>The first of <see cref="MainNames"/>, for messages.</summary>
    public static string MainName(LayerParts parts) => MainNames(parts).First();

    /// <inheritdoc/>
    public string Owner => $"layer {layer.Path}";

    /// <inheritdoc/>
    public string StoredPattern => Text("pattern") is { } stored ? FileText.Name(stored) : "N:M";

    /// <summary>Reads and checks the layer's tensors.</summary>
    /// <param name="matrices">The matrices of the layer, which do not change.</param>
    /// <param name="vectors">Its vectors and buffers, which do not change either.</param>
    /// <param name="counters">Its whole numbers, which do not change either.</param>
    /// <param name="foreign">The weights as files have them; null where all are as their matrices.</param>
    public LayerContent Read(
        IReadOnlyList<Matrix> matrices, IReadOnlyList<INamedVector> vectors, IReadOnlyList<LayerCounter>? counters = null,
        IReadOnlyList<ForeignWeights?>? foreign = null)
    {
        var stored = new StoredWeights[matrices.Count];
        for (var index = 0; index < stored.Length; index++)
        {
            _foreign = foreign?[index];
            stored[index] = matrices[index].Read(this);
        }
        float[]?[] values = [.. vectors.Select(ReadVector)];
        if (!lenient && !vectors.Any(vector => vector.Name == StateNames.Bias) && Has(StateNames.Bias))
            throw Fault($"there is a tensor '{NameOf(StateNames.Bias)}', but {Owner} has no bias.");
        return new LayerContent([.. matrices.Zip(stored, Checked)], values, [.. (counters ?? []).Select(ReadCounter)]);
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

    private WeightContent Checked(Matrix matrix, StoredWeights weights)
    {
        if (WeightLimit.Fault(weights.Weight, matrix.Pattern, matrix.Rows, matrix.Columns, matrix.RoundsWeights, Owner) is { } fault)
            throw Fault($"the weight is {fault}.");
        var isDense = matrix.Pattern is { KeepsMaskedWeights: true } pattern && StoredPattern == ModelMetadata.WithoutMask(pattern);
        return new(weights.Weight, weights.Mask, isDense) { IsInUse = weights.IsInUse };
    }

    private float[]? ReadVector(INamedVector vector)
    {
        if (vector.Name == StateNames.Bias && Has(TorchOriginalBias))
            return PrunedBias(vector.Length);
        if (lenient && !Has(vector.Name))
            return null;
        var values = Floats(vector.Name, vector.Shape);
        return vector.Fault(values) is { } fault ? throw Fault($"tensor '{NameOf(vector.Name)}' {fault}.") : values;
    }

    /// <summary>A whole number, which files of old versions of PyTorch do not have.</summary>
    private long ReadCounter(LayerCounter counter)
    {
        if (!Has(counter.Name))
            return 0;
        var found = Find(counter.Name);
        if (found.Type != TensorType.I64 || found.Length != 1)
            throw Fault($"tensor '{NameOf(counter.Name)}' is {found.TypeName} {NamedTensor.Format([.. found.Shape])}, but {Owner} needs one number, I64.");
        var value = found.ToInt64s()[0];
        return value is >= 0 and <= LayerCounter.Most
            ? value
            : throw Fault($"tensor '{NameOf(counter.Name)}' is {value}, which is not from 0 to {LayerCounter.Most}.");
    }
}
