namespace SparseSharp.Generator.Reading;

/// <summary>
/// How large a model may be, with all that is nested in it. Nested models are copied into their parents, so two members at each of a few
/// levels make thousands of layers; what is emitted for them has to pass the compiler and the JIT, which take a pass as one method.
/// </summary>
internal static class ModelSize
{
    public const int MostLayers = 2048;

    public const int MostOperations = 8192;

    public static bool HasTooManyLayers(int layers) => layers > MostLayers;

    public static bool HasTooManyOperations(int operations) => operations > MostOperations;
}
