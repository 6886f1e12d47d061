namespace SparseSharp.Data;

/// <summary>
/// Draws strokes with round ends into a small grey image: the ink of a pixel follows from its distance to the nearest stroke. One
/// instance per thread. Only operations that IEEE 754 defines exactly are used, so images are the same on every machine.
/// </summary>
internal sealed class GlyphRenderer(int size)
{
    private const int CurvePieces = 10;
    private const float Far = 1e6f;

    private readonly float[] _squaredDistance = new float[size * size];

    /// <summary>Draws a glyph.</summary>
    /// <param name="commands">Its pieces, see <see cref="Glyph.Commands"/>.</param>
    /// <param name="points">Their points in pixels.</param>
    /// <param name="thickness">Of the strokes, in pixels.</param>
    /// <param name="image">Receives the ink of each pixel, 0 to 1, row-major.</param>
    public void Draw(string commands, ReadOnlySpan<(float X, float Y)> points, float thickness, Span<float> image)
    {
        var radius = thickness / 2;
        _squaredDistance.AsSpan().Fill(Far);
        (float X, float Y) pen = default;
        var next = 0;
        foreach (var command in commands)
        {
            switch (command)
            {
                case 'M':
                    pen = points[next++];
                    break;
                case 'L':
                    Line(pen, points[next], radius);
                    pen = points[next++];
                    break;
                default:
                    Curve(pen, points[next], points[next + 1], points[next + 2], radius);
                    pen = points[next + 2];
                    next += 3;
                    break;
            }
        }
        // The edge is one pixel wide: full ink half a pixel inside it, none half a pixel outside.
        for (var i = 0; i < image.Length; i++)
            image[i] = Math.Clamp(radius + 0.5f - MathF.Sqrt(_squaredDistance[i]), 0, 1);
    }

    private void Curve((float X, float Y) a, (float X, float Y) b, (float X, float Y) c, (float X, float Y) d, float radius)
    {
        var from = a;
        for (var i = 1; i <= CurvePieces; i++)
        {
            var t = (float)i / CurvePieces;
            var s = 1 - t;
            var (wa, wb, wc, wd) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t);
            var to = ((wa * a.X) + (wb * b.X) + (wc * c.X) + (wd * d.X), (wa * a.Y) + (wb * b.Y) + (wc * c.Y) + (wd * d.Y));
            Line(from, to, radius);
            from = to;
        }
    }

    /// <summary>Lowers the distances of the pixels that a line can ink.</summary>
    private void Line((float X, float Y) from, (float X, float Y) to, float radius)
    {
        var reach = radius + 1;
        var (left, right) = Range(from.X, to.X, reach);
        var (top, bottom) = Range(from.Y, to.Y, reach);
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squaredLength = (dx * dx) + (dy * dy);
        var scale = squaredLength > 0 ? 1 / squaredLength : 0;
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                // The centre of a pixel, from the start of the line; t is the nearest place on the line.
                var (px, py) = (x + 0.5f - from.X, y + 0.5f - from.Y);
                var t = Math.Clamp(((px * dx) + (py * dy)) * scale, 0, 1);
                var (ex, ey) = (px - (t * dx), py - (t * dy));
                ref var distance = ref _squaredDistance[(y * size) + x];
                distance = Math.Min(distance, (ex * ex) + (ey * ey));
            }
        }
    }

    private (int First, int Last) Range(float a, float b, float reach) =>
        (Math.Max(0, (int)(Math.Min(a, b) - reach)), Math.Min(size - 1, (int)(Math.Max(a, b) + reach)));
}
