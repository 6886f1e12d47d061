using System.Linq;
using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels over packed weights. In a block of 4 rows the columns are sorted by the set of rows that keep them; a bucket is then a
/// straight loop that loads a panel row once and uses it as often as the set has rows.
/// </summary>
internal static class BucketKernelEmitter
{
    private const int Rows = 4;

    /// <summary>Row sets up to which a gradient kernel handles whole steps and the rest of a bucket apart.</summary>
    private const int MostLoopsApart = 6;

    /// <summary>Sums that one reduction across lanes yields.</summary>
    private const int SumsPerReduction = 8;

    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        var buckets = Bucket.Of(plan);
        Header(code, plan, buckets);
        using (code.Block($"internal readonly struct {plan.Name} : IBucketKernel"))
        {
            code.Line($"public static ReadOnlySpan<byte> RowSets => [{string.Join(", ", plan.RowSets)}];");
            code.Line();
            using (code.Block("public static void Multiply(int vectors, in BucketRun run)"))
                Dispatch(code, path => SwitchOnVectors(code, path, "Multiply"), "MultiplyScalar(vectors * 4, in run);");
            code.Line();
            using (code.Block("public static void KeptGradient(int vectors, in BucketRun run)"))
                Dispatch(code, path => SwitchOnVectors(code, path, "KeptGradient"), "KeptGradientScalar(vectors * 4, in run);");
            foreach (var path in VectorPath.All)
            {
                for (var v = path.MaxVectors; v >= 1; v--)
                {
                    EmitMultiply(code, path, v, buckets);
                    EmitKeptGradient(code, path, v, buckets);
                }
            }
            EmitScalar(code, buckets);
        }
    }

    private static void Header(CodeWriter code, KernelPlan plan, Bucket[] buckets)
    {
        if (plan.Kind == KernelKind.Paired)
        {
            code.Line("/// <summary>Blocks of 4 rows in which columns come in complementary pairs: one kept by two rows, the other by the other two.</summary>");
            code.Line("/// <remarks>Tile of 4 rows by up to 4 vectors: 16 accumulators, 2 column loads of 4 vectors and 4 broadcasts for 16 multiply-adds.</remarks>");
        }
        else
        {
            code.Line("/// <summary>Blocks of 4 rows with columns sorted by the set of rows that keep them.</summary>");
            code.Line($"/// <remarks>Tile of 4 rows by up to 4 vectors: 16 accumulators; {buckets.Length} row sets, each a loop with static registers.</remarks>");
        }
    }

    private static void EmitMultiply(CodeWriter code, VectorPath path, int vectors, Bucket[] buckets)
    {
        var width = vectors * path.Lanes;
        code.Line();
        using (Leaf(code, $"Multiply{path.Bits}x{vectors}(in BucketRun run)"))
        {
            OpenRun(code);
            code.Line("ref var y = ref run.Y;");
            code.Line("ref var gate = ref run.Gate;");
            code.Line("ref var bias = ref run.Bias;");
            using (code.Block("for (var block = run.Blocks; block != 0; block--)"))
            {
                StartSums(code, path, Rows, vectors, (r, v) => path.Load("y", (r * width) + (v * path.Lanes)), r => $"Unsafe.Add(ref bias, {r})");
                OpenBlock(code);
                for (var b = 0; b < buckets.Length; b++)
                {
                    using (code.Block($"for (int n = Unsafe.Add(ref counts, {b}); n != 0; n--) // {buckets[b].Comment}"))
                    {
                        foreach (var (column, offset, rows) in buckets[b].Columns)
                            MultiplyColumn(code, path, vectors, column, offset, rows);
                        code.Line($"index = ref Unsafe.Add(ref index, {buckets[b].Columns.Length});");
                        code.Line($"values = ref Unsafe.Add(ref values, {buckets[b].Values});");
                    }
                }
                Finish(
                    code, path, Rows, vectors,
                    (r, v) => path.Load("gate", (r * width) + (v * path.Lanes)),
                    (r, v) => $"{Sum(r, v)}.StoreUnsafe(ref y, {(r * width) + (v * path.Lanes)});");
                code.Line($"y = ref Unsafe.Add(ref y, {Rows * width});");
                code.Line($"gate = ref Unsafe.Add(ref gate, {Rows * width});");
                code.Line($"bias = ref Unsafe.Add(ref bias, {Rows});");
                CloseBlock(code, buckets);
            }
        }
    }

    private static void MultiplyColumn(CodeWriter code, VectorPath path, int vectors, int column, int offset, int[] rows)
    {
        var vs = Enumerable.Range(0, vectors).ToArray();
        using (code.Block(""))
        {
            code.Line($"ref var x = ref Unsafe.Add(ref panel, (nint)Unsafe.Add(ref index, {column}) * {vectors * path.Lanes});");
            code.Line(string.Join(" ", from v in vs select $"var x{v} = {path.Load("x", v * path.Lanes)};"));
            for (var i = 0; i < rows.Length; i++)
            {
                code.Line($"var w{i} = {path.Class}.Create(Unsafe.Add(ref values, {offset + i}));");
                code.Line(string.Join(" ", from v in vs select $"{Sum(rows[i], v)} = {path.Add($"w{i}", $"x{v}", Sum(rows[i], v))};"));
            }
        }
    }

    /// <summary>
    /// Per step as many entries of a bucket as fill one reduction: the rows of the output's gradient stay in registers where there are
    /// enough, and eight sums become eight consecutive floats, already in the order of the stream.
    /// </summary>
    private static void EmitKeptGradient(CodeWriter code, VectorPath path, int vectors, Bucket[] buckets)
    {
        var width = vectors * path.Lanes;
        code.Line();
        using (Leaf(code, $"KeptGradient{path.Bits}x{vectors}(in BucketRun run)"))
        {
            OpenRun(code);
            code.Line("var add = (steps & KernelSteps.Load) != 0;");
            code.Line("ref var dy = ref run.Y;");
            using (code.Block("for (var block = run.Blocks; block != 0; block--)"))
            {
                OpenBlock(code);
                if (path.KeepsGradientRows)
                {
                    for (var r = 0; r < Rows; r++)
                        code.Line(string.Join(" ", from v in Enumerable.Range(0, vectors) select $"var {Sum(r, v)} = {path.Load("dy", (r * width) + (v * path.Lanes))};"));
                }

                // Whole steps in a loop of their own are a tenth faster, but with many row sets the method would outgrow the optimizing JIT.
                var apart = buckets.Length <= MostLoopsApart && buckets.All(bucket => SumsPerReduction % bucket.Values == 0);
                for (var b = 0; b < buckets.Length; b++)
                    GradientLoop(code, path, vectors, b, buckets[b], apart);
                code.Line($"dy = ref Unsafe.Add(ref dy, {Rows * width});");
                CloseBlock(code, buckets);
            }
        }
    }

    private static void GradientLoop(CodeWriter code, VectorPath path, int vectors, int number, Bucket bucket, bool apart)
    {
        var perStep = SumsPerReduction / bucket.Values;
        using (code.Block(""))
        {
            code.Line($"int n = Unsafe.Add(ref counts, {number}); // {bucket.Comment}");
            if (apart)
            {
                using (code.Block($"for (; n >= {perStep}; n -= {perStep})"))
                {
                    GradientStep(code, path, vectors, bucket, perStep, whole: true);
                    code.Line("if (add)");
                    code.Line("    sums += Vector256.LoadUnsafe(ref values);");
                    code.Line("sums.StoreUnsafe(ref values);");
                    Advance(code, bucket, $"{perStep}");
                }
            }
            using (code.Block(apart ? "if (n > 0)" : $"for (; n > 0; n -= {perStep})"))
            {
                GradientStep(code, path, vectors, bucket, perStep, whole: false);
                code.Line($"var done = Math.Min(n, {perStep});");
                code.Line($"VectorLanes.Store(ref values, sums, done * {bucket.Values}, add);");
                Advance(code, bucket, "done");
            }
        }
    }

    private static void Advance(CodeWriter code, Bucket bucket, string entries)
    {
        code.Line($"index = ref Unsafe.Add(ref index, {entries} * {bucket.Columns.Length});");
        code.Line($"values = ref Unsafe.Add(ref values, {entries} * {bucket.Values});");
    }

    /// <summary>Eight sums, or fewer if the entries of a step do not fill them.</summary>
    private static void GradientStep(CodeWriter code, VectorPath path, int vectors, Bucket bucket, int perStep, bool whole)
    {
        var columns = StepColumns(bucket, perStep, whole);
        for (var c = 0; c < columns.Length; c++)
            code.Line($"ref var x{c} = ref Unsafe.Add(ref panel, (nint){columns[c].Position} * {vectors * path.Lanes});");
        code.Line($"{path.Type} {string.Join(", ", from sum in Enumerable.Range(0, SumsPerReduction) select $"s{sum} = {path.Type}.Zero")};");
        for (var v = 0; v < vectors; v++)
        {
            foreach (var (c, (_, firstSum, rows)) in columns.Select((column, c) => (c, column)))
                GradientColumn(code, path, vectors, v, $"x{c}", rows, firstSum);
        }
        code.Line("var sums = VectorLanes.Sums(s0, s1, s2, s3, s4, s5, s6, s7);");
    }

    /// <summary>The columns of one step: how to find the position of each, its first sum and the rows that keep it.</summary>
    private static (string Position, int FirstSum, int[] Rows)[] StepColumns(Bucket bucket, int perStep, bool whole) =>
    [
        .. from entry in Enumerable.Range(0, perStep)
           from column in bucket.Columns
           let at = (entry * bucket.Columns.Length) + column.Column

           // A step past the last entry repeats its first one; what it computes is not stored.
           let position = whole || entry == 0 ? $"Unsafe.Add(ref index, {at})" : $"Unsafe.Add(ref index, n > {entry} ? {at} : {column.Column})"
           select (position, (entry * bucket.Values) + column.Offset, column.Rows),
    ];

    private static void GradientColumn(CodeWriter code, VectorPath path, int vectors, int v, string column, int[] rows, int firstSum)
    {
        using (code.Block(""))
        {
            code.Line($"var x = {path.Load(column, v * path.Lanes)};");
            for (var i = 0; i < rows.Length; i++)
            {
                var sum = $"s{firstSum + i}";
                var d = path.KeepsGradientRows ? Sum(rows[i], v) : path.Load("dy", ((rows[i] * vectors) + v) * path.Lanes);
                code.Line($"{sum} = {path.Add(d, "x", sum)};");
            }
        }
    }

    private static void EmitScalar(CodeWriter code, Bucket[] buckets)
    {
        code.Line();
        code.Line("// The reference that the vector paths are tested against: one panel column at a time, sums in stored order.");
        using (code.Block("private static void MultiplyScalar(int width, in BucketRun run)"))
        using (code.Block("for (nint column = 0; column < width; column++)"))
        {
            OpenRun(code);
            using (code.Block("for (nint block = 0; block < run.Blocks; block++)"))
            {
                code.Line($"ref var y = ref Unsafe.Add(ref run.Y, (block * {Rows} * width) + column);");
                for (var r = 0; r < Rows; r++)
                    code.Line($"var r{r} = (steps & KernelSteps.Load) != 0 ? Unsafe.Add(ref y, {r} * width) : (steps & KernelSteps.Bias) != 0 ? Unsafe.Add(ref run.Bias, (block * {Rows}) + {r}) : 0f;");
                OpenBlock(code);
                for (var b = 0; b < buckets.Length; b++)
                {
                    using (code.Block($"for (int n = Unsafe.Add(ref counts, {b}); n != 0; n--) // {buckets[b].Comment}"))
                    {
                        foreach (var (c, offset, rows) in buckets[b].Columns)
                        {
                            code.Line($"var x{c} = Unsafe.Add(ref panel, ((nint)Unsafe.Add(ref index, {c}) * width) + column);");
                            for (var i = 0; i < rows.Length; i++)
                                code.Line($"r{rows[i]} += Unsafe.Add(ref values, {offset + i}) * x{c};");
                        }
                        code.Line($"index = ref Unsafe.Add(ref index, {buckets[b].Columns.Length});");
                        code.Line($"values = ref Unsafe.Add(ref values, {buckets[b].Values});");
                    }
                }
                for (var r = 0; r < Rows; r++)
                    code.Line($"Unsafe.Add(ref y, {r} * width) = Finish(r{r}, in run, (((block * {Rows}) + {r}) * width) + column);");
                CloseBlock(code, buckets);
            }
        }
        code.Line();
        using (code.Block("private static float Finish(float sum, in BucketRun run, nint position)"))
        {
            DenseKernelEmitter.ScalarFinish(code, "Unsafe.Add(ref run.Gate, position)", "run.Steps");
            code.Line("return sum;");
        }
        EmitScalarGradient(code, buckets);
    }

    private static void EmitScalarGradient(CodeWriter code, Bucket[] buckets)
    {
        code.Line();
        using (code.Block("private static void KeptGradientScalar(int width, in BucketRun run)"))
        {
            OpenRun(code);
            using (code.Block("for (nint block = 0; block < run.Blocks; block++)"))
            {
                code.Line($"ref var dy = ref Unsafe.Add(ref run.Y, block * {Rows} * width);");
                OpenBlock(code);
                for (var b = 0; b < buckets.Length; b++)
                {
                    using (code.Block($"for (int n = Unsafe.Add(ref counts, {b}); n != 0; n--) // {buckets[b].Comment}"))
                    {
                        foreach (var (c, offset, rows) in buckets[b].Columns)
                        {
                            for (var i = 0; i < rows.Length; i++)
                                code.Line($"Accumulate(ref Unsafe.Add(ref values, {offset + i}), ref Unsafe.Add(ref dy, {rows[i]} * width), ref Unsafe.Add(ref panel, (nint)Unsafe.Add(ref index, {c}) * width), width, steps);");
                        }
                        code.Line($"index = ref Unsafe.Add(ref index, {buckets[b].Columns.Length});");
                        code.Line($"values = ref Unsafe.Add(ref values, {buckets[b].Values});");
                    }
                }
                CloseBlock(code, buckets);
            }
        }
        code.Line();
        using (code.Block("private static void Accumulate(ref float target, ref float dy, ref float x, int width, KernelSteps steps)"))
        {
            code.Line("var sum = 0f;");
            code.Line("for (var c = 0; c < width; c++)");
            code.Line("    sum += Unsafe.Add(ref dy, c) * Unsafe.Add(ref x, c);");
            code.Line("target = (steps & KernelSteps.Load) != 0 ? target + sum : sum;");
        }
    }

    private static void OpenRun(CodeWriter code)
    {
        code.Line("var steps = run.Steps;");
        code.Line("ref var panel = ref run.X;");
        code.Line("ref var counts = ref run.Counts;");
        code.Line("ref var blockIndex = ref run.Index;");
        code.Line("ref var blockValues = ref run.Values;");
    }

    private static void OpenBlock(CodeWriter code)
    {
        code.Line("ref var index = ref blockIndex;");
        code.Line("ref var values = ref blockValues;");
    }

    private static void CloseBlock(CodeWriter code, Bucket[] buckets)
    {
        code.Line("blockIndex = ref Unsafe.Add(ref blockIndex, run.IndexStride);");
        code.Line("blockValues = ref Unsafe.Add(ref blockValues, run.ValueStride);");
        code.Line($"counts = ref Unsafe.Add(ref counts, {buckets.Length});");
    }

    /// <summary>One loop of a kernel.</summary>
    /// <param name="Columns">Per entry: which index, where its values start, and the rows that keep the column.</param>
    /// <param name="Values">Values per entry.</param>
    private sealed record Bucket((int Column, int Offset, int[] Rows)[] Columns, int Values, string Comment)
    {
        private static readonly (int[] First, int[] Second)[] Pairs =
            [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])];

        public static Bucket[] Of(KernelPlan plan) =>
            plan.Kind == KernelKind.Paired
                ? [.. Pairs.Select(p => new Bucket(
                    [(0, 0, p.First), (1, 2, p.Second)], 4, $"a column of rows {string.Join(", ", p.First)} and one of rows {string.Join(", ", p.Second)}"))]
                : [.. plan.RowSets.Select(set => OfSet([.. Enumerable.Range(0, Rows).Where(r => (set >> r & 1) != 0)]))];

        private static Bucket OfSet(int[] rows) =>
            new([(0, 0, rows)], rows.Length, $"columns of row{(rows.Length == 1 ? "" : "s")} {string.Join(", ", rows)}");
    }
}
