using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class ShapeInferenceTests
{
    private static readonly EquatableArray<LayerSpec> Layers = new([Layer("Stem", 784, 1024), Layer("Head", 1024, 10)]);

    [Fact]
    public void EveryValueHasTheFeaturesOfItsOperation()
    {
        var result = Infer(
            784,
            new(NodeKind.Input),
            new(NodeKind.Linear, Left: 0, Layer: 0),
            new(NodeKind.Relu, Left: 1),
            new(NodeKind.Add, Left: 1, Right: 2),
            new(NodeKind.Scale, Left: 3, Value: 2),
            new(NodeKind.Linear, Left: 4, Layer: 1));

        Assert.Equal([784, 1024, 1024, 1024, 1024, 10], result.Features);
        Assert.True(result.IsValid);
    }

    [Fact]
    public void AValueThatALayerDoesNotTakeIsAnError()
    {
        var result = Infer(784, new(NodeKind.Input), new(NodeKind.Linear, Left: 0, Layer: 1));

        Assert.Equal([new ShapeError(Node: 1, Expected: 1024, Actual: 784)], result.Errors);
        Assert.Equal([784, 10], result.Features);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OperandsOfDifferentShapeAreAnError(bool sum)
    {
        var kind = sum ? NodeKind.Add : NodeKind.Multiply;
        var result = Infer(784, new(NodeKind.Input), new(NodeKind.Linear, Left: 0, Layer: 0), new(kind, Left: 0, Right: 1));

        Assert.Equal([new ShapeError(Node: 2, Expected: 784, Actual: 1024)], result.Errors);
    }

    [Fact]
    public void EveryFaultIsFound()
    {
        var result = Infer(
            10,
            new(NodeKind.Input),
            new(NodeKind.Linear, Left: 0, Layer: 0),
            new(NodeKind.Linear, Left: 1, Layer: 0),
            new(NodeKind.Add, Left: 0, Right: 2));

        Assert.Equal([1, 2, 3], result.Errors.Select(error => error.Node));
    }

    [Fact]
    public void UnknownFeaturesFitEverywhere()
    {
        var result = Infer(0, new(NodeKind.Input), new(NodeKind.Linear, Left: 0, Layer: 0), new(NodeKind.Add, Left: 0, Right: 1));

        Assert.True(result.IsValid);
        Assert.Equal([0, 1024, 1024], result.Features);
    }

    private static LayerSpec Layer(string path, int inputs, int outputs) => new(path, "public partial", new(outputs, inputs), Bias: true);

    private static ShapeResult Infer(int inputs, params NodeSpec[] nodes) => ShapeInference.Infer(new(inputs, new(nodes)), Layers);
}
