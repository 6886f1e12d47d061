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

    /// <summary>Pair of single-precision floats: a complex number.</summary>
    C64,

    /// <summary>8-bit float with 3 mantissa bits, no infinities and no negative zero.</summary>
    F8E4M3FNUZ,

    /// <summary>8-bit float with 2 mantissa bits, no infinities and no negative zero.</summary>
    F8E5M2FNUZ,

    /// <summary>8-bit exponent alone: a scale.</summary>
    F8E8M0,

    /// <summary>6-bit float with 3 mantissa bits.</summary>
    F6E2M3,

    /// <summary>6-bit float with 2 mantissa bits.</summary>
    F6E3M2,

    /// <summary>4-bit float, two in a byte.</summary>
    F4,

    /// <summary>An element type that is newer than this library: the bytes are there, and nothing is known of them.</summary>
    Unknown,
}

/// <summary>Names and sizes of <see cref="TensorType"/>.</summary>
internal static class TensorTypes
{
    private const int LongestName = 24;

    private static readonly (TensorType Type, string Name, int Bits)[] Table =
    [
        (TensorType.Bool, "BOOL", 8),
        (TensorType.U8, "U8", 8),
        (TensorType.I8, "I8", 8),
        (TensorType.F8E5M2, "F8_E5M2", 8),
        (TensorType.F8E4M3, "F8_E4M3", 8),
        (TensorType.I16, "I16", 16),
        (TensorType.U16, "U16", 16),
        (TensorType.F16, "F16", 16),
        (TensorType.BF16, "BF16", 16),
        (TensorType.I32, "I32", 32),
        (TensorType.U32, "U32", 32),
        (TensorType.F32, "F32", 32),
        (TensorType.I64, "I64", 64),
        (TensorType.U64, "U64", 64),
        (TensorType.F64, "F64", 64),
        (TensorType.C64, "C64", 64),
        (TensorType.F8E4M3FNUZ, "F8_E4M3FNUZ", 8),
        (TensorType.F8E5M2FNUZ, "F8_E5M2FNUZ", 8),
        (TensorType.F8E8M0, "F8_E8M0", 8),
        (TensorType.F6E2M3, "F6_E2M3", 6),
        (TensorType.F6E3M2, "F6_E3M2", 6),
        (TensorType.F4, "F4", 4),
    ];

    /// <summary>Bits of one element, or 0 where they are not known.</summary>
    public static int Bits(this TensorType type) => type == TensorType.Unknown ? 0 : Table[(int)type].Bits;

    /// <summary>The name in a safetensors header.</summary>
    public static string FileName(this TensorType type) => type == TensorType.Unknown ? "an unknown type" : Table[(int)type].Name;

    /// <summary>The type of a name in a header; null where the name is none that a type could have.</summary>
    public static TensorType? Parse(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
                return row.Type;
        }
        // A newer type may stand in a tensor that nobody asks for.
        var isName = name.Length is > 0 and <= LongestName
            && char.IsAsciiLetterUpper(name[0])
            && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
        return isName ? TensorType.Unknown : null;
    }
}
