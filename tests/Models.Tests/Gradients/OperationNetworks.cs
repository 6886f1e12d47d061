namespace SparseSharp.Models.Tests.Gradients;

/// <summary>Operations of a user, some of which are not finite where a value is 0, as it is in the padding of a panel.</summary>
internal static class Functions
{
    private const float Epsilon = 0.01f;

    [Operation(Gradient = nameof(SoftsignGradient))]
    public static float Softsign(float x) => x / (1 + MathF.Abs(x));

    public static float SoftsignGradient(float x, float y, float dy)
    {
        var scale = 1 + MathF.Abs(x);
        return dy / (scale * scale);
    }

    [Operation(Gradient = nameof(LogGradient))]
    public static float Log(float x) => MathF.Log(x * x);

    public static float LogGradient(float x, float y, float dy) => 2 * dy / x;

    /// <summary><c>y = x / sqrt(mean of squares + epsilon)</c>, with the mean over the features of a sample.</summary>
    [Operation(Gradient = nameof(RmsNormGradient))]
    public static void RmsNorm(PanelRows x, PanelRows y)
    {
        for (var sample = 0; sample < x.Samples; sample++)
        {
            var scale = ScaleOf(x, sample);
            for (var feature = 0; feature < x.Features; feature++)
                y[feature, sample] = x[feature, sample] * scale;
        }
    }

    public static void RmsNormGradient(PanelRows x, PanelRows y, PanelRows dy, PanelRows dx)
    {
        for (var sample = 0; sample < x.Samples; sample++)
        {
            var (scale, mean) = (ScaleOf(x, sample), 0f);
            for (var feature = 0; feature < x.Features; feature++)
                mean += dy[feature, sample] * y[feature, sample] / x.Features;
            for (var feature = 0; feature < x.Features; feature++)
                dx[feature, sample] += (dy[feature, sample] - (mean * y[feature, sample])) * scale;
        }
    }

    /// <summary>The products of each of a value's features with the two of another, the quotient of which must not be one by 0.</summary>
    [Operation(Gradient = nameof(PairsGradient), Outputs = 14)]
    public static void Pairs(PanelRows a, PanelRows b, PanelRows y)
    {
        for (var i = 0; i < a.Features; i++)
        {
            var left = a[i];
            var product = y[2 * i];
            var quotient = y[(2 * i) + 1];
            for (var sample = 0; sample < left.Length; sample++)
            {
                product[sample] = left[sample] * b[0, sample];
                quotient[sample] = left[sample] / (b[1, sample] * b[1, sample]);
            }
        }
    }

    public static void PairsGradient(PanelRows a, PanelRows b, PanelRows y, PanelRows dy, PanelRows da, PanelRows db)
    {
        for (var i = 0; i < a.Features; i++)
        {
            var left = a[i];
            var product = dy[2 * i];
            var quotient = dy[(2 * i) + 1];
            for (var sample = 0; sample < left.Length; sample++)
            {
                var (times, by) = (b[0, sample], b[1, sample]);
                da[i, sample] += (product[sample] * times) + (quotient[sample] / (by * by));
                db[0, sample] += product[sample] * left[sample];
                db[1, sample] -= 2 * quotient[sample] * left[sample] / (by * by * by);
            }
        }
    }

    private static float ScaleOf(PanelRows x, int sample)
    {
        var squares = 0f;
        for (var feature = 0; feature < x.Features; feature++)
            squares += x[feature, sample] * x[feature, sample];
        return 1 / MathF.Sqrt((squares / x.Features) + Epsilon);
    }
}

/// <summary>Functions of elements between layers, behind fused activations and before them, of the input, and as the output.</summary>
[SparseModel]
internal sealed partial class AppliedElements
{
    [Linear(12, 18)]
    public partial Linear A { get; }

    [Linear(18, 18), NMSparse(1, 2)]
    public partial Linear B { get; }

    [Linear(12, 18)]
    public partial Linear C { get; }

    [Linear(18, 5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(12)] Activation x)
    {
        var h = x.Through(A).Gelu().Apply(Functions.Softsign);
        h = h + h.Through(B).Apply(Functions.Log).Tanh() + x.Apply(Functions.Log).Through(C).Relu();
        return h.Through(Head).Apply(Cube);
    }

    [Operation(Gradient = nameof(CubeGradient))]
    private static float Cube(float x) => x * x * x;

    private static float CubeGradient(float x, float y, float dy) => 3 * x * x * dy;
}

/// <summary>
/// Operations on rows: of one value, of two with other features, of the input, of one value twice; and results that others add to.
/// </summary>
[SparseModel]
internal sealed partial class AppliedRows
{
    [Linear(14, 7)]
    public partial Linear A { get; }

    [Linear(14, 2, Bias = false)]
    public partial Linear B { get; }

    [Linear(14, 14), NMSparse(1, 2)]
    public partial Linear C { get; }

    [Linear(14, 5)]
    public partial Linear Head { get; }

    private Activation Forward([Input(14)] Activation x)
    {
        var a = x.Apply(Functions.RmsNorm).Through(A).Tanh();
        var b = x.Through(B) * 0.25f + 2;
        var h = a.Apply(Functions.Pairs, b) + x.Through(C).Apply(Multiply, x).Relu();
        h = h + h.Apply(Multiply, h).Apply(Functions.RmsNorm);
        return (h.Apply(Functions.RmsNorm) + h.Gelu()).Through(Head);
    }

    [Operation(Gradient = nameof(MultiplyGradient))]
    private static void Multiply(PanelRows a, PanelRows b, PanelRows y)
    {
        for (var i = 0; i < y.Features; i++)
            System.Numerics.Tensors.TensorPrimitives.Multiply(a[i], b[i], y[i]);
    }

    private static void MultiplyGradient(PanelRows a, PanelRows b, PanelRows y, PanelRows dy, PanelRows da, PanelRows db)
    {
        for (var i = 0; i < y.Features; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(dy[i], b[i], da[i], da[i]);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(dy[i], a[i], db[i], db[i]);
        }
    }
}

/// <summary>A nested model with private operations, used twice, with further ones around it.</summary>
[SparseModel]
internal sealed partial class AppliedNested
{
    [Linear(12, 14)]
    public partial Linear Stem { get; }

    public partial AppliedRows Inner { get; }

    [Linear(5, 14)]
    public partial Linear Back { get; }

    private Activation Forward([Input(12)] Activation x)
    {
        var h = x.Through(Stem).Apply(Functions.Softsign);
        return h.Through(Inner).Apply(Functions.RmsNorm).Through(Back).Through(Inner);
    }
}

/// <summary>The result of an operation on rows as the output.</summary>
[SparseModel]
internal sealed partial class AppliedLast
{
    [Linear(6, 7)]
    public partial Linear A { get; }

    [Linear(6, 2)]
    public partial Linear B { get; }

    private Activation Forward([Input(6)] Activation x) => x.Through(A).Relu().Apply(Functions.Pairs, x.Through(B) * 0.2f + 1.5f);
}
