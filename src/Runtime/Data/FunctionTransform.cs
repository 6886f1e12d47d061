namespace SparseSharp.Data;

/// <summary>A transform that calls a method of the user.</summary>
internal sealed class FunctionTransform(ImageFunction change) : ImageTransform
{
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        image.CopyTo(result);
        change(shape, result[..shape.Length], context.Random);
    }
}
