namespace SparseSharp.Settings;

/// <summary>What is said of bfloat16 by the compiler and at run time alike.</summary>
internal static class Bfloat16Settings
{
    /// <summary>What follows the words of a layer's pattern, for example <c>, bfloat16</c>; empty in float32.</summary>
    public static string Words(Bfloat16Use use) => use switch
    {
        Bfloat16Use.WeightsAndActivations => ", bfloat16",
        Bfloat16Use.Weights => ", bfloat16 weights",
        _ => "",
    };
}
