using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels over blocks of weights: up to four rows share a list of columns, so that an activation vector is loaded once for all of them. The
/// gradient of the input reads the same weights in the same order.
/// </summary>
internal sealed class BlockKernelEmitter
{
    /// <summary>Sums at a time that hide the latency of a multiply-add: four cycles, two of them in each.</summary>
    private const int FewestSums = 8;

    private readonly CodeWriter _code;
    private readonly KernelPlan _plan;

    /// <summary>Rows of a tile: what the plan's rows are cut into.</summary>
    private readonly int _rows;

    /// <summary>Columns of a block.</summary>
    private readonly int _columns;

    private BlockKernelEmitter(CodeWriter code, KernelPlan plan)
    {
        _code = code;
        _plan = plan;
        _rows = KernelPlanner.BlockDivisor(plan.Rows);
        _columns = plan.Columns;
    }

    public static void Emit(CodeWriter code, KernelPlan plan) => new BlockKernelEmitter(code, plan).Emit();

    private void Emit()
    {
        _code.Line($"/// <summary>Blocks of {_rows} rows by {_columns} columns; the weights of a column lie {_plan.Rows} rows at a time.</summary>");
        _code.Line("/// <remarks>");
        _code.Line($"/// Tile of {_rows} rows by up to 4 vectors: per column 4 loads and {_rows} broadcasts for {4 * _rows} multiply-adds; two such tiles take turns where");
        _code.Line($"/// one has less than {FewestSums} sums. Against rows, the gradient of the");
        _code.Line("/// input also stores 4 vectors per column; the gradient of the weights has a tile of rows by columns, summed over panels before lanes are.");
        _code.Line("/// </remarks>");
        using (_code.Block($"internal readonly struct {_plan.Name} : IBlockKernel"))
        {
            _code.Line($"public static int Rows => {_plan.Rows};");
            _code.Line();
            _code.Line($"public static int Columns => {_columns};");
            EmitChoice("Multiply");
            EmitChoice("Scatter");
            EmitChoice("Gradient");
            foreach (var path in VectorPath.All)
            {
                for (var v = path.MaxVectors; v >= 1; v--)
                {
                    EmitMultiply(path, v);
                    EmitScatter(path, v);
                    EmitGradient(path, v);
                }
            }
            EmitScalar();
        }
    }

    private void EmitChoice(string method)
    {
        _code.Line();
        using (_code.Block($"public static void {method}(int vectors, in BlockRun run)"))
            Dispatch(_code, path => SwitchOnVectors(_code, path, method), $"{method}Scalar(vectors * 4, in run);");
    }

    private void EmitMultiply(VectorPath path, int vectors)
    {
        var width = vectors * path.Lanes;
        _code.Line();
        using (Leaf(_code, $"Multiply{path.Bits}x{vectors}(in BlockRun run)"))
        {
            _code.Line("var steps = run.Steps;");
            OpenRun();
            RowDistances(width);
            _code.Line("ref var panel = ref run.X;");
            _code.Line($"var part = run.OuterStep * {width};");
            _code.Line("ref var y = ref run.Y;");
            _code.Line("ref var gate = ref run.Gate;");
            _code.Line("ref var bias = ref run.Bias;");
            if (vectors * _rows < FewestSums)
                MultiplyTwo(path, vectors);
            else
                MultiplyOne(path, vectors);
        }
    }

    private void MultiplyOne(VectorPath path, int vectors)
    {
        using (_code.Block("for (var tile = run.Tiles; tile != 0; tile--)"))
        {
            StartTiles(path, vectors, [""]);
            _code.Line("ref var list = ref Unsafe.Add(ref run.Inner, starts);");
            _code.Line("ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStep);");
            _code.Line("var count = Unsafe.Add(ref starts, run.ListStep) - starts;");
            _code.Line("var next = (Unsafe.Add(ref starts, run.StartStep) - starts) * run.EntryStep;");
            using (OpenParts())
            {
                _code.Line("ref var index = ref list;");
                using (_code.Block("for (var n = count; n != 0; n--)"))
                    MultiplyEntry(path, vectors, 0, "");
                _code.Line("outer = ref Unsafe.Add(ref outer, 1);");
            }
            FinishTiles(path, vectors, [""]);
            NextTile("run.TileStep", "run.StartStep", vectors * path.Lanes);
        }
    }

    /// <summary>Two tiles take turns until the shorter list ends; a last tile alone is its own neighbour, with no list, and is written after it.</summary>
    private void MultiplyTwo(VectorPath path, int vectors)
    {
        var width = vectors * path.Lanes;
        using (_code.Block("for (var left = run.Tiles; left > 0; left -= 2)"))
        {
            _code.Line("nint pair = left > 1 ? 1 : 0;");
            _code.Line("ref var second = ref Unsafe.Add(ref starts, pair * run.StartStep);");
            _code.Line("var count0 = pair * (Unsafe.Add(ref second, run.ListStep) - second);");
            _code.Line("nint count1 = Unsafe.Add(ref starts, run.ListStep) - starts;");
            _code.Line("var swap = count0 > count1;");
            _code.Line("if (swap)");
            _code.Line("    (count0, count1) = (count1, count0);");
            foreach (var tile in new[] { "0", "1" })
            {
                _code.Line($"nint tile{tile} = {(tile == "0" ? "swap ? 0 : pair" : "swap ? pair : 0")};");
                _code.Line($"ref var y{tile} = ref Unsafe.Add(ref y, tile{tile} * run.TileStep * {width});");
                _code.Line($"ref var gate{tile} = ref Unsafe.Add(ref gate, tile{tile} * run.TileStep * {width});");
                _code.Line($"ref var bias{tile} = ref Unsafe.Add(ref bias, tile{tile} * run.TileStep);");
                _code.Line($"var start{tile} = Unsafe.Add(ref starts, tile{tile} * run.StartStep);");
                _code.Line($"ref var list{tile} = ref Unsafe.Add(ref run.Inner, start{tile});");
                _code.Line($"ref var values{tile} = ref Unsafe.Add(ref run.Values, start{tile} * run.EntryStep);");
            }
            StartTiles(path, vectors, ["0", "1"]);
            _code.Line("var next = (Unsafe.Add(ref second, run.StartStep) - starts) * run.EntryStep;");
            using (OpenParts())
            {
                _code.Line("ref var index0 = ref list0;");
                _code.Line("ref var index1 = ref list1;");
                using (_code.Block("for (var n = count0; n != 0; n--)"))
                {
                    using (_code.Block(""))
                        MultiplyEntry(path, vectors, 0, "0");
                    using (_code.Block(""))
                        MultiplyEntry(path, vectors, _rows, "1");
                }
                using (_code.Block("for (var n = count1 - count0; n != 0; n--)"))
                    MultiplyEntry(path, vectors, _rows, "1");
                _code.Line("outer = ref Unsafe.Add(ref outer, 1);");
            }
            FinishTiles(path, vectors, ["0", "1"]);
            NextTile("2 * run.TileStep", "2 * run.StartStep", width);
        }
    }

    private void StartTiles(VectorPath path, int vectors, string[] tiles) => StartSums(
        _code, path, tiles.Length * _rows, vectors,
        (r, v) => path.Load(Row($"y{tiles[r / _rows]}", r % _rows), v * path.Lanes),
        r => r % _rows == 0 ? $"bias{tiles[r / _rows]}" : $"Unsafe.Add(ref bias{tiles[r / _rows]}, run.Row{r % _rows})");

    private void FinishTiles(VectorPath path, int vectors, string[] tiles) => Finish(
        _code, path, tiles.Length * _rows, vectors,
        (r, v) => path.Load(Row($"gate{tiles[r / _rows]}", r % _rows), v * path.Lanes),
        (r, v) => $"{Sum(r, v)}.StoreUnsafe(ref {Row($"y{tiles[r / _rows]}", r % _rows)}{(v == 0 ? "" : $", {v * path.Lanes}")});");

    /// <summary>The loop over the parts of the columns that a tile keeps something of.</summary>
    private CodeWriter.Closing OpenParts()
    {
        _code.Line("ref var outer = ref run.Outer;");
        var loop = _code.Block("for (var o = run.OuterCount; o != 0; o--)");
        _code.Line("ref var columns = ref Unsafe.Add(ref panel, outer * part);");
        return loop;
    }

    private void NextTile(string features, string lists, int width)
    {
        _code.Line($"y = ref Unsafe.Add(ref y, {features} * {width});");
        _code.Line($"gate = ref Unsafe.Add(ref gate, {features} * {width});");
        _code.Line($"bias = ref Unsafe.Add(ref bias, {features});");
        _code.Line($"starts = ref Unsafe.Add(ref starts, {lists});");
    }

    /// <summary>A block of columns, added to the sums that begin at a row.</summary>
    private void MultiplyEntry(VectorPath path, int vectors, int firstSum, string tile)
    {
        var vs = Enumerable.Range(0, vectors).ToArray();
        _code.Line($"VectorLanes.Prefetch(ref Unsafe.Add(ref values{tile}, next));");
        _code.Line($"ref var x = ref Unsafe.Add(ref columns, (nint)index{tile} * {_columns * vectors * path.Lanes});");
        for (var c = 0; c < _columns; c++)
        {
            using (_code.Block(""))
            {
                _code.Line(string.Join(" ", from v in vs select $"var x{v} = {path.Load("x", ((c * vectors) + v) * path.Lanes)};"));
                for (var r = 0; r < _rows; r++)
                {
                    _code.Line($"var w{r} = {path.Class}.Create({Weight(c, r, $"values{tile}")});");
                    _code.Line(string.Join(" ", from v in vs select $"{Sum(firstSum + r, v)} = {path.Add($"w{r}", $"x{v}", Sum(firstSum + r, v))};"));
                }
            }
        }
        NextEntry(tile);
    }

    /// <summary>The rows of the output's gradient stay in registers for all columns of a list.</summary>
    private void EmitScatter(VectorPath path, int vectors)
    {
        var width = vectors * path.Lanes;
        var vs = Enumerable.Range(0, vectors).ToArray();
        _code.Line();
        using (Leaf(_code, $"Scatter{path.Bits}x{vectors}(in BlockRun run)"))
        {
            OpenRun();
            RowDistances(width);
            _code.Line("ref var columns = ref run.X;");
            _code.Line("ref var y = ref run.Y;");
            using (_code.Block("for (var tile = run.Tiles; tile != 0; tile--)"))
            {
                for (var r = 0; r < _rows; r++)
                    _code.Line(string.Join(" ", from v in vs select $"var {Sum(r, v)} = {path.Load(Row("y", r), v * path.Lanes)};"));
                _code.Line("ref var index = ref Unsafe.Add(ref run.Inner, starts);");
                _code.Line("ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStep);");
                _code.Line("var next = (Unsafe.Add(ref starts, run.StartStep) - starts) * run.EntryStep;");
                using (_code.Block("for (var n = Unsafe.Add(ref starts, run.ListStep) - starts; n != 0; n--)"))
                {
                    _code.Line("VectorLanes.Prefetch(ref Unsafe.Add(ref values, next));");
                    _code.Line($"ref var x = ref Unsafe.Add(ref columns, (nint)index * {_columns * width});");
                    for (var c = 0; c < _columns; c++)
                        ScatterColumn(path, vectors, c);
                    NextEntry();
                }
                _code.Line($"y = ref Unsafe.Add(ref y, run.TileStep * {width});");
                _code.Line("starts = ref Unsafe.Add(ref starts, run.StartStep);");
            }
        }
    }

    private void ScatterColumn(VectorPath path, int vectors, int column)
    {
        var vs = Enumerable.Range(0, vectors).ToArray();
        using (_code.Block(""))
        {
            _code.Line(string.Join(" ", from v in vs select $"var x{v} = {path.Load("x", ((column * vectors) + v) * path.Lanes)};"));
            for (var r = 0; r < _rows; r++)
            {
                _code.Line($"var w{r} = {path.Class}.Create({Weight(column, r)});");
                _code.Line(string.Join(" ", from v in vs select $"x{v} = {path.Add($"w{r}", Sum(r, v), $"x{v}")};"));
            }
            _code.Line(string.Join(" ", from v in vs select $"x{v}.StoreUnsafe(ref x, {((column * vectors) + v) * path.Lanes});"));
        }
    }

    /// <summary>As many sums at a time as the registers hold: 16 with 512 bits, else 8. Lanes are summed once, after all panels of the run.</summary>
    private void EmitGradient(VectorPath path, int vectors)
    {
        var width = vectors * path.Lanes;
        var together = path.KeepsGradientRows ? _columns : Math.Min(_columns, 2);
        _code.Line();
        using (Leaf(_code, $"Gradient{path.Bits}x{vectors}(in BlockRun run)"))
        {
            OpenRun();
            RowDistances(width);
            _code.Line("ref var panel = ref run.X;");
            _code.Line($"var part = run.OuterStep * {width};");
            _code.Line("var panels = run.Panels;");
            _code.Line("var panelStep = run.PanelStep;");
            _code.Line("var add = (run.Steps & KernelSteps.Load) != 0;");
            _code.Line("ref var y = ref run.Y;");
            using (_code.Block("for (var tile = run.Tiles; tile != 0; tile--)"))
            {
                _code.Line("ref var list = ref Unsafe.Add(ref run.Inner, starts);");
                _code.Line("ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStep);");
                _code.Line("var count = Unsafe.Add(ref starts, run.ListStep) - starts;");
                _code.Line("var next = (Unsafe.Add(ref starts, run.StartStep) - starts) * run.EntryStep;");
                _code.Line("ref var outer = ref run.Outer;");
                using (_code.Block("for (var o = run.OuterCount; o != 0; o--)"))
                {
                    _code.Line("ref var columns = ref Unsafe.Add(ref panel, outer * part);");
                    _code.Line("ref var index = ref list;");
                    using (_code.Block("for (var n = count; n != 0; n--)"))
                    {
                        _code.Line("VectorLanes.Prefetch(ref Unsafe.Add(ref values, next));");
                        for (var first = 0; first < _columns; first += together)
                        {
                            using (_code.Block(""))
                                GradientColumns(path, vectors, first, together);
                        }
                        NextEntry();
                    }
                    _code.Line("outer = ref Unsafe.Add(ref outer, 1);");
                }
                _code.Line($"y = ref Unsafe.Add(ref y, run.TileStep * {width});");
                _code.Line("starts = ref Unsafe.Add(ref starts, run.StartStep);");
            }
        }
    }

    private void GradientColumns(VectorPath path, int vectors, int first, int columns)
    {
        var width = vectors * path.Lanes;
        var sums = columns * _rows;
        var padded = (sums + 7) / 8 * 8;
        _code.Line($"ref var x = ref Unsafe.Add(ref columns, ((nint)index * {_columns * width}){(first == 0 ? "" : $" + {first * width}")});");
        _code.Line("ref var dy = ref y;");
        _code.Line($"{path.Type} {string.Join(", ", from s in Enumerable.Range(0, padded) select $"s{s} = {path.Type}.Zero")};");
        using (_code.Block("for (var p = panels; p != 0; p--)"))
        {
            for (var v = 0; v < vectors; v++)
            {
                using (_code.Block(""))
                {
                    _code.Line(string.Join(" ", from c in Enumerable.Range(0, columns) select $"var x{c} = {path.Load("x", ((c * vectors) + v) * path.Lanes)};"));
                    for (var r = 0; r < _rows; r++)
                    {
                        _code.Line($"var d{r} = {path.Load(Row("dy", r), v * path.Lanes)};");
                        _code.Line(string.Join(" ", from c in Enumerable.Range(0, columns) select $"s{(c * _rows) + r} = {path.Add($"d{r}", $"x{c}", $"s{(c * _rows) + r}")};"));
                    }
                }
            }
            _code.Line("x = ref Unsafe.Add(ref x, panelStep);");
            _code.Line("dy = ref Unsafe.Add(ref dy, panelStep);");
        }
        for (var start = 0; start < padded; start += 8)
        {
            using (_code.Block(""))
            {
                _code.Line($"var sums = VectorLanes.Sums({string.Join(", ", from s in Enumerable.Range(start, 8) select $"s{s}")});");
                StoreSums(first, start, Math.Min(8, sums - start));
            }
        }
    }

    /// <summary>Stores sums in the order of the stream: all at once if the rows of a tile are those of the plan.</summary>
    private void StoreSums(int firstColumn, int start, int count)
    {
        if (_plan.Rows == _rows)
        {
            StoreLanes("sums", (firstColumn * _rows) + start, 0, count);
            return;
        }
        for (var sum = 0; sum < count; sum += _rows)
            StoreLanes("sums", (firstColumn + ((start + sum) / _rows)) * _plan.Rows, sum, _rows);
    }

    /// <summary>Adds lanes of a vector of eight to consecutive weights, or writes them.</summary>
    private void StoreLanes(string sums, int position, int lane, int count)
    {
        var target = position == 0 ? "values" : $"Unsafe.Add(ref values, {position})";
        if (count == 8)
        {
            _code.Line($"(add ? {sums} + Vector256.LoadUnsafe(ref {target}) : {sums}).StoreUnsafe(ref {target});");
            return;
        }
        if (count == 4)
        {
            var half = lane == 0 ? $"{sums}.GetLower()" : $"{sums}.GetUpper()";
            _code.Line($"(add ? {half} + Vector128.LoadUnsafe(ref {target}) : {half}).StoreUnsafe(ref {target});");
            return;
        }
        for (var i = 0; i < count; i++)
        {
            var one = position + i == 0 ? "values" : $"Unsafe.Add(ref values, {position + i})";
            _code.Line($"{one} = add ? {one} + {sums}.GetElement({lane + i}) : {sums}.GetElement({lane + i});");
        }
    }

    private void EmitScalar()
    {
        _code.Line();
        _code.Line("// The reference that the vector paths are tested against: one panel column at a time, sums in stored order.");
        ScalarMethod("Multiply", () =>
        {
            for (var r = 0; r < _rows; r++)
                _code.Line($"var r{r} = (run.Steps & KernelSteps.Load) != 0 ? {Row("y", r)} : (run.Steps & KernelSteps.Bias) != 0 ? Unsafe.Add(ref run.Bias, (tile * run.TileStep){(r == 0 ? "" : $" + run.Row{r}")}) : 0f;");
            ScalarEntries(() =>
            {
                for (var c = 0; c < _columns; c++)
                {
                    _code.Line($"var x{c} = Unsafe.Add(ref x, {c} * width);");
                    for (var r = 0; r < _rows; r++)
                        _code.Line($"r{r} += {Weight(c, r)} * x{c};");
                }
            });
            for (var r = 0; r < _rows; r++)
                _code.Line($"{Row("y", r)} = Finish(r{r}, in run, (((tile * run.TileStep){(r == 0 ? "" : $" + run.Row{r}")}) * width) + column);");
        });
        _code.Line();
        using (_code.Block("private static float Finish(float sum, in BlockRun run, nint position)"))
        {
            DenseKernelEmitter.ScalarFinish(_code, "Unsafe.Add(ref run.Gate, position)", "run.Steps");
            _code.Line("return sum;");
        }
        _code.Line();
        EmitScalarScatter();
        _code.Line();
        EmitScalarGradient();
    }

    private void EmitScalarScatter()
    {
        using (_code.Block("private static void ScatterScalar(int width, in BlockRun run)"))
        using (_code.Block("for (nint column = 0; column < width; column++)"))
        {
            OpenRun();
            RowDistances("width");
            using (_code.Block("for (nint tile = 0; tile < run.Tiles; tile++)"))
            {
                _code.Line("ref var y = ref Unsafe.Add(ref run.Y, (tile * run.TileStep * width) + column);");
                _code.Line("ref var index = ref Unsafe.Add(ref run.Inner, starts);");
                _code.Line("ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStep);");
                using (_code.Block("for (var n = Unsafe.Add(ref starts, run.ListStep) - starts; n != 0; n--)"))
                {
                    _code.Line($"ref var x = ref Unsafe.Add(ref run.X, ((nint)index * {_columns} * width) + column);");
                    for (var c = 0; c < _columns; c++)
                    {
                        for (var r = 0; r < _rows; r++)
                            _code.Line($"Unsafe.Add(ref x, {c} * width) += {Weight(c, r)} * {Row("y", r)};");
                    }
                    NextEntry();
                }
                _code.Line("starts = ref Unsafe.Add(ref starts, run.StartStep);");
            }
        }
    }

    private void EmitScalarGradient()
    {
        ScalarMethod("Gradient", () => ScalarEntries(() =>
        {
            for (var c = 0; c < _columns; c++)
            {
                for (var r = 0; r < _rows; r++)
                    _code.Line($"{Weight(c, r)} = ((run.Steps & KernelSteps.Load) != 0 || column > 0 ? {Weight(c, r)} : 0f) + Panels(ref {Row("y", r)}, ref Unsafe.Add(ref x, {c} * width), in run);");
            }
        }));
        _code.Line();
        using (_code.Block("private static float Panels(ref float dy, ref float x, in BlockRun run)"))
        {
            _code.Line("var sum = 0f;");
            _code.Line("for (nint panel = 0; panel < run.Panels; panel++)");
            _code.Line("    sum += Unsafe.Add(ref dy, panel * run.PanelStep) * Unsafe.Add(ref x, panel * run.PanelStep);");
            _code.Line("return sum;");
        }
    }

    private void ScalarMethod(string name, Action body)
    {
        using (_code.Block($"private static void {name}Scalar(int width, in BlockRun run)"))
        using (_code.Block("for (nint column = 0; column < width; column++)"))
        {
            OpenRun();
            RowDistances("width");
            using (_code.Block("for (nint tile = 0; tile < run.Tiles; tile++)"))
            {
                _code.Line("ref var y = ref Unsafe.Add(ref run.Y, (tile * run.TileStep * width) + column);");
                _code.Line("ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStep);");
                body();
                _code.Line("starts = ref Unsafe.Add(ref starts, run.StartStep);");
            }
        }
    }

    private void ScalarEntries(Action body)
    {
        using (_code.Block("for (nint o = 0; o < run.OuterCount; o++)"))
        {
            _code.Line("ref var index = ref Unsafe.Add(ref run.Inner, starts);");
            using (_code.Block("for (var n = Unsafe.Add(ref starts, run.ListStep) - starts; n != 0; n--)"))
            {
                _code.Line($"ref var x = ref Unsafe.Add(ref run.X, (((Unsafe.Add(ref run.Outer, o) * run.OuterStep) + ((nint)index * {_columns})) * width) + column);");
                body();
                NextEntry();
            }
        }
    }

    private void OpenRun() => _code.Line("ref var starts = ref run.Starts;");

    private void RowDistances(int width) => RowDistances(width.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private void RowDistances(string width)
    {
        if (_rows > 1)
            _code.Line($"nint {string.Join(", ", from r in Enumerable.Range(1, _rows - 1) select $"row{r} = run.Row{r} * {width}")};");
    }

    private void NextEntry(string tile = "")
    {
        _code.Line($"index{tile} = ref Unsafe.Add(ref index{tile}, 1);");
        _code.Line($"values{tile} = ref Unsafe.Add(ref values{tile}, {_plan.Rows * _columns});");
    }

    private static string Row(string first, int row) => row == 0 ? first : $"Unsafe.Add(ref {first}, row{row})";

    private string Weight(int column, int row, string values = "values")
    {
        var position = (column * _plan.Rows) + row;
        return position == 0 ? values : $"Unsafe.Add(ref {values}, {position})";
    }
}
