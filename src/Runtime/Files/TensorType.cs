namespace SparseSharp;

/// <summary>Element type of a stored tensor.</summary>
public enum TensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>8-bit float with 2 mantissa bits.</summary>
    F8E5M2,

    /// <summary>8-bit float with 3 mantissa bits.</summary>
    F8E4M3,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a 32-bit float.</summary>
    BF16,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>IEEE double precision.</summary>
    F64,
}

/// <summary>Names and sizes of <see cref="TensorType"/>.</summary>
internal static class TensorTypes
{
    private static readonly (TensorType Type, string Name, int Size)[] Table =
    [
        (TensorType.Bool, "BOOL", 1),
        (TensorType.U8, "U8", 1),
        (TensorType.I8, "I8", 1),
        (TensorType.F8E5M2, "F8_E5M2", 1),
        (TensorType.F8E4M3, "F8_E4M3", 1),
        (TensorType.I16, "I16", 2),
        (TensorType.U16, "U16", 2),
        (TensorType.F16, "F16", 2),
        (TensorType.BF16, "BF16", 2),
        (TensorType.I32, "I32", 4),
        (TensorType.U32, "U32", 4),
        (TensorType.F32, "F32", 4),
        (TensorType.I64, "I64", 8),
        (TensorType.U64, "U64", 8),
        (TensorType.F64, "F64", 8),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => Table[(int)type].Size;

    /// <summary>The name in a safetensors header.</summary>
    public static string FileName(this TensorType type) => Table[(int)type].Name;

    public static TensorType? Parse(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
                return row.Type;
        }
        return null;
    }
}
