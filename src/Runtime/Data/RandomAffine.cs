using SparseSharp.Data;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Turns, moves, scales and shears an image by random amounts, each of them as likely. The middle of the image is where it is turned and
/// scaled around; values between pixels are bilinear. It suits digits, and comes before the standardisation unless
/// <see cref="Fill"/> is the standardised value of the background.
/// </summary>
public sealed class RandomAffine : ImageTransform
{
    /// <summary>Makes the transform.</summary>
    /// <param name="degrees">Largest angle in either direction, from 0 to 180.</param>
    public RandomAffine(double degrees) => Degrees = Within(degrees, 180, nameof(degrees));

    /// <summary>Largest angle in either direction, in degrees.</summary>
    public double Degrees { get; }

    /// <summary>Largest move in either direction, as a share of height and width, from 0 to 1.</summary>
    public double Shift
    {
        get;
        init => field = Within(value, 1, nameof(Shift));
    }

    /// <summary>Smallest factor of the size, greater than 0.</summary>
    public double MinScale
    {
        get;
        init
        {
            Ranges.Positive(value, nameof(MinScale));
            field = value;
        }
    } = 1;

    /// <summary>Largest factor of the size, greater than 0.</summary>
    public double MaxScale
    {
        get;
        init
        {
            Ranges.Positive(value, nameof(MaxScale));
            field = value;
        }
    } = 1;

    /// <summary>Largest angle by which columns lean in either direction, in degrees, from 0 to 80.</summary>
    public double Shear
    {
        get;
        init => field = Within(value, 80, nameof(Shear));
    }

    /// <summary>The value of what comes from outside of the image: black before the standardisation.</summary>
    public float Fill { get; init; }

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
        Draw(shape, context.Random).Apply(shape, image, result, Fill);

    /// <summary>Draws the amounts.</summary>
    internal AffineMap Draw(ImageShape shape, RandomStream random) => AffineMap.Of(
        random.Uniform(-Degrees, Degrees),
        random.Uniform(MinScale, MaxScale),
        random.Uniform(-Shear, Shear),
        random.Uniform(-Shift, Shift) * shape.Width,
        random.Uniform(-Shift, Shift) * shape.Height);

    private static double Within(double value, double most, string name)
    {
        if (!(value >= 0 && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to {most}.");
        return value;
    }
}
