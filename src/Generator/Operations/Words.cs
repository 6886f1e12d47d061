using System.Globalization;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>The words of comments on calls.</summary>
internal static class Words
{
    public static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Function(ActivationKind kind) => kind.ToString().ToLowerInvariant();
}
