using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>A grid of parts.</summary>
/// <param name="Rows">Parts in a column of the grid.</param>
/// <param name="Columns">Parts in a row of the grid.</param>
/// <param name="PartRows">Rows of a part of the finest image.</param>
/// <param name="PartColumns">Columns of such a part.</param>
internal readonly record struct PartGrid(int Rows, int Columns, int PartRows, int PartColumns);

/// <summary>The parts of images of a size.</summary>
/// <param name="Rows">Rows of an image.</param>
/// <param name="Columns">Columns of an image.</param>
/// <param name="Scale">Pixels of the finest image from a pixel to the next.</param>
/// <param name="Border">Lines around a part.</param>
/// <param name="Grids">The grids for vectors of four, eight and sixteen lanes.</param>
internal sealed record PartSize(int Rows, int Columns, PartScale Scale, int Border, EquatableArray<PartGrid> Grids)
{
    /// <summary>Lines of images in parts, by the grid that takes most.</summary>
    public int MostLines(int channels) =>
        Grids.Max(grid => new ImageLines(channels, grid.PartRows / Scale.Rows, grid.PartColumns / Scale.Columns, Border).Count);
}

/// <summary>Pixels of the finest image from a pixel of a value to the next.</summary>
internal readonly record struct PartScale(int Rows, int Columns)
{
    /// <summary>Of a value that never lies in parts.</summary>
    public static readonly PartScale Whole = new(int.MaxValue, int.MaxValue);
}

/// <summary>
/// How images are cut into parts where a prediction has fewer samples than a vector has lanes. All images are cut at the same places, so a
/// part of an image of half the size has half the rows; images that are too small for that stay whole.
/// </summary>
/// <param name="Grids">The grids for vectors of four, eight and sixteen lanes; none where nothing is cut.</param>
/// <param name="Sizes">The parts of images of each size that is cut.</param>
/// <param name="ReadsEdges">Per node: whether its readers take lines from the parts beside one.</param>
internal sealed record PartPlan(
    EquatableArray<PartGrid> Grids, EquatableArray<PartSize> Sizes, EquatableArray<bool> ReadsEdges)
{
    /// <summary>Share of the work of whole images that parts may have at most, for each lane; else images stay whole.</summary>
    private const double MostWork = 0.6;

    /// <summary>Lanes of vectors are two to these powers.</summary>
    private static readonly int[] _lanes = [2, 3, 4];

    /// <param name="graph">The graph, in which values have been moved to images where operations look at them.</param>
    /// <param name="shapes">Per node.</param>
    /// <param name="isImage">Per node: whether its value lies as an image.</param>
    /// <param name="layers">The layers of the model.</param>
    public static PartPlan Of(
        GraphSpec graph, EquatableArray<Shape> shapes, IReadOnlyList<bool> isImage, EquatableArray<LayerSpec> layers)
    {
        var best = new PartPlan(EquatableArray<PartGrid>.Empty, EquatableArray<PartSize>.Empty, new(new bool[shapes.Count]));
        var builder = new Builder(graph, shapes, isImage, layers);
        if (!builder.FindScales())
            return best;
        var least = MostWork * _lanes.Length * builder.Work([], null);
        foreach (var coarsest in builder.Scales)
        {
            var cut = builder.UpTo(coarsest);
            if (builder.BordersOf(cut) is not { } borders)
                continue;
            var grids = _lanes.Select(lanes => builder.GridOf(cut, lanes)).ToArray();
            if (grids.Any(grid => grid is null) || grids.Sum(grid => builder.Work(cut, grid)) is var work && work >= least)
                continue;
            var found = grids.Select(grid => grid!.Value).ToEquatableArray();
            var sizes = cut.Select(size => new PartSize(size.Key.Rows, size.Key.Columns, size.Value, borders[size.Key], found));
            best = new(found, sizes.ToEquatableArray(), builder.EdgesOf(cut).ToEquatableArray());
            least = work;
        }
        return best;
    }

    /// <summary>The parts of images of a size; null where they stay whole.</summary>
    public PartSize? SizeOf(int rows, int columns) => Sizes.FirstOrDefault(size => size.Rows == rows && size.Columns == columns);

    private sealed class Builder(
        GraphSpec graph, EquatableArray<Shape> shapes, IReadOnlyList<bool> isImage, EquatableArray<LayerSpec> layers)
    {
        private readonly PartScale[] _scales = new PartScale[shapes.Count];
        private readonly Dictionary<(int Rows, int Columns), PartScale> _sizes = [];
        private readonly Dictionary<(int Rows, int Columns), double> _operations = [];

        public IEnumerable<PartScale> Scales => _sizes.Values.Where(scale => scale != PartScale.Whole).Distinct();

        /// <summary>Finds the scale of each value, and the operations for a pixel of each size.</summary>
        /// <returns>Whether images can be cut at all: no operation needs whole ones, and images of a size have one scale.</returns>
        public bool FindScales()
        {
            for (var index = 0; index < _scales.Length; index++)
            {
                var node = graph.Nodes[index];
                if (node.Operands.Any(operand => isImage[operand]) && Window(node) is null)
                    return false;
                if (!isImage[index])
                    continue;
                if (node.Operation.LayerIndex is >= 0 and var layer)
                {
                    _operations.TryGetValue(SizeOf(index), out var operations);
                    _operations[SizeOf(index)] = operations + layers[layer].Kind.DenseFlops;
                }
                var scale = new PartScale(1, 1);
                if (node.Operation is not ToImage)
                {
                    if (node.Operands.Count == 0 || node.Operands.Any(operand => !isImage[operand]))
                        return false;
                    var operands = node.Operands.Select(operand => _scales[operand]).Distinct().ToArray();
                    if (operands.Length != 1)
                        return false;
                    var window = Window(node)!.Value;
                    scale = window.StrideRows == 0 || operands[0] == PartScale.Whole
                        ? PartScale.Whole
                        : new(operands[0].Rows * window.StrideRows, operands[0].Columns * window.StrideColumns);
                }
                _scales[index] = scale;
                if (!_sizes.TryGetValue(SizeOf(index), out var known))
                    _sizes.Add(SizeOf(index), scale);
                else if (known != scale)
                    return false;
            }
            return _sizes.Count > 0;
        }

        /// <summary>The sizes of images up to a scale.</summary>
        public Dictionary<(int Rows, int Columns), PartScale> UpTo(PartScale coarsest) => _sizes
            .Where(size => size.Value.Rows <= coarsest.Rows && size.Value.Columns <= coarsest.Columns)
            .ToDictionary(size => size.Key, size => size.Value);

        /// <summary>
        /// The lines around parts of each size that is cut; null where an operation leads from parts to whole images that cannot.
        /// </summary>
        public Dictionary<(int Rows, int Columns), int>? BordersOf(Dictionary<(int Rows, int Columns), PartScale> cut)
        {
            var borders = cut.Keys.ToDictionary(size => size, _ => 0);
            for (var index = 0; index < _scales.Length; index++)
            {
                var node = graph.Nodes[index];
                foreach (var operand in node.Operands.Where(operand => IsCut(operand, cut)))
                {
                    var window = Window(node)!.Value;
                    if (IsCut(index, cut))
                        borders[SizeOf(operand)] = Math.Max(borders[SizeOf(operand)], window.Border);
                    else if (isImage[index] && !window.Joins)
                        return null;
                }
            }
            return borders;
        }

        /// <summary>The grid that takes the least work, for vectors of two to the power <paramref name="lanes"/> lanes.</summary>
        public PartGrid? GridOf(Dictionary<(int Rows, int Columns), PartScale> cut, int lanes)
        {
            (PartGrid? Grid, double Work) best = (null, double.PositiveInfinity);
            for (var splits = 1; splits <= lanes; splits++)
            {
                // Square ones first, as they have the fewest lines around parts, then those of more rows: rows of a part are long.
                var exponents = Enumerable.Range(0, splits + 1)
                    .OrderBy(exponent => Math.Abs((2 * exponent) - splits))
                    .ThenByDescending(exponent => exponent);
                foreach (var exponent in exponents)
                {
                    var rows = 1 << exponent;
                    var columns = (1 << splits) / rows;
                    var unit = (
                        Rows: Unit(cut.Select(size => (size.Value.Rows, size.Key.Rows)), rows),
                        Columns: Unit(cut.Select(size => (size.Value.Columns, size.Key.Columns)), columns));
                    if (unit.Rows == 0 || unit.Columns == 0)
                        continue;
                    var grid = new PartGrid(rows, columns, unit.Rows, unit.Columns);
                    if (Work(cut, grid) is var work && work < best.Work)
                        best = (grid, work);
                }
            }
            return best.Grid;
        }

        /// <summary>Operations of convolutions for a lane of a sample, of whole images or of parts.</summary>
        public double Work(Dictionary<(int Rows, int Columns), PartScale> cut, PartGrid? grid) => _operations.Sum(size =>
        {
            var (rows, columns) = size.Key;
            if (grid is { } parts && cut.TryGetValue(size.Key, out var scale))
                (rows, columns) = (parts.PartRows / scale.Rows, parts.PartColumns / scale.Columns);
            return size.Value * rows * columns;
        });

        /// <summary>Whether readers of values take lines from the parts beside one.</summary>
        public bool[] EdgesOf(Dictionary<(int Rows, int Columns), PartScale> cut)
        {
            var reads = new bool[_scales.Length];
            for (var index = 0; index < reads.Length; index++)
            {
                var node = graph.Nodes[index];
                if (!IsCut(index, cut) || Window(node)?.Border is null or 0)
                    continue;
                foreach (var operand in node.Operands)
                    reads[operand] = true;
            }
            return reads;
        }

        /// <summary>
        /// The least size of a part of the finest image: so many parts cover all images, and every value has whole pixels of it.
        /// </summary>
        private static int Unit(IEnumerable<(int Scale, int Size)> sizes, int parts)
        {
            var (unit, multiple) = (0L, 1L);
            foreach (var (scale, size) in sizes)
            {
                unit = Math.Max(unit, (long)scale * ((size + parts - 1) / parts));
                multiple = Multiple(multiple, scale);
            }
            unit = (unit + multiple - 1) / multiple * multiple;
            return unit <= int.MaxValue / parts ? (int)unit : 0;
        }

        private static long Multiple(long a, long b)
        {
            var (divisor, rest) = (a, b);
            while (rest > 0)
                (divisor, rest) = (rest, divisor % rest);
            return a / divisor * b;
        }

        private bool IsCut(int node, Dictionary<(int Rows, int Columns), PartScale> cut) => isImage[node] && cut.ContainsKey(SizeOf(node));

        private PartWindow? Window(NodeSpec node) =>
            node.Operands.Count > 0 ? node.Operation.PartWindow(shapes[node.Operands[0]], layers) : null;

        private (int Rows, int Columns) SizeOf(int node) => (shapes[node].Dimensions[1], shapes[node].Dimensions[2]);
    }
}
