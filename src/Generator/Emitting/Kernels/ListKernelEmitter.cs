using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels over lists: one output row at a time, its list picking rows of a strip. Every multiply-add has a load of its own, and one
/// broadcast serves as many of them as the strip is wide; so the strip is as wide as there are accumulators.
/// </summary>
internal static class ListKernelEmitter
{
    /// <summary>Vectors per row of the widest strip, on every path.</summary>
    private const int MaxVectors = 8;

    /// <summary>Entries per step: their positions are one load of 64 bits.</summary>
    private const int EntriesPerStep = 4;

    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        code.Line("/// <summary>Rows that are lists of (position, value), times a strip of up to 8 vectors.</summary>");
        code.Line("/// <remarks>Tile of 1 row by 8 vectors: 8 accumulators; per entry one broadcast, a quarter of a load of positions and 8 multiply-adds from memory.</remarks>");
        using (code.Block($"internal readonly struct {plan.Name} : IListKernel"))
        {
            using (code.Block("public static void Multiply(int vectors, in ListRun run)"))
                Dispatch(code, path => SwitchOnVectors(code, path, "Multiply", MaxVectors), "MultiplyScalar(vectors * 4, in run);");
            foreach (var path in VectorPath.All)
            {
                for (var v = MaxVectors; v >= 1; v--)
                    EmitMultiply(code, path, v);
            }
            EmitScalar(code);
        }
    }

    private static void EmitMultiply(CodeWriter code, VectorPath path, int vectors)
    {
        var vs = Enumerable.Range(0, vectors).ToArray();
        code.Line();
        using (Leaf(code, $"Multiply{path.Bits}x{vectors}(in ListRun run)"))
        {
            code.Line("var add = run.Add;");
            code.Line("ref var strip = ref run.X;");
            OpenRows(code);
            using (code.Block("for (var row = run.Rows; row != 0; row--)"))
            {
                code.Line($"{path.Type} {string.Join(", ", from v in vs select $"{Sum(0, v)} = {path.Type}.Zero")};");
                using (code.Block("if (add)"))
                    code.Line(string.Join(" ", from v in vs select $"{Sum(0, v)} = {path.Load("y", v * path.Lanes)};"));
                code.Line("ref var index = ref rowIndex;");
                code.Line("ref var values = ref rowValues;");
                using (code.Block("for (var n = fours; n != 0; n--)"))
                {
                    code.Line("var positions = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref index));");
                    for (var entry = 0; entry < EntriesPerStep; entry++)
                    {
                        using (code.Block(""))
                        {
                            code.Line($"ref var x = ref Unsafe.Add(ref strip, (nint)(ushort){(entry == 0 ? "positions" : $"(positions >> {16 * entry})")});");
                            code.Line($"var value = {path.Class}.Create({(entry == 0 ? "values" : $"Unsafe.Add(ref values, {entry})")});");
                            code.Line(string.Join(" ", from v in vs select $"{Sum(0, v)} = {path.Add("value", path.Load("x", v * path.Lanes), Sum(0, v))};"));
                        }
                    }
                    code.Line($"index = ref Unsafe.Add(ref index, {EntriesPerStep});");
                    code.Line($"values = ref Unsafe.Add(ref values, {EntriesPerStep});");
                }
                code.Line(string.Join(" ", from v in vs select $"{Sum(0, v)}.StoreUnsafe(ref y, {v * path.Lanes});"));
                CloseRow(code);
            }
        }
    }

    private static void EmitScalar(CodeWriter code)
    {
        code.Line();
        code.Line("// The reference that the vector paths are tested against.");
        using (code.Block("private static void MultiplyScalar(int width, in ListRun run)"))
        {
            OpenRows(code);
            using (code.Block("for (var row = run.Rows; row != 0; row--)"))
            {
                using (code.Block("for (var c = 0; c < width; c++)"))
                {
                    code.Line("var sum = run.Add ? Unsafe.Add(ref y, c) : 0f;");
                    code.Line($"for (var n = 0; n < {EntriesPerStep} * fours; n++)");
                    code.Line("    sum += Unsafe.Add(ref rowValues, n) * Unsafe.Add(ref run.X, (nint)Unsafe.Add(ref rowIndex, n) + c);");
                    code.Line("Unsafe.Add(ref y, c) = sum;");
                }
                CloseRow(code);
            }
        }
    }

    private static void OpenRows(CodeWriter code)
    {
        code.Line("ref var y = ref run.Y;");
        code.Line("ref var fours = ref run.Fours;");
        code.Line("ref var rowIndex = ref run.Index;");
        code.Line("ref var rowValues = ref run.Values;");
    }

    private static void CloseRow(CodeWriter code)
    {
        code.Line("y = ref Unsafe.Add(ref y, run.YStride);");
        code.Line("fours = ref Unsafe.Add(ref fours, run.FoursStride);");
        code.Line("rowIndex = ref Unsafe.Add(ref rowIndex, run.ListStride);");
        code.Line("rowValues = ref Unsafe.Add(ref rowValues, run.ListStride);");
    }
}
