using System.Globalization;

namespace SparseSharp.Data;

/// <summary>
/// A drawing of a digit: strokes of straight lines and cubic Bézier curves in a box of 100 by 100, y downwards, as SVG paths with the
/// absolute commands M, L and C.
/// </summary>
internal sealed class Glyph
{
    private Glyph(string commands, (float X, float Y)[] points)
    {
        Commands = commands;
        Points = points;
    }

    /// <summary>One letter per piece: M uses one point, L one, C three.</summary>
    public string Commands { get; }

    /// <summary>All points of the pieces in order.</summary>
    public (float X, float Y)[] Points { get; }

    /// <summary>The drawings of each digit.</summary>
    public static Glyph[][] Digits { get; } =
    [
        [
            Parse("M 50 5 C 15 5 15 95 50 95 C 85 95 85 5 50 5"),
            Parse("M 62 8 C 20 -2 10 88 48 95 C 86 100 90 14 56 5"),
            Parse("M 40 10 C 8 40 22 96 52 94 C 82 90 86 22 60 9 C 52 4 46 5 38 12"),
        ],
        [
            Parse("M 50 5 L 50 95"),
            Parse("M 32 24 L 53 5 L 53 95"),
            Parse("M 34 22 L 52 5 L 52 95 M 32 95 L 72 95"),
        ],
        [
            Parse("M 22 28 C 25 -4 78 -4 76 30 C 74 52 40 68 22 93 L 80 93"),
            Parse("M 24 25 C 30 0 80 0 74 32 C 68 60 30 75 22 90 C 30 76 45 78 55 88 C 65 96 75 94 84 84"),
            Parse("M 26 14 C 46 0 80 6 75 34 C 72 50 50 70 22 93 C 40 92 62 92 80 93"),
        ],
        [
            Parse("M 24 16 C 40 -2 78 2 76 28 C 74 46 55 48 45 48 C 60 48 80 54 78 74 C 76 100 34 102 20 82"),
            Parse("M 22 7 L 74 7 L 46 42 C 85 40 88 92 50 95 C 36 96 26 90 20 82"),
            Parse("M 28 8 C 60 0 82 30 40 46 C 88 50 82 98 26 92"),
        ],
        [
            Parse("M 64 95 L 64 5 L 18 66 L 84 66"),
            Parse("M 28 6 C 26 30 22 48 22 55 L 80 55 M 72 8 L 68 95"),
            Parse("M 32 8 C 20 40 20 62 44 60 C 60 59 70 52 76 46 M 74 6 C 72 30 68 60 66 95"),
        ],
        [
            Parse("M 74 6 L 32 6 L 27 46 C 50 32 80 44 78 68 C 76 98 36 102 22 84"),
            Parse("M 30 8 C 28 25 26 40 28 46 C 45 36 78 42 76 70 C 74 96 40 98 20 88 M 30 8 L 78 6"),
            Parse("M 78 8 C 60 10 44 8 34 8 C 32 22 28 34 26 44 C 86 40 84 94 24 92"),
        ],
        [
            Parse("M 68 8 C 40 12 22 45 24 70 C 26 102 78 102 78 70 C 78 42 34 42 25 70"),
            Parse("M 58 4 C 34 28 24 50 26 74 C 30 98 70 100 74 76 C 76 52 40 48 27 70"),
            Parse("M 44 4 C 30 40 22 94 50 94 C 80 94 76 58 54 60 C 40 62 34 70 30 80"),
        ],
        [
            Parse("M 20 7 L 80 7 L 42 95"),
            Parse("M 22 8 L 78 8 L 40 95 M 32 50 L 74 50"),
            Parse("M 20 20 L 22 7 L 80 7 C 60 35 48 60 44 95"),
        ],
        [
            Parse("M 50 48 C 18 40 22 5 50 5 C 78 5 82 40 50 48 C 12 58 14 95 50 95 C 86 95 88 58 50 48"),
            Parse("M 72 18 C 60 -4 24 4 28 26 C 32 50 76 50 76 76 C 74 100 26 100 25 76 C 26 52 68 46 72 18"),
            Parse("M 70 10 C 40 0 16 26 44 44 C 70 58 86 84 52 95 C 18 98 20 66 46 48 C 66 36 76 24 66 8"),
        ],
        [
            Parse("M 76 30 C 74 -2 24 -2 24 30 C 24 58 70 58 76 30 C 78 60 74 80 60 95"),
            Parse("M 74 24 C 60 -4 22 8 25 34 C 28 58 66 54 74 26 L 70 95"),
            Parse("M 75 30 C 70 0 25 0 25 30 C 25 55 72 58 75 30 C 80 75 65 100 32 92"),
        ],
    ];

    private static Glyph Parse(string path)
    {
        var commands = "";
        var numbers = new List<float>();
        foreach (var part in path.Split(' '))
        {
            if (char.IsAsciiLetter(part[0]))
                commands += part;
            else
                numbers.Add(float.Parse(part, CultureInfo.InvariantCulture));
        }
        var points = new (float, float)[numbers.Count / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = (numbers[2 * i], numbers[(2 * i) + 1]);
        return new Glyph(commands, points);
    }
}
