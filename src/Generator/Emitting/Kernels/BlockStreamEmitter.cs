using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels for a few samples against blocks of four rows by four columns: a vector holds the weights of as many columns as it has room for, and every
/// input is repeated for the four rows.
/// </summary>
internal static class BlockStreamEmitter
{
    /// <summary>Rows and columns of a block.</summary>
    private const int Side = 4;

    /// <summary>Weights of a block.</summary>
    private const int BlockWeights = Side * Side;

    /// <summary>Sums of a sample, which take turns.</summary>
    private const int Chains = 4;

    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        code.Line("/// <summary>A few samples against a stream of blocks of 4 by 4 weights.</summary>");
        code.Line("/// <remarks>");
        code.Line("/// Tile of 4 rows by up to 4 samples with 512 bits, else 2: 4 sums for each, and per vector of weights one load and for each sample a load, a permutation and a");
        code.Line("/// multiply-add. More samples take turns while the weights of a tile are in the cache. The order of a sum does not depend on how many there are.");
        code.Line("/// </remarks>");
        using (code.Block($"internal readonly struct {plan.Name} : IBlockStreamKernel"))
        {
            using (code.Block("public static void Multiply(int samples, bool halves, in BlockStreamRun run)"))
                Dispatch(code, path => SwitchOnSamples(code, path), "MultiplyScalar(samples, halves, in run);");
            foreach (var path in VectorPath.All)
            {
                foreach (var halves in new[] { false, true })
                {
                    foreach (var samples in Heights(path))
                        EmitMultiply(code, path, samples, halves);
                }
            }
            EmitScalar(code);
        }
    }

    /// <summary>Samples of a tile, in descending order.</summary>
    private static int[] Heights(VectorPath path) => path.Bits == 512 ? [4, 2, 1] : [2, 1];

    /// <summary>Blocks of a turn: those of all sums, and whole pairs.</summary>
    private static int TurnBlocks(VectorPath path) => Math.Max(2, Chains * path.Lanes / BlockWeights);

    private static string Method(VectorPath path, int samples, bool halves) => $"Multiply{(halves ? "Halves" : "")}{path.Bits}x{samples}";

    private static void SwitchOnSamples(CodeWriter code, VectorPath path)
    {
        using (code.Block("switch (samples)"))
        {
            foreach (var samples in Heights(path))
            {
                var fits = $"case {(samples == 1 ? "" : ">= ")}{samples}";
                code.Line($"{fits} when halves: {Method(path, samples, halves: true)}(samples, in run); break;");
                code.Line($"{(samples == 1 ? "default" : fits)}: {Method(path, samples, halves: false)}(samples, in run); break;");
            }
        }
    }

    private static void EmitMultiply(CodeWriter code, VectorPath path, int samples, bool halves)
    {
        var rows = Enumerable.Range(0, samples).ToArray();
        var sums = Enumerable.Range(0, Chains).ToArray();
        var words = halves ? BlockWeights / 2 : BlockWeights;
        code.Line();
        using (Leaf(code, $"{Method(path, samples, halves)}(int samples, in BlockStreamRun run)"))
        {
            code.Line("nint xStride = run.XStride, yStride = run.YStride;");
            code.Line("ref var tile = ref run.Tiles;");
            code.Line("ref var stream = ref run.Stream;");
            code.Line("ref var columns = ref run.Columns;");
            EmitSpread(code, path);
            using (code.Block("for (var tiles = run.Count; tiles != 0; tiles--)"))
            {
                code.Line("var rows = Vector128.LoadUnsafe(ref tile, 1);");
                code.Line("var bias = VectorLanes.Gather128(ref run.Bias, rows);");
                code.Line("ref var x0 = ref run.X;");
                code.Line("ref var y = ref run.Y;");
                using (code.Block($"for (var left = samples; left != 0; left -= {samples})"))
                {
                    foreach (var r in rows.Skip(1))
                        code.Line($"ref var x{r} = ref Unsafe.Add(ref x{r - 1}, xStride);");
                    foreach (var r in rows)
                        code.Line($"{path.Type} {string.Join(", ", from s in sums select $"{Sum(r, s)} = {path.Type}.Zero")};");
                    code.Line("ref var w = ref stream;");
                    code.Line("ref var column = ref columns;");
                    using (code.Block($"for (var turn = tile / {TurnBlocks(path)}; turn != 0; turn--)"))
                    {
                        EmitTurn(code, path, rows, halves);
                        code.Line($"w = ref Unsafe.Add(ref w, {TurnBlocks(path) * words});");
                        code.Line($"column = ref Unsafe.Add(ref column, {TurnBlocks(path)});");
                    }
                    foreach (var r in rows)
                    {
                        code.Line($"var sum{r} = VectorLanes.SumParts(({Sum(r, 0)} + {Sum(r, 1)}) + ({Sum(r, 2)} + {Sum(r, 3)})) + bias;");
                        code.Line($"VectorLanes.Scatter128(run.Relu ? Vector128.MaxNative(Vector128<float>.Zero, sum{r}) : sum{r}, ref y, rows);");
                        code.Line("y = ref Unsafe.Add(ref y, yStride);");
                    }
                    code.Line($"x0 = ref Unsafe.Add(ref x{samples - 1}, xStride);");
                }
                code.Line($"stream = ref Unsafe.Add(ref stream, (nint)tile * {words});");
                code.Line("columns = ref Unsafe.Add(ref columns, (nint)tile);");
                code.Line($"tile = ref Unsafe.Add(ref tile, {1 + Side});");
            }
        }
    }

    /// <summary>What repeats each of four inputs for four rows.</summary>
    private static void EmitSpread(CodeWriter code, VectorPath path)
    {
        if (path.Bits == 512)
            code.Line("var spread = Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);");
        else if (path.Bits == 256)
            code.Line("Vector256<int> spread0 = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1), spread1 = Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3);");
    }

    private static void EmitTurn(CodeWriter code, VectorPath path, int[] rows, bool halves)
    {
        var parts = BlockWeights / path.Lanes;
        for (var block = 0; block < TurnBlocks(path); block++)
        {
            code.Line($"var c{block} = {Side} * (nint){(block == 0 ? "column" : $"Unsafe.Add(ref column, {block})")};");
            for (var part = 0; part < parts; part++)
            {
                var weights = $"w{block}{part}";
                if (!halves)
                {
                    code.Line($"var {weights} = {path.Load("w", (block * BlockWeights) + (part * path.Lanes))}.AsSingle();");
                }
                else
                {
                    var pair = $"q{block / 2}{part}";
                    if (block % 2 == 0)
                        code.Line($"var {pair} = {path.Load("w", (block / 2 * BlockWeights) + (part * path.Lanes))};");
                    code.Line($"var {weights} = ({pair} {(block % 2 == 0 ? "<< 16" : $"& {path.Class}.Create(0xFFFF0000u)")}).AsSingle();");
                }
                foreach (var r in rows)
                {
                    var sum = Sum(r, ((block * parts) + part) % Chains);
                    code.Line($"{sum} = {path.Add(Inputs(path, $"x{r}", $"c{block}", part), weights, sum)};");
                }
            }
        }
    }

    private static string Inputs(VectorPath path, string x, string column, int part) => path.Bits switch
    {
        512 => $"Avx512F.PermuteVar4x32({path.LoadStep($"Unsafe.Add(ref {x}, {column})")}, spread)",
        256 => $"Avx.PermuteVar({path.LoadStep($"Unsafe.Add(ref {x}, {column})")}, spread{part})",
        _ => $"Vector128.Create(Unsafe.Add(ref {x}, {column}{(part == 0 ? "" : $" + {part}")}))",
    };

    private static void EmitScalar(CodeWriter code)
    {
        code.Line();
        code.Line("// The reference that the vector paths are tested against: sums in stored order.");
        using (code.Block("private static void MultiplyScalar(int samples, bool halves, in BlockStreamRun run)"))
        {
            code.Line("ref var tile = ref run.Tiles;");
            code.Line("ref var stream = ref run.Stream;");
            code.Line("ref var columns = ref run.Columns;");
            using (code.Block("for (var tiles = run.Count; tiles != 0; tiles--)"))
            {
                using (code.Block("for (nint sample = 0; sample < samples; sample++)"))
                using (code.Block($"for (nint r = 0; r < {Side}; r++)"))
                {
                    code.Line("nint row = (int)Unsafe.Add(ref tile, 1 + r);");
                    code.Line("ref var x = ref Unsafe.Add(ref run.X, sample * run.XStride);");
                    code.Line("var sum = 0f;");
                    using (code.Block($"for (nint n = 0; n < {Side} * (nint)tile; n++)"))
                    {
                        code.Line($"var (block, column) = (n / {Side}, n % {Side});");
                        code.Line($"var bits = Unsafe.Add(ref stream, ((halves ? block / 2 : block) * {BlockWeights}) + (column * {Side}) + r);");
                        code.Line("var weight = BitConverter.UInt32BitsToSingle(halves ? block % 2 == 0 ? bits << 16 : bits & 0xFFFF0000u : bits);");
                        code.Line($"sum += weight * Unsafe.Add(ref x, ({Side} * (nint)Unsafe.Add(ref columns, block)) + column);");
                    }
                    code.Line("sum += Unsafe.Add(ref run.Bias, row);");
                    code.Line("Unsafe.Add(ref run.Y, (sample * run.YStride) + row) = run.Relu && sum < 0 ? 0 : sum;");
                }
                code.Line($"stream = ref Unsafe.Add(ref stream, (nint)tile * (halves ? {BlockWeights / 2} : {BlockWeights}));");
                code.Line("columns = ref Unsafe.Add(ref columns, (nint)tile);");
                code.Line($"tile = ref Unsafe.Add(ref tile, {1 + Side});");
            }
        }
    }
}
