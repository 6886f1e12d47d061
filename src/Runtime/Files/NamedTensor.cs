using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SparseSharp.Files;

namespace SparseSharp;

/// <summary>A named array as it stands in a file: element type, shape and little-endian bytes in row-major order.</summary>
public sealed class NamedTensor
{
    private readonly long[] _shape;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Func<byte[]>? _read;

    /// <summary>Makes a tensor over bytes that it does not copy.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Extents, outermost first; empty for a scalar.</param>
    /// <param name="bytes">The elements, little-endian.</param>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly, or the type is not known.</exception>
    public NamedTensor(string name, TensorType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Type = type;
        TypeName = type.FileName();
        _bytes = bytes;
        _shape = shape.ToArray();
        if (type == TensorType.Unknown)
            throw new ArgumentException($"Tensor '{name}' needs an element type.", nameof(type));
        if (ByteLength(shape, type) is not { } length || length != bytes.Length)
            throw new ArgumentException(
                $"Tensor '{name}' of type {TypeName} and shape {Format(shape)} does not have {bytes.Length} bytes.");
        Length = (int)ElementCount(shape)!.Value;
    }

    /// <summary>Makes a tensor of a file, whose bytes are read when someone asks for them, or are there.</summary>
    internal NamedTensor(in TensorEntry entry, Func<byte[]>? read, ReadOnlyMemory<byte> bytes)
    {
        (Name, Type, TypeName, _shape) = (entry.Name, entry.Type, entry.TypeName, entry.Shape);
        (_read, _bytes) = (read, bytes);
        Length = (int)ElementCount(_shape)!.Value;
    }

    /// <summary>The same tensor with its bytes in memory.</summary>
    internal NamedTensor Read() => _read is null ? this : new(new TensorEntry(Name, Type, TypeName, _shape, 0, 0), null, Bytes);

    /// <summary>Name in the file.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public TensorType Type { get; }

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>The elements, little-endian, row-major.</summary>
    public ReadOnlyMemory<byte> Bytes => _read is null ? _bytes : _read();

    /// <summary>Name of the element type in the file, also where this library does not know it.</summary>
    internal string TypeName { get; }

    /// <summary>Makes a tensor of floats, copied; without a shape it is a vector.</summary>
    public static NamedTensor Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Copy(name, TensorType.F32, values, shape);

    /// <summary>Makes a tensor of bfloat16, copied; without a shape it is a vector.</summary>
    public static NamedTensor Of(string name, ReadOnlySpan<BFloat16> values, params ReadOnlySpan<long> shape) =>
        Copy(name, TensorType.BF16, values, shape);

    /// <summary>Makes a tensor of 64-bit integers, copied; without a shape it is a vector.</summary>
    public static NamedTensor Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Copy(name, TensorType.I64, values, shape);

    /// <summary>Makes a tensor of bytes, copied; without a shape it is a vector.</summary>
    public static NamedTensor Of(string name, ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape) =>
        Copy(name, TensorType.U8, values, shape);

    /// <summary>The elements as floats: exact for F32, BF16 and F16, rounded for F64.</summary>
    /// <exception cref="SafeTensorsException">The type is none of these.</exception>
    public float[] ToFloats()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>Writes the elements as floats: exact for F32, BF16 and F16, rounded for F64.</summary>
    /// <param name="destination">Receives all elements; its length must be <see cref="Length"/>.</param>
    /// <exception cref="SafeTensorsException">The type is none of these, or the lengths differ.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Length)
            throw new SafeTensorsException($"Tensor '{FileText.Name(Name)}' has {Length} elements, expected {destination.Length}.");
        switch (Type)
        {
            case TensorType.F32:
                Elements<float>().CopyTo(destination);
                break;
            case TensorType.F64:
                TensorPrimitives.ConvertTruncating(Elements<double>(), destination);
                break;
            case TensorType.F16:
                TensorPrimitives.ConvertToSingle(Elements<Half>(), destination);
                break;
            case TensorType.BF16:
                BFloat16.Widen(Elements<BFloat16>(), destination);
                break;
            default:
                throw new SafeTensorsException($"Tensor '{FileText.Name(Name)}' has type {TypeName}, expected F32 (or F64, F16, BF16).");
        }
    }

    /// <summary>The elements as 64-bit integers, from I64 or I32.</summary>
    /// <exception cref="SafeTensorsException">The type is neither.</exception>
    public long[] ToInt64s() => Type switch
    {
        TensorType.I64 => Elements<long>().ToArray(),
        TensorType.I32 => Array.ConvertAll(Elements<int>().ToArray(), value => (long)value),
        _ => throw new SafeTensorsException($"Tensor '{FileText.Name(Name)}' has type {TypeName}, expected I64 (or I32)."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{FileText.Name(Name)} {TypeName} {Format(_shape)}";

    internal static string Format(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>
    /// Bytes of a shape, or null where an extent is negative, the product leaves the range, or elements end within a byte.
    /// </summary>
    internal static long? ByteLength(ReadOnlySpan<long> shape, TensorType type)
    {
        if (ElementCount(shape) is not { } elements || Math.BigMul(elements, type.Bits(), out var bits) != 0 || bits < 0)
            return null;
        return bits % 8 == 0 ? bits / 8 : null;
    }

    /// <summary>Elements of a shape, or null where an extent is negative or the product leaves the range.</summary>
    internal static long? ElementCount(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var extent in shape)
        {
            if (extent < 0 || Math.BigMul(elements, extent, out elements) != 0 || elements < 0)
                return null;
        }
        return elements;
    }

    /// <summary>
    /// The bytes as elements. The start may be unaligned in a file from elsewhere, which every supported processor reads.
    /// </summary>
    private ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    private static NamedTensor Copy<T>(string name, TensorType type, ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ReadOnlySpan<long> vector = [values.Length];
        return new NamedTensor(name, type, shape.IsEmpty ? vector : shape, MemoryMarshal.AsBytes(values).ToArray());
    }
}
