using System.Globalization;
using System.Text;
using SparseSharp;

namespace Digits.Pictures;

/// <summary>How density, the share of masked weights and accuracy went over a training, as an SVG.</summary>
internal static class AnnealPicture
{
    private const int Width = 640;
    private const int Height = 320;
    private const int Margin = 40;

    private static readonly string[] s_colours = ["#1f4e79", "#2e8b57", "#8e44ad", "#7f6000"];

    /// <summary>Draws a training of a model with annealed layers.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="epochs">Its reports.</param>
    public static string Draw(string title, IReadOnlyList<EpochReport> epochs)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width + (2 * Margin)} {(2 * Height) + (4 * Margin)}" font-family="sans-serif" font-size="14">""").Append('\n');
        svg.Append("""<rect width="100%" height="100%" fill="white"/>""").Append('\n');
        Text(svg, Margin, Margin / 2, title, "black");
        var annealed = Enumerable.Range(0, epochs[0].Layers.Count).Where(i => epochs[0].Layers[i].Alpha is not null).ToList();

        svg.Append(CultureInfo.InvariantCulture, $"""<g transform="translate({Margin} {Margin})">""").Append('\n');
        Frame(svg, "1", "0");
        for (var i = 0; i < annealed.Count; i++)
        {
            var layer = annealed[i];
            var colour = s_colours[i % s_colours.Length];
            Line(svg, [.. epochs.Select(epoch => epoch.Layers[layer].Density)], colour);
            Text(svg, Width - 150, 20 + (18 * i), $"density {epochs[0].Layers[layer].Path}", colour);
        }
        Line(svg, [.. epochs.Select(epoch => epoch.Layers[annealed[0]].Alpha!.Value)], "#c55a11");
        Text(svg, Width - 150, 20 + (18 * annealed.Count), "share of masked weights", "#c55a11");
        svg.Append("</g>\n");

        double[] accuracies = [.. epochs.Select(epoch => epoch.Validation?.Accuracy ?? epoch.Accuracy ?? 0)];
        var least = Math.Floor(accuracies.Min() * 100) / 100;
        svg.Append(CultureInfo.InvariantCulture, $"""<g transform="translate({Margin} {Height + (3 * Margin)})">""").Append('\n');
        Frame(svg, "100 %", string.Create(CultureInfo.InvariantCulture, $"{100 * least:0} %"));
        Line(svg, [.. accuracies.Select(accuracy => least < 1 ? (accuracy - least) / (1 - least) : 1)], s_colours[0]);
        Text(svg, Width - 150, Height - 20, "accuracy by epoch", s_colours[0]);
        svg.Append("</g>\n");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Frame(StringBuilder svg, string top, string bottom)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{Height}" fill="none" stroke="#999"/>""").Append('\n');
        Text(svg, -Margin + 2, 12, top, "black");
        Text(svg, -Margin + 2, Height, bottom, "black");
    }

    /// <summary>Values from 0 to 1, from left to right.</summary>
    private static void Line(StringBuilder svg, double[] values, string colour)
    {
        var points = values.Select((value, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Width * (values.Length == 1 ? 0.5 : i / (values.Length - 1.0)):0.#},{Height * (1 - value):0.#}"));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{string.Join(' ', points)}"/>""").Append('\n');
    }

    private static void Text(StringBuilder svg, int x, int y, string text, string colour) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<text x="{x}" y="{y}" fill="{colour}">{System.Security.SecurityElement.Escape(text)}</text>""").Append('\n');
}
