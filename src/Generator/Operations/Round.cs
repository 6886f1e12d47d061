using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = bfloat16(x)</c>, an operand of a product; no node of a graph, but a call that planning puts in.</summary>
internal static class Round
{
    /// <param name="values">The values of the pass.</param>
    /// <param name="x">The operand.</param>
    /// <param name="y">The rounded one, which may be the same value.</param>
    public static Call Call(ValueTable values, int x, int y) => Elementwise.Call(
        "Round",
        $"{values.Name(y)} = bfloat16({values.Name(x)})",
        Argument.Read(x),
        Argument.Write(y),
        Argument.LinesOf(values, y));
}
