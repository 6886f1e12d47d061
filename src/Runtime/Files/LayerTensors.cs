using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SparseSharp.Masks;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Files;

/// <summary>Makes tensors of what a layer writes.</summary>
/// <param name="path">Path of the layer, for messages.</param>
/// <param name="name">What stands before the names of its tensors.</param>
/// <param name="rounds">Whether floats are written as bfloat16.</param>
/// <param name="foreign">The weights as files have them, where that is not as the matrix has them.</param>
internal sealed class LayerTensors(string path, string name, bool rounds = false, ForeignWeights? foreign = null) : IWeightWriter
{
    private readonly List<(string Name, TensorType Type, long[] Shape, byte[] Bytes)> _parts = [];

    private readonly List<(string Key, string Value)> _texts = [];

    /// <summary>The texts that were written.</summary>
    public IReadOnlyList<(string Key, string Value)> Texts => _texts;

    /// <inheritdoc/>
    public Span<float> AddFloats(string tensor, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[checked(sizeof(float) * TensorPrimitives.Product(shape))];
        _parts.Add((tensor, TensorType.F32, shape.ToArray(), bytes));
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
    }

    /// <inheritdoc/>
    public void AddBits(string tensor, Mask mask) =>
        _parts.Add((tensor, TensorType.U8, [mask.Rows, MaskCodec.BytesPerRow(mask.Columns)], MaskCodec.Pack(mask)));

    /// <inheritdoc/>
    public void AddNumber(string tensor, long value) => _parts.Add((tensor, TensorType.I64, [1], BitConverter.GetBytes(value)));

    /// <summary>Adds a whole number as frameworks have it: without a shape.</summary>
    public void AddScalar(string tensor, long value) => _parts.Add((tensor, TensorType.I64, [], BitConverter.GetBytes(value)));

    /// <inheritdoc/>
    public void AddText(string key, string value) => _texts.Add((key, value));

    /// <summary>The tensors, once everything is written.</summary>
    /// <exception cref="NotFiniteNumberException">A value is infinite or not a number.</exception>
    public IEnumerable<NamedTensor> All() =>
        _parts.Select(part => part.Type == TensorType.F32
            ? Floats(part.Name, part.Shape, part.Bytes)
            : new NamedTensor($"{name}.{part.Name}", part.Type, part.Shape, part.Bytes));

    private NamedTensor Floats(string tensor, long[] shape, byte[] bytes)
    {
        if (tensor == WeightNames.Full && foreign is not null)
        {
            var ordered = new byte[bytes.Length];
            foreign.Order.ToImages<float>(
                MemoryMarshal.Cast<byte, float>(bytes.AsSpan()), MemoryMarshal.Cast<byte, float>(ordered.AsSpan()));
            (shape, bytes) = (foreign.Shape, ordered);
        }
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        FiniteValues.Check(path, tensor, values, shape);
        if (!rounds)
            return new NamedTensor($"{name}.{tensor}", TensorType.F32, shape, bytes);
        var rounded = new byte[bytes.Length / 2];
        BFloat16.Round(values, MemoryMarshal.Cast<byte, BFloat16>(rounded.AsSpan()));
        return new NamedTensor($"{name}.{tensor}", TensorType.BF16, shape, rounded);
    }
}
