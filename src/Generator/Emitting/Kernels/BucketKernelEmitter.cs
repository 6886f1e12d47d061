using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels over packed weights. A step has one weight for each row of a block of 4, so every step has the same multiply-adds; lists of
/// steps differ in which rows share a column, and each is a straight loop with static registers.
/// </summary>
internal static class BucketKernelEmitter
{
    private const int Rows = 4;

    /// <summary>Steps by which positions of single columns are read before their use; behind the last segment there is room for that.</summary>
    private const int StepsAhead = 3;

    /// <summary>Steps whose sums one reduction across lanes yields.</summary>
    private const int StepsPerReduction = 2;

    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        var buckets = Bucket.Of(plan.Kind);
        var ordered = plan.Kind != KernelKind.Pairs;
        Header(code, buckets, ordered);
        using (code.Block($"internal readonly struct {plan.Name} : IBucketKernel"))
        {
            code.Line($"public static BucketFormat Format => BucketFormat.{plan.Kind};");
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
                    EmitMultiply(code, path, v, buckets, ordered);
                    EmitKeptGradient(code, path, v, buckets, ordered);
                }
            }
            EmitScalar(code, buckets, ordered);
        }
    }

    private static void Header(CodeWriter code, Bucket[] buckets, bool ordered)
    {
        code.Line($"/// <summary>Blocks of 4 rows{(ordered ? ", which may lie anywhere," : "")} in steps of four weights, one of each row.</summary>");
        code.Line("/// <remarks>");
        code.Line("/// Tile of 4 rows by up to 4 vectors: 16 accumulators, 16 multiply-adds and 4 broadcasts per step. Column loads per step:");
        foreach (var bucket in buckets)
            code.Line($"/// {bucket.Columns.Length * 4} for {bucket.Comment}.");
        code.Line("/// </remarks>");
    }

    private static void EmitMultiply(CodeWriter code, VectorPath path, int vectors, Bucket[] buckets, bool ordered)
    {
        var width = vectors * path.Lanes;
        code.Line();
        using (Leaf(code, $"Multiply{path.Bits}x{vectors}(in BucketRun run)"))
        {
            OpenRun(code, ordered);
            code.Line("ref var y = ref run.Y;");
            code.Line("ref var gate = ref run.Gate;");
            code.Line("ref var bias = ref run.Bias;");
            using (code.Block("for (var block = run.Blocks; block != 0; block--)"))
            {
                OpenRows(code, ordered, $"{width}");
                StartSums(
                    code, path, Rows, vectors,
                    (r, v) => InRow(path, "y", r, v, width, ordered),
                    r => ordered ? $"Unsafe.Add(ref bias, Unsafe.Add(ref rows, {r}))" : $"Unsafe.Add(ref bias, {r})");
                OpenBlock(code);
                for (var b = 0; b < buckets.Length; b++)
                {
                    var single = buckets[b].Columns.Length == Rows;
                    if (single)
                        ReadAhead(code);
                    using (code.Block($"for (int n = Unsafe.Add(ref counts, {b}); n != 0; n--) // {buckets[b].Comment}"))
                    {
                        if (single)
                            MultiplySingles(code, path, vectors);
                        else
                            MultiplyPair(code, path, vectors, buckets[b]);
                        code.Line($"index = ref Unsafe.Add(ref index, {buckets[b].Columns.Length});");
                        code.Line($"values = ref Unsafe.Add(ref values, {Rows});");
                    }
                }
                Finish(
                    code, path, Rows, vectors,
                    (r, v) => InRow(path, "gate", r, v, width, ordered),
                    (r, v) => ordered ? $"{Sum(r, v)}.StoreUnsafe(ref Unsafe.Add(ref y, row{r}), {v * path.Lanes});" : $"{Sum(r, v)}.StoreUnsafe(ref y, {(r * width) + (v * path.Lanes)});");
                if (!ordered)
                {
                    code.Line($"y = ref Unsafe.Add(ref y, {Rows * width});");
                    code.Line($"gate = ref Unsafe.Add(ref gate, {Rows * width});");
                    code.Line($"bias = ref Unsafe.Add(ref bias, {Rows});");
                }
                CloseBlock(code, buckets, ordered);
            }
        }
    }

    private static void ReadAhead(CodeWriter code)
    {
        for (var ahead = 0; ahead < StepsAhead; ahead++)
            code.Line($"var next{ahead} = {Positions(ahead)};");
    }

    /// <summary>
    /// A column per row. Loads are what bounds this step, so that positions and weights come in one load each: 18 loads for 16 multiply-adds.
    /// Positions are read steps ahead: they would else queue behind the loads of earlier steps, and those of their own step behind them.
    /// </summary>
    private static void MultiplySingles(CodeWriter code, VectorPath path, int vectors)
    {
        code.Line("var step = next0;");
        for (var ahead = 1; ahead < StepsAhead; ahead++)
            code.Line($"next{ahead - 1} = next{ahead};");
        code.Line($"next{StepsAhead - 1} = {Positions(StepsAhead)};");
        code.Line($"var w = {path.LoadStep("values")};");
        for (var r = 0; r < Rows; r++)
        {
            using (code.Block(""))
            {
                var k = r == 0 ? "(nint)(ushort)step" : r < 3 ? $"(nint)(ushort)(step >> {16 * r})" : "(nint)(step >> 48)";
                code.Line($"ref var x = ref Unsafe.Add(ref panel, {k} * {vectors * path.Lanes});");
                code.Line($"var wr = {path.Lane("w", r)};");
                for (var v = 0; v < vectors; v++)
                    code.Line($"{Sum(r, v)} = {path.Add("wr", path.Load("x", v * path.Lanes), Sum(r, v))};");
            }
        }
    }

    /// <summary>The four positions of a later step, as one number.</summary>
    private static string Positions(int ahead) => $"Unsafe.As<ushort, ulong>(ref Unsafe.Add(ref index, {Rows * ahead}))";

    /// <summary>
    /// Two columns, each for two rows: no more than 14 loads for 16 multiply-adds, and broadcasts from memory leave the other ports free. Where a panel is narrow a broadcast serves
    /// one multiply-add or two, and loads bound the step: both positions then come in one load and, where it is one vector wide, most weights too.
    /// </summary>
    private static void MultiplyPair(CodeWriter code, VectorPath path, int vectors, Bucket pair)
    {
        var vs = Enumerable.Range(0, vectors).ToArray();
        if (vectors <= 2)
            code.Line("var step = Unsafe.As<ushort, uint>(ref index);");
        if (vectors == 1)
            code.Line($"var w = {path.LoadStep("values")};");
        foreach (var (column, offset, rows) in pair.Columns)
        {
            using (code.Block(""))
            {
                code.Line(vectors > 2 ? Column(path, vectors, column) : ColumnAt(path, vectors, column == 0 ? "(ushort)step" : "(step >> 16)"));
                code.Line(string.Join(" ", from v in vs select $"var x{v} = {path.Load("x", v * path.Lanes)};"));
                for (var i = 0; i < rows.Length; i++)
                {
                    var weight = offset + i;
                    code.Line($"var w{i} = {(vectors == 1 && weight > 0 ? path.Lane("w", weight) : $"{path.Class}.Create(Unsafe.Add(ref values, {weight}))")};");
                    code.Line(string.Join(" ", from v in vs select $"{Sum(rows[i], v)} = {path.Add($"w{i}", $"x{v}", Sum(rows[i], v))};"));
                }
            }
        }
    }

    /// <summary>
    /// Two steps at a time: the rows of the output's gradient stay in registers where there are enough, and eight sums become eight
    /// consecutive floats, already in the order of the stream.
    /// </summary>
    private static void EmitKeptGradient(CodeWriter code, VectorPath path, int vectors, Bucket[] buckets, bool ordered)
    {
        var width = vectors * path.Lanes;
        code.Line();
        using (Leaf(code, $"KeptGradient{path.Bits}x{vectors}(in BucketRun run)"))
        {
            OpenRun(code, ordered);
            code.Line("var add = (steps & KernelSteps.Load) != 0;");
            code.Line("ref var dy = ref run.Y;");
            using (code.Block("for (var block = run.Blocks; block != 0; block--)"))
            {
                OpenBlock(code);
                OpenRows(code, ordered, $"{width}");
                if (path.KeepsGradientRows)
                {
                    for (var r = 0; r < Rows; r++)
                        code.Line(string.Join(" ", from v in Enumerable.Range(0, vectors) select $"var {Sum(r, v)} = {InRow(path, "dy", r, v, width, ordered)};"));
                }
                for (var b = 0; b < buckets.Length; b++)
                    GradientLoop(code, path, vectors, b, buckets[b], ordered);
                if (!ordered)
                    code.Line($"dy = ref Unsafe.Add(ref dy, {Rows * width});");
                CloseBlock(code, buckets, ordered);
            }
        }
    }

    private static void GradientLoop(CodeWriter code, VectorPath path, int vectors, int number, Bucket bucket, bool ordered)
    {
        using (code.Block(""))
        {
            code.Line($"int n = Unsafe.Add(ref counts, {number}); // {bucket.Comment}");
            using (code.Block($"for (; n >= {StepsPerReduction}; n -= {StepsPerReduction})"))
            {
                GradientSums(code, path, vectors, bucket, StepsPerReduction, ordered);
                code.Line("if (add)");
                code.Line("    sums += Vector256.LoadUnsafe(ref values);");
                code.Line("sums.StoreUnsafe(ref values);");
                Advance(code, bucket, StepsPerReduction);
            }
            using (code.Block("if (n > 0)"))
            {
                GradientSums(code, path, vectors, bucket, 1, ordered);
                code.Line("var step = sums.GetLower();");
                code.Line("if (add)");
                code.Line("    step += Vector128.LoadUnsafe(ref values);");
                code.Line("step.StoreUnsafe(ref values);");
                Advance(code, bucket, 1);
            }
        }
    }

    private static void Advance(CodeWriter code, Bucket bucket, int steps)
    {
        code.Line($"index = ref Unsafe.Add(ref index, {steps * bucket.Columns.Length});");
        code.Line($"values = ref Unsafe.Add(ref values, {steps * Rows});");
    }

    /// <summary>The sums of one or two steps, in the order of the stream.</summary>
    private static void GradientSums(CodeWriter code, VectorPath path, int vectors, Bucket bucket, int steps, bool ordered)
    {
        code.Line($"{path.Type} {string.Join(", ", from sum in Enumerable.Range(0, StepsPerReduction * Rows) select $"s{sum} = {path.Type}.Zero")};");
        for (var step = 0; step < steps; step++)
        {
            foreach (var (column, offset, rows) in bucket.Columns)
                GradientColumn(code, path, vectors, (step * bucket.Columns.Length) + column, rows, (step * Rows) + offset, ordered);
        }
        code.Line("var sums = VectorLanes.Sums(s0, s1, s2, s3, s4, s5, s6, s7);");
    }

    private static void GradientColumn(CodeWriter code, VectorPath path, int vectors, int column, int[] rows, int firstSum, bool ordered)
    {
        using (code.Block(""))
        {
            code.Line(Column(path, vectors, column));
            for (var v = 0; v < vectors; v++)
            {
                code.Line($"var x{v} = {path.Load("x", v * path.Lanes)};");
                for (var i = 0; i < rows.Length; i++)
                {
                    var sum = $"s{firstSum + i}";
                    var d = path.KeepsGradientRows ? Sum(rows[i], v) : InRow(path, "dy", rows[i], v, vectors * path.Lanes, ordered);
                    code.Line($"{sum} = {path.Add(d, $"x{v}", sum)};");
                }
            }
        }
    }

    private static string Column(VectorPath path, int vectors, int column) => ColumnAt(path, vectors, $"Unsafe.Add(ref index, {column})");

    private static string ColumnAt(VectorPath path, int vectors, string position) =>
        $"ref var x = ref Unsafe.Add(ref panel, (nint){position} * {vectors * path.Lanes});";

    /// <summary>A vector of one of the rows of a block.</summary>
    private static string InRow(VectorPath path, string operand, int row, int vector, int width, bool ordered) =>
        ordered ? path.Load($"Unsafe.Add(ref {operand}, row{row})", vector * path.Lanes) : path.Load(operand, (row * width) + (vector * path.Lanes));

    private static void EmitScalar(CodeWriter code, Bucket[] buckets, bool ordered)
    {
        code.Line();
        code.Line("// The reference that the vector paths are tested against: one panel column at a time, sums in stored order.");
        using (code.Block("private static void MultiplyScalar(int width, in BucketRun run)"))
        using (code.Block("for (nint column = 0; column < width; column++)"))
        {
            OpenRun(code, ordered);
            using (code.Block("for (nint block = 0; block < run.Blocks; block++)"))
            {
                if (ordered)
                    code.Line("ref var y = ref Unsafe.Add(ref run.Y, column);");
                else
                    code.Line($"ref var y = ref Unsafe.Add(ref run.Y, (block * {Rows} * width) + column);");
                OpenRows(code, ordered, "width");
                for (var r = 0; r < Rows; r++)
                {
                    var bias = ordered ? $"Unsafe.Add(ref rows, {r})" : $"(block * {Rows}) + {r}";
                    code.Line($"var r{r} = (steps & KernelSteps.Load) != 0 ? Unsafe.Add(ref y, {ScalarRow(r, ordered)}) : (steps & KernelSteps.Bias) != 0 ? Unsafe.Add(ref run.Bias, {bias}) : 0f;");
                }
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
                        code.Line($"values = ref Unsafe.Add(ref values, {Rows});");
                    }
                }
                for (var r = 0; r < Rows; r++)
                {
                    var position = ordered ? $"row{r} + column" : $"(((block * {Rows}) + {r}) * width) + column";
                    code.Line($"Unsafe.Add(ref y, {ScalarRow(r, ordered)}) = Finish(r{r}, in run, {position});");
                }
                CloseBlock(code, buckets, ordered);
            }
        }
        code.Line();
        using (code.Block("private static float Finish(float sum, in BucketRun run, nint position)"))
        {
            DenseKernelEmitter.ScalarFinish(code, "Unsafe.Add(ref run.Gate, position)", "run.Steps");
            code.Line("return sum;");
        }
        EmitScalarGradient(code, buckets, ordered);
    }

    private static string ScalarRow(int row, bool ordered) => ordered ? $"row{row}" : $"{row} * width";

    private static void EmitScalarGradient(CodeWriter code, Bucket[] buckets, bool ordered)
    {
        code.Line();
        using (code.Block("private static void KeptGradientScalar(int width, in BucketRun run)"))
        {
            OpenRun(code, ordered);
            using (code.Block("for (nint block = 0; block < run.Blocks; block++)"))
            {
                code.Line(ordered ? "ref var dy = ref run.Y;" : $"ref var dy = ref Unsafe.Add(ref run.Y, block * {Rows} * width);");
                OpenRows(code, ordered, "width");
                OpenBlock(code);
                for (var b = 0; b < buckets.Length; b++)
                {
                    using (code.Block($"for (int n = Unsafe.Add(ref counts, {b}); n != 0; n--) // {buckets[b].Comment}"))
                    {
                        foreach (var (c, offset, rows) in buckets[b].Columns)
                        {
                            for (var i = 0; i < rows.Length; i++)
                                code.Line($"Accumulate(ref Unsafe.Add(ref values, {offset + i}), ref Unsafe.Add(ref dy, {ScalarRow(rows[i], ordered)}), ref Unsafe.Add(ref panel, (nint)Unsafe.Add(ref index, {c}) * width), width, steps);");
                        }
                        code.Line($"index = ref Unsafe.Add(ref index, {buckets[b].Columns.Length});");
                        code.Line($"values = ref Unsafe.Add(ref values, {Rows});");
                    }
                }
                CloseBlock(code, buckets, ordered);
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

    private static void OpenRun(CodeWriter code, bool ordered)
    {
        if (ordered)
            code.Line("ref var rows = ref run.Rows;");
        code.Line("var steps = run.Steps;");
        code.Line("ref var panel = ref run.X;");
        code.Line("ref var counts = ref run.Counts;");
        code.Line("ref var blockIndex = ref run.Index;");
        code.Line("ref var blockValues = ref run.Values;");
    }

    /// <summary>Where the rows of a block lie in the output.</summary>
    private static void OpenRows(CodeWriter code, bool ordered, string width)
    {
        for (var r = 0; ordered && r < Rows; r++)
            code.Line($"var row{r} = (nint)Unsafe.Add(ref rows, {r}) * {width};");
    }

    private static void OpenBlock(CodeWriter code)
    {
        code.Line("ref var index = ref blockIndex;");
        code.Line("ref var values = ref blockValues;");
    }

    private static void CloseBlock(CodeWriter code, Bucket[] buckets, bool ordered)
    {
        if (ordered)
            code.Line($"rows = ref Unsafe.Add(ref rows, {Rows});");
        code.Line("blockIndex = ref Unsafe.Add(ref blockIndex, run.IndexStride);");
        code.Line("blockValues = ref Unsafe.Add(ref blockValues, run.ValueStride);");
        code.Line($"counts = ref Unsafe.Add(ref counts, {buckets.Length});");
    }

    /// <summary>One loop of a kernel.</summary>
    /// <param name="Columns">The columns of a step: which index, where its values start, and the rows that keep it.</param>
    /// <param name="Comment">For readers of the kernel.</param>
    private sealed record Bucket((int Column, int Offset, int[] Rows)[] Columns, string Comment)
    {
        private static readonly Bucket[] Pairs = [Pair([0, 1], [2, 3]), Pair([0, 2], [1, 3]), Pair([0, 3], [1, 2])];

        private static readonly Bucket Singles = new([(0, 0, [0]), (1, 1, [1]), (2, 2, [2]), (3, 3, [3])], "a column of each row");

        public static Bucket[] Of(KernelKind kind) => kind switch
        {
            KernelKind.Pairs => Pairs,
            KernelKind.PairsAndSingles => [.. Pairs, Singles],
            _ => [Singles],
        };

        private static Bucket Pair(int[] first, int[] second) =>
            new([(0, 0, first), (1, 2, second)], $"a column of rows {string.Join(", ", first)} and one of rows {string.Join(", ", second)}");
    }
}
