using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Numerics;

/// <summary>What the table says of activation functions is what they do.</summary>
public sealed class ActivationTableTests
{
    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.None)];

    [Fact]
    public void Every_function_has_a_row() =>
        Assert.Equal(Enum.GetValues<ActivationKind>().Skip(1).Order(), ActivationTable.Rows.Select(row => row.Kind).Order());

    /// <summary>Steps of K-TanH have no slope that differences could show, and no number is near a kink of a function.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_derivative_is_computed_from_what_the_table_says(ActivationKind kind)
    {
        var x = Enumerable.Range(-40, 120).Select(i => (i / 10f) + 0.03f).ToArray();
        var saved = ActivationTable.Of(kind).DerivativeNeedsInput ? x : Apply(kind, x);
        var dy = Enumerable.Repeat(1f, x.Length).ToArray();
        var dx = new float[x.Length];
        ActivationMath.Backward(kind, dy, saved, dx, accumulate: false);

        const float step = 1 / 64f;
        var isStepped = kind is ActivationKind.KTanh or ActivationKind.KSigmoid or ActivationKind.KSwish or ActivationKind.KGelu;
        var (above, below) = (Apply(kind, Array.ConvertAll(x, v => v + step)), Apply(kind, Array.ConvertAll(x, v => v - step)));
        for (var i = 0; i < x.Length && !isStepped; i++)
            Assert.Equal((above[i] - below[i]) / (2 * step), dx[i], 2e-4);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Results_are_values_of_bfloat16_where_the_table_says_so(ActivationKind kind)
    {
        var x = Enumerable.Range(-4000, 8001).Select(i => i / 1000f).ToArray();
        var row = ActivationTable.Of(kind);

        Assert.Equal(row.GivesBfloat16, Apply(kind, x).All(IsExact));
        Assert.Equal(row.GivesBfloat16 || row.KeepsBfloat16, Apply(kind, Array.ConvertAll(x, v => (float)(BFloat16)v)).All(IsExact));

        static bool IsExact(float value) => (float)(BFloat16)value == value;
    }

    private static float[] Apply(ActivationKind kind, float[] x)
    {
        var y = new float[x.Length];
        ActivationMath.Apply(kind, x, y);
        return y;
    }
}
