namespace SparseSharp;

/// <summary>
/// Turns an image around its middle by a random angle, each of them as likely: a <see cref="RandomAffine"/> that only turns.
/// </summary>
public sealed class RandomRotation : ImageTransform
{
    private readonly RandomAffine _affine;

    /// <summary>Makes the transform.</summary>
    /// <param name="degrees">Largest angle in either direction, from 0 to 180.</param>
    public RandomRotation(double degrees) => _affine = new(degrees);

    /// <summary>The value of what comes from outside of the image: black before the standardisation.</summary>
    public float Fill
    {
        get => _affine.Fill;
        init => _affine = new(_affine.Degrees) { Fill = value };
    }

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
        _affine.Apply(shape, image, result, context);
}
