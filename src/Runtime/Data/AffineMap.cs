namespace SparseSharp.Data;

/// <summary>
/// Where the pixels of a transformed image come from: <c>[x, y] → A·[x, y] + b</c> around the middles of both images, from the place in
/// the result to that in the source.
/// </summary>
/// <param name="Xx">How x of the source follows x.</param>
/// <param name="Xy">How x of the source follows y.</param>
/// <param name="Yx">How y of the source follows x.</param>
/// <param name="Yy">How y of the source follows y.</param>
/// <param name="X">What is added to x.</param>
/// <param name="Y">What is added to y.</param>
internal readonly record struct AffineMap(double Xx, double Xy, double Yx, double Yy, double X, double Y)
{
    /// <summary>Of an image that is sheared along rows, scaled, turned clockwise and moved, in this order.</summary>
    /// <param name="degrees">The angle.</param>
    /// <param name="scale">Size of the result.</param>
    /// <param name="shear">Angle by which columns lean.</param>
    /// <param name="right">Pixels to the right.</param>
    /// <param name="down">Pixels downwards.</param>
    public static AffineMap Of(double degrees, double scale = 1, double shear = 0, double right = 0, double down = 0)
    {
        // Exact at right angles: a sine of π is not 0.
        var (sine, cosine) = Math.IEEERemainder(degrees, 360) switch
        {
            0 => (0, 1),
            90 => (1, 0),
            -90 => (-1, 0),
            180 or -180 => (0, -1),
            var angle => Math.SinCos(angle * Math.PI / 180),
        };
        var lean = Math.Tan(shear * Math.PI / 180);
        // The inverse: moved back, turned back, scaled back, sheared back.
        var (yx, yy) = (-sine / scale, cosine / scale);
        var (xx, xy) = ((cosine / scale) - (lean * yx), (sine / scale) - (lean * yy));
        return new(xx, xy, yx, yy, -(xx * right) - (xy * down), -(yx * right) - (yy * down));
    }

    /// <summary>Transforms an image: bilinear between pixels, and between those at the border and what is outside.</summary>
    /// <param name="shape">The shape of both images.</param>
    /// <param name="image">The image.</param>
    /// <param name="result">Receives the other one.</param>
    /// <param name="fill">The value of what is outside.</param>
    public void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, float fill)
    {
        var (middleX, middleY) = ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);
        for (var row = 0; row < shape.Height; row++)
        {
            for (var column = 0; column < shape.Width; column++)
            {
                var (x, y) = (column - middleX, row - middleY);
                var (sourceX, sourceY) = ((Xx * x) + (Xy * y) + X + middleX, (Yx * x) + (Yy * y) + Y + middleY);
                var (left, top) = ((int)Math.Floor(sourceX), (int)Math.Floor(sourceY));
                var (across, down) = ((float)(sourceX - left), (float)(sourceY - top));
                for (var channel = 0; channel < shape.Channels; channel++)
                {
                    var plane = image.Slice(channel * shape.Plane, shape.Plane);
                    var upper = Between(At(plane, shape, top, left, fill), At(plane, shape, top, left + 1, fill), across);
                    var lower = Between(At(plane, shape, top + 1, left, fill), At(plane, shape, top + 1, left + 1, fill), across);
                    result[(channel * shape.Plane) + (row * shape.Width) + column] = Between(upper, lower, down);
                }
            }
        }
    }

    private static float At(ReadOnlySpan<float> plane, ImageShape shape, int row, int column, float fill) =>
        (uint)row < (uint)shape.Height && (uint)column < (uint)shape.Width ? plane[(row * shape.Width) + column] : fill;

    /// <summary>Exactly the first value where the place is that of the first one.</summary>
    private static float Between(float first, float second, float place) => first + ((second - first) * place);
}
