using System.Globalization;
using System.Text;
using SparseSharp;

namespace Digits.Pictures;

/// <summary>A moment in the life of a mask.</summary>
/// <param name="FlipRate">Share of mask bits that the last refresh changed, per step of its interval.</param>
/// <param name="RetainedMass">Share of the sum of magnitudes that the mask keeps.</param>
internal sealed record MaskMoment(double FlipRate, double RetainedMass);

/// <summary>
/// A layer's mask as an SVG: its first rows and columns weight by weight, the whole layer as blocks that are the darker the larger the kept
/// weights in them are, and its history. The text is of bounded size, whatever the size of the layer.
/// </summary>
internal static class MaskPicture
{
    private const int Side = 384;
    private const int Gap = 24;
    private const int Cells = 64;
    private const int Levels = 16;
    private const string Ink = "#1f4e79";
    private const string Accent = "#c55a11";

    /// <summary>Draws a layer with a mask; of a product of graphs also the graphs, in place of a history that it does not have.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="history">One moment per epoch.</param>
    public static string Draw(string title, Linear layer, IReadOnlyList<MaskMoment> history)
    {
        var (rows, columns) = (Math.Min(Cells, layer.Outputs), Math.Min(Cells, layer.Inputs));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {(3 * Side) + (4 * Gap)} {Side + (4 * Gap)}" font-family="sans-serif" font-size="14">""").Append('\n');
        svg.Append("""<rect width="100%" height="100%" fill="white"/>""").Append('\n');
        Text(svg, Gap, Gap, title);
        Frame(
            svg, 0, $"mask of the first {rows} x {columns} weights", Side / (double)columns, Side / (double)rows,
            CellPath(layer.Mask!, rows, columns));
        Frame(
            svg, 1, "mean magnitude kept, darker is larger", Side / (double)columns, Side / (double)rows, BlockPaths(layer, rows, columns));
        if (layer.Pattern is RamanujanPattern product)
            Frame(svg, 2, $"tiles that exist: {product.Outer} (above), blocks in each: {product.Inner}", 1, 1, Graphs(product));
        else
            Frame(svg, 2, "by epoch: retained mass (blue), flips per step (orange)", 1, 1, Charts(history));
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>One path for all kept weights, a rectangle per run of neighbours.</summary>
    private static string CellPath(Mask mask, int rows, int columns)
    {
        var path = new StringBuilder($"<path fill=\"{Ink}\" d=\"");
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var first = column;
                while (column < columns && mask[row, column])
                    column++;
                if (column > first)
                    path.Append(CultureInfo.InvariantCulture, $"M{first} {row}h{column - first}v1h{first - column}z");
            }
        }
        return path.Append("\"/>").ToString();
    }

    /// <summary>One path per level of darkness.</summary>
    private static string BlockPaths(Linear layer, int rows, int columns)
    {
        var sums = new double[rows * columns];
        var counts = new int[rows * columns];
        var weight = layer.Weight;
        for (var i = 0; i < weight.Length; i++)
        {
            var (row, column) = (i / layer.Inputs, i % layer.Inputs);
            if (!layer.Mask![row, column])
                continue;
            var block = (row * rows / layer.Outputs * columns) + (column * columns / layer.Inputs);
            sums[block] += Math.Abs(weight[i]);
            counts[block]++;
        }
        var means = sums.Zip(counts, (sum, count) => sum / Math.Max(1, count)).ToArray();
        var largest = Math.Max(means.Max(), double.Epsilon);
        var paths = new StringBuilder();
        foreach (var level in Enumerable.Range(0, means.Length).ToLookup(block => (int)Math.Round(Levels * means[block] / largest)))
        {
            paths.Append(CultureInfo.InvariantCulture, $"<path fill=\"{Ink}\" fill-opacity=\"{level.Key / (double)Levels:0.####}\" d=\"");
            foreach (var block in level)
                paths.Append(CultureInfo.InvariantCulture, $"M{block % columns} {block / columns}h1v1h-1z");
            paths.Append("\"/>");
        }
        return paths.ToString();
    }

    /// <summary>The two sparse graphs of a product: which tiles exist, and the blocks that every tile keeps.</summary>
    private static string Graphs(RamanujanPattern product)
    {
        const int Half = Side / 2;
        return Graph(product.Outer, 0, Ink) + Graph(product.Inner, Half, Accent);

        static string Graph(GraphFactor graph, int at, string colour)
        {
            var path = new StringBuilder();
            for (var row = 0; row < graph.Rows; row++)
            {
                for (var edge = 0; edge < graph.Degree; edge++)
                    path.Append(CultureInfo.InvariantCulture, $"M{graph.Neighbour(row, edge)} {row}h1v1h-1z");
            }
            return string.Create(
                CultureInfo.InvariantCulture,
                $"<path transform=\"translate({at} {at}) scale({Half / (double)graph.Columns:0.####} {Half / (double)graph.Rows:0.####})\" fill=\"{colour}\" d=\"{path}\"/>");
        }
    }

    private static string Charts(IReadOnlyList<MaskMoment> history)
    {
        var svg = new StringBuilder();
        var largest = Math.Max(history.Select(moment => moment.FlipRate).DefaultIfEmpty().Max(), double.Epsilon);
        Line(svg, Ink, [.. history.Select(moment => moment.RetainedMass)], 1);
        Line(svg, Accent, [.. history.Select(moment => moment.FlipRate)], largest);
        if (history.Count > 0)
        {
            Text(svg, 6, 16, string.Create(CultureInfo.InvariantCulture, $"top: mass 1, flips {100 * largest:0.###} %"));
            Text(svg, 6, Side - 6, string.Create(
                CultureInfo.InvariantCulture, $"last: mass {history[^1].RetainedMass:0.000}, flips {100 * history[^1].FlipRate:0.###} %"));
        }
        return svg.ToString();
    }

    private static void Line(StringBuilder svg, string colour, IReadOnlyList<double> values, double top)
    {
        var step = Side / (double)Math.Max(1, values.Count - 1);
        var points = values.Select(
            (value, index) => string.Create(CultureInfo.InvariantCulture, $"{index * step:0.#},{Side * (1 - (value / top)):0.#}"));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{string.Join(' ', points)}\"/>");
    }

    private static void Frame(StringBuilder svg, int place, string caption, double scaleX, double scaleY, string content)
    {
        var left = Gap + (place * (Side + Gap));
        Text(svg, left, 2.4 * Gap, caption);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<g transform=\"translate({left} {3 * Gap})\"><g transform=\"scale({scaleX:0.####} {scaleY:0.####})\">{content}</g>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Side}\" height=\"{Side}\" fill=\"none\" stroke=\"#808080\"/></g>\n");
    }

    private static void Text(StringBuilder svg, double x, double y, string text) =>
        svg.Append(
            CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\">{System.Security.SecurityElement.Escape(text)}</text>");
}
