namespace SparseSharp;

/// <summary>
/// Clears squares at random places of an image (DeVries and Taylor, 2017). It comes last, behind the standardisation, where 0 is the mean
/// colour.
/// </summary>
public sealed class Cutout : ImageTransform
{
    private readonly int _half;

    /// <summary>Makes the transform.</summary>
    /// <param name="length">
    /// Side of a square in pixels, at least 2. As in the authors' code an odd one clears a pixel less, and squares are cut at the border.
    /// </param>
    public Cutout(int length = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        _half = length / 2;
    }

    /// <summary>Squares per image, at least 1.</summary>
    public int Holes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>The value of cleared pixels.</summary>
    public float Fill { get; init; }

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        image.CopyTo(result);
        for (var hole = 0; hole < Holes; hole++)
        {
            var y = context.Random.Integer(shape.Height);
            var x = context.Random.Integer(shape.Width);
            Clear(shape, result, y, x);
        }
    }

    /// <summary>Clears the square around a pixel.</summary>
    internal void Clear(ImageShape shape, Span<float> image, int centerY, int centerX)
    {
        var (left, right) = (Math.Max(0, centerX - _half), Math.Min(shape.Width, centerX + _half));
        var (top, bottom) = (Math.Max(0, centerY - _half), Math.Min(shape.Height, centerY + _half));
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var row = top; row < bottom; row++)
                image.Slice((channel * shape.Plane) + (row * shape.Width) + left, right - left).Fill(Fill);
        }
    }
}
