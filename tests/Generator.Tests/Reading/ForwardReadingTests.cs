using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Reading;

/// <summary>What the shapes of <c>Forward</c> mean as a graph.</summary>
public sealed class ForwardReadingTests
{
    [Theory]
    [InlineData("=> x.Through(A);", "x | 1 = A(0)")]
    [InlineData("=> x.Through(this.A);", "x | 1 = A(0)")]
    [InlineData("=> x.Through(layer: (A));", "x | 1 = A(0)")]
    [InlineData("=> ((x).Through(A))!;", "x | 1 = A(0)")]
    [InlineData("{ return x.Through(A); }", "x | 1 = A(0)")]
    [InlineData("=> x.Through(A).Relu().Through(B).Through(C);", "x | 1 = A(0) | 2 = Relu(1) | 3 = B(2) | 4 = C(3)")]
    public void Layers(string body, string graph) => AssertGraph(body, graph);

    [Theory]
    [InlineData("Relu")]
    [InlineData("Gelu")]
    [InlineData("Silu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("KTanh")]
    [InlineData("KSigmoid")]
    [InlineData("KSwish")]
    [InlineData("KGelu")]
    public void Activations(string name) => AssertGraph($"=> x.{name}().Through(A);", $"x | 1 = {name}(0) | 2 = A(1)");

    [Theory]
    [InlineData("=> x.Through(A).Dropout(0.5f);", "x | 1 = A(0) | 2 = Dropout(1, 0.5)")]
    [InlineData("=> x.Through(A).Dropout(probability: 0);", "x | 1 = A(0) | 2 = Dropout(1, 0)")]
    [InlineData("=> x.Through(A).Dropout(Half / 2);", "x | 1 = A(0) | 2 = Dropout(1, 0.25)")]
    [InlineData("=> x.Through(A).Dropout(Constants.Rate);", "x | 1 = A(0) | 2 = Dropout(1, 0.125)")]
    public void Dropouts(string body, string graph) => AssertGraph(body, graph);

    [Theory]
    [InlineData("=> x.Through(A) + x;", "x | 1 = A(0) | 2 = Add(1, 0)")]
    [InlineData("=> x + x.Through(A);", "x | 1 = A(0) | 2 = Add(0, 1)")]
    [InlineData("=> x.Through(A) * x.Through(B).Sigmoid();", "x | 1 = A(0) | 2 = B(0) | 3 = Sigmoid(2) | 4 = Multiply(1, 3)")]
    [InlineData("=> x.Through(A) + x.Through(B) * x;", "x | 1 = A(0) | 2 = B(0) | 3 = Multiply(2, 0) | 4 = Add(1, 3)")]
    [InlineData("=> (x.Through(A) + x.Through(B)) * x;", "x | 1 = A(0) | 2 = B(0) | 3 = Add(1, 2) | 4 = Multiply(3, 0)")]
    [InlineData("=> x.Through(A) - x;", "x | 1 = A(0) | 2 = Subtract(1, 0)")]
    [InlineData("=> x - x.Through(A) - x;", "x | 1 = A(0) | 2 = Subtract(0, 1) | 3 = Subtract(2, 0)")]
    [InlineData("=> -x.Through(A);", "x | 1 = A(0) | 2 = Scale(1, -1)")]
    [InlineData("=> -(-x);", "x | 1 = Scale(0, -1) | 2 = Scale(1, -1)")]
    public void SumsAndProducts(string body, string graph) => AssertGraph(body, graph);

    [Theory]
    [InlineData("=> x.Through(A) * 2;", "x | 1 = A(0) | 2 = Scale(1, 2)")]
    [InlineData("=> 2f * x.Through(A);", "x | 1 = A(0) | 2 = Scale(1, 2)")]
    [InlineData("=> x.Through(A) * -0.5f;", "x | 1 = A(0) | 2 = Scale(1, -0.5)")]
    [InlineData("=> -(1.5f) * x.Through(A);", "x | 1 = A(0) | 2 = Scale(1, -1.5)")]
    [InlineData("=> x.Through(A) + 0.1f;", "x | 1 = A(0) | 2 = Shift(1, 0.1)")]
    [InlineData("=> 1 + x.Through(A);", "x | 1 = A(0) | 2 = Shift(1, 1)")]
    [InlineData("=> x.Through(A) * Half;", "x | 1 = A(0) | 2 = Scale(1, 0.5)")]
    [InlineData("=> Constants.Rate * x.Through(A);", "x | 1 = A(0) | 2 = Scale(1, 0.125)")]
    [InlineData("=> x.Through(A) * (Half + 2 * Constants.Rate);", "x | 1 = A(0) | 2 = Scale(1, 0.75)")]
    [InlineData("=> x.Through(A) * (float)(1 / 2.0);", "x | 1 = A(0) | 2 = Scale(1, 0.5)")]
    [InlineData("=> x.Through(A) * (1 / 2);", "x | 1 = A(0) | 2 = Scale(1, 0)")]
    [InlineData("=> x.Through(A) * 'a';", "x | 1 = A(0) | 2 = Scale(1, 97)")]
    [InlineData("{ const float quarter = 0.25f; return x.Through(A) * quarter; }", "x | 1 = A(0) | 2 = Scale(1, 0.25)")]
    [InlineData("=> x.Through(A) - 2;", "x | 1 = A(0) | 2 = Shift(1, -2)")]
    [InlineData("=> 2 - x.Through(A);", "x | 1 = A(0) | 2 = Scale(1, -1) | 3 = Shift(2, 2)")]
    [InlineData("=> x.Through(A) / 4;", "x | 1 = A(0) | 2 = Scale(1, 0.25)")]
    [InlineData("=> x.Through(A) / (1 - 2 * Half * 5);", "x | 1 = A(0) | 2 = Scale(1, -0.25)")]
    [InlineData("=> x.Through(A) * -Half;", "x | 1 = A(0) | 2 = Scale(1, -0.5)")]
    [InlineData(
        "{ x -= 1; x /= 2; x -= x.Through(A); return x; }", "x | 1 = Shift(0, -1) | 2 = Scale(1, 0.5) | 3 = A(2) | 4 = Subtract(2, 3)")]
    public void ConstantFactorsAndSummands(string body, string graph) => AssertGraph(body, graph);

    [Theory]
    [InlineData("{ var h = x.Through(A); return h + h; }", "x | 1 = A(0) | 2 = Add(1, 1)")]
    [InlineData("{ Activation h = x.Through(A), g = h.Relu(); return g * h; }", "x | 1 = A(0) | 2 = Relu(1) | 3 = Multiply(2, 1)")]
    [InlineData(
        "{ var h = x.Through(A); h = h.Relu(); h += x; h *= 2; return h; }",
        "x | 1 = A(0) | 2 = Relu(1) | 3 = Add(2, 0) | 4 = Scale(3, 2)")]
    [InlineData("{ x = x.Relu(); return x.Through(A); }", "x | 1 = Relu(0) | 2 = A(1)")]
    [InlineData("{ Activation h; h = x.Through(A); ; { h = h.Tanh(); } return h; }", "x | 1 = A(0) | 2 = Tanh(1)")]
    [InlineData("{ var A = x.Through(this.A); return A.Relu(); }", "x | 1 = A(0) | 2 = Relu(1)")]
    public void Locals(string body, string graph) => AssertGraph(body, graph);

    [Fact]
    public void ALayerUsedTwiceIsOneLayer() =>
        AssertGraph("=> x.Through(A).Relu().Through(A);", "x | 1 = A(0) | 2 = Relu(1) | 3 = A(2)");

    [Theory]
    [InlineData("{ var dead = x.Relu(); var h = x.Through(A); var unused = h.Tanh(); return h; }", "x | 1 = A(0)")]
    [InlineData("{ var h = x.Relu(); var dead = h * h; return x.Through(A) + h; }", "x | 1 = Relu(0) | 2 = A(0) | 3 = Add(2, 1)")]
    public void ValuesThatNobodyNeedsAreNotInTheGraph(string body, string graph) => AssertGraph(body, graph);

    [Fact]
    public void TheOutputMayBeTheInput()
    {
        var model = ModelReading.Read("[SparseModel] public partial class Net { Activation Forward([Input(8)] Activation x) => x; }");
        Assert.Equal("x", ModelReading.Describe(model));
    }

    [Theory]
    [InlineData("784", 784)]
    [InlineData("28, 28", 784)]
    [InlineData("3, 4, 5", 60)]
    [InlineData("new[] { 2, 3 }", 6)]
    public void InputFeaturesAreTheProductOfTheDimensions(string dimensions, int features)
    {
        var model = ModelReading.Read(
            $"[SparseModel] public partial class Net {{ Activation Forward([Input({dimensions})] Activation x) => x.Relu(); }}");
        Assert.Equal(features, model.Graph.Input.Features);
    }

    private static void AssertGraph(string body, string graph)
    {
        // Layers that a body does not mention would be reported as unused.
        var layers = new[] { "A", "B", "C" }.Where(name => body.Contains($"({name})") || body.Contains($"this.{name}"));
        var source = $$"""
            static class Constants { public const float Rate = 0.125f; }
            [SparseModel]
            public partial class Net
            {
                private const float Half = 0.5f;
                {{string.Concat(layers.Select(name => $"[Linear(8, 8)] public partial Linear {name} {{ get; }} "))}}
                Activation Forward([Input(8)] Activation x) {{body}}
            }
            """;
        Assert.Equal(graph, ModelReading.Describe(ModelReading.Read(source)));
    }
}
