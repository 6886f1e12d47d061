using System.Globalization;

namespace SparseSharp.Generator.Emitting;

/// <summary>Values as C# expressions.</summary>
internal static class Literal
{
    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(float value) => CodeWriter.Float(value);

    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "d";

    /// <summary>A member of one of the package's enumerations.</summary>
    public static string Of<TEnum>(TEnum member)
        where TEnum : struct, Enum => $"global::SparseSharp.{typeof(TEnum).Name}.{member}";
}
