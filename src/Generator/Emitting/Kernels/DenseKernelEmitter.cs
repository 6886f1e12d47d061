using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>Prints dense tiles: up to 6 rows, each element broadcast against the vectors of a panel row.</summary>
internal static class DenseKernelEmitter
{
    /// <summary>Rows of a tile, tallest first: what is left of a matrix after sixes is made of fours, twos and ones.</summary>
    private static readonly int[] Heights = [6, 4, 2, 1];

    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        code.Line("/// <summary>Dense tiles: rows of the broadcast operand times a panel, 6 rows by 4 vectors of 512 bits or by 2 narrower ones.</summary>");
        code.Line("/// <remarks>At 6 by 4: 24 accumulators, 4 panel loads and 6 broadcasts for 24 multiply-adds.</remarks>");
        using (code.Block($"internal readonly struct {plan.Name} : IDenseKernel"))
        {
            using (code.Block("public static void Multiply(int vectors, int rows, in DenseTile tile)"))
                Dispatch(code, path => SwitchOnShape(code, path), "MultiplyScalar(vectors * 4, rows, in tile);");
            foreach (var path in VectorPath.All)
            {
                for (var v = path.MaxVectors; v >= 1; v--)
                {
                    foreach (var height in Heights)
                        EmitTile(code, path, height, v);
                }
            }
            EmitScalar(code);
        }
    }

    private static void SwitchOnShape(CodeWriter code, VectorPath path)
    {
        using (code.Block("switch (vectors * 8 + rows)"))
        {
            for (var v = path.MaxVectors; v >= 1; v--)
            {
                foreach (var height in Heights)
                    code.Line($"{(v == 1 && height == 1 ? "default" : $"case {(v * 8) + height}")}: Multiply{path.Bits}x{height}x{v}(in tile); break;");
            }
        }
    }

    private static void EmitTile(CodeWriter code, VectorPath path, int rows, int vectors)
    {
        code.Line();
        using (Leaf(code, $"Multiply{path.Bits}x{rows}x{vectors}(in DenseTile tile)"))
        {
            code.Line("var steps = tile.Steps;");
            code.Line("nint stride = tile.RowStride, xStride = tile.XStride, yStride = tile.YStride;");
            if (rows > 2)
                code.Line("var stride2 = 2 * stride;");
            code.Line("ref var x = ref tile.X;");
            code.Line("ref var y = ref tile.Y;");
            StartSums(code, path, rows, vectors, (r, v) => path.Load($"Unsafe.Add(ref y, {r} * yStride)", v * path.Lanes), r => $"Unsafe.Add(ref tile.Bias, {r})");
            code.Line("ref var a = ref tile.A;");
            if (rows > 3)
                code.Line("ref var a3 = ref Unsafe.Add(ref a, 3 * stride);");
            using (code.Block("for (var k = tile.Depth; k != 0; k--)"))
            {
                code.Line(string.Join(" ", from v in Enumerable.Range(0, vectors) select $"var x{v} = {path.Load("x", v * path.Lanes)};"));
                for (var r = 0; r < rows; r++)
                {
                    code.Line($"var a{r}b = {path.Class}.Create({Broadcast(r)});");
                    code.Line(string.Join(" ", from v in Enumerable.Range(0, vectors) select $"{Sum(r, v)} = {path.Add($"a{r}b", $"x{v}", Sum(r, v))};"));
                }
                code.Line("a = ref Unsafe.Add(ref a, 1);");
                if (rows > 3)
                    code.Line("a3 = ref Unsafe.Add(ref a3, 1);");
                code.Line("x = ref Unsafe.Add(ref x, xStride);");
            }
            Finish(
                code, path, rows, vectors,
                (r, v) => path.Load($"Unsafe.Add(ref tile.Gate, {r} * yStride)", v * path.Lanes),
                (r, v) => $"{Sum(r, v)}.StoreUnsafe(ref Unsafe.Add(ref y, {r} * yStride), {v * path.Lanes});");
        }
    }

    /// <summary>The broadcast element of a row; two base references keep every address within one addressing mode.</summary>
    private static string Broadcast(int row)
    {
        var anchor = row < 3 ? "a" : "a3";
        return (row % 3) switch
        {
            0 => anchor,
            1 => $"Unsafe.Add(ref {anchor}, stride)",
            _ => $"Unsafe.Add(ref {anchor}, stride2)",
        };
    }

    private static void EmitScalar(CodeWriter code)
    {
        code.Line();
        code.Line("// The reference that the vector paths are tested against.");
        using (code.Block("private static void MultiplyScalar(int width, int rows, in DenseTile tile)"))
        {
            using (code.Block("for (nint r = 0; r < rows; r++)"))
            using (code.Block("for (nint c = 0; c < width; c++)"))
            {
                code.Line("ref var y = ref Unsafe.Add(ref tile.Y, (r * tile.YStride) + c);");
                code.Line("var sum = (tile.Steps & KernelSteps.Load) != 0 ? y : (tile.Steps & KernelSteps.Bias) != 0 ? Unsafe.Add(ref tile.Bias, r) : 0f;");
                code.Line("ref var x = ref Unsafe.Add(ref tile.X, c);");
                using (code.Block("for (nint k = 0; k < tile.Depth; k++)"))
                {
                    code.Line("sum += Unsafe.Add(ref tile.A, (r * tile.RowStride) + k) * x;");
                    code.Line("x = ref Unsafe.Add(ref x, tile.XStride);");
                }
                ScalarFinish(code, "Unsafe.Add(ref tile.Gate, (r * tile.YStride) + c)", "tile.Steps");
                code.Line("y = sum;");
            }
        }
    }

    internal static void ScalarFinish(CodeWriter code, string gate, string steps)
    {
        code.Line($"if (({steps} & KernelSteps.Relu) != 0 && sum < 0)");
        code.Line("    sum = 0;");
        code.Line($"if (({steps} & KernelSteps.Gate) != 0 && !({gate} > 0))");
        code.Line("    sum = 0;");
    }
}
