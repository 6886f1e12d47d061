namespace SparseSharp.Data;

/// <summary>About the distance of a point to the border of a shape, negative inside; the shape reaches to 1.</summary>
internal delegate float Outline(float x, float y);

/// <summary>The shapes of drawn pictures.</summary>
internal static class Outlines
{
    /// <summary>Half of the square root of 3.</summary>
    private const float Half3 = 0.8660254f;

    /// <summary>A disc of radius 1.</summary>
    public static Outline Disc { get; } = (x, y) => Length(x, y) - 1;

    /// <summary>A square with sides of 2.</summary>
    public static Outline Box { get; } = (x, y) => Largest(x, y) - 1;

    /// <summary>The shape of each class.</summary>
    public static Outline[] All { get; } =
    [
        (x, y) => Length(x, y) - 0.8f,
        (x, y) => MathF.Abs(Length(x, y) - 0.67f) - 0.2f,
        (x, y) => Largest(x, y) - 0.72f,
        (x, y) => MathF.Abs(Largest(x, y) - 0.62f) - 0.18f,
        Triangle,
        (x, y) => Math.Min(Math.Max(MathF.Abs(x) - 0.24f, MathF.Abs(y) - 0.9f), Math.Max(MathF.Abs(x) - 0.9f, MathF.Abs(y) - 0.24f)),
        (x, y) => Math.Max(Length(x, y + 0.4f) - 0.95f, -y - 0.4f),
        (x, y) => Math.Max(Length(x, y) - 0.9f, 0.65f - Length(x - 0.42f, y)),
        (x, y) => Math.Max(MathF.Abs(MathF.Abs(y) - 0.5f) - 0.22f, MathF.Abs(x) - 0.85f),
        (x, y) => Math.Min(Triangle(x, y), Triangle(x, -y)),
    ];

    private static float Triangle(float x, float y) => Math.Max(-y, (Half3 * MathF.Abs(x)) + (0.5f * y)) - 0.5f;

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    private static float Largest(float x, float y) => Math.Max(MathF.Abs(x), MathF.Abs(y));
}
