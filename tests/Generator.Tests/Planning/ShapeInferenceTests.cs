using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class ShapeInferenceTests
{
    private static readonly EquatableArray<LayerSpec> Layers = new([Layer("Stem", 784, 1024), Layer("Head", 1024, 10)]);

    [Fact]
    public void EveryValueHasTheFeaturesOfItsOperation()
    {
        var result = Infer(
            784,
            new(new LinearProduct(0), 0),
            new(new Activate(ActivationKind.Relu), 1),
            new(new Add(), 1, 2),
            new(new Scale(2), 3),
            new(new LinearProduct(1), 4));

        Assert.Equal([784, 1024, 1024, 1024, 1024, 10], result.Shapes.Select(shape => shape.Features));
        Assert.True(result.IsValid);
    }

    [Fact]
    public void AValueThatALayerDoesNotTakeIsAnError()
    {
        var result = Infer(784, new NodeSpec(new LinearProduct(1), 0));

        Assert.Equal([new ShapeError(Node: 1, Expected: Shape.Vector(1024), Actual: Shape.Vector(784))], result.Errors);
        Assert.Equal([784, 10], result.Shapes.Select(shape => shape.Features));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OperandsOfDifferentShapeAreAnError(bool sum)
    {
        Operation operation = sum ? new Add() : new Multiply();
        var result = Infer(784, new(new LinearProduct(0), 0), new(operation, 0, 1));

        Assert.Equal([new ShapeError(Node: 2, Expected: Shape.Vector(784), Actual: Shape.Vector(1024))], result.Errors);
    }

    [Fact]
    public void EveryFaultIsFound()
    {
        var result = Infer(
            10,
            new(new LinearProduct(0), 0),
            new(new LinearProduct(0), 1),
            new(new Add(), 0, 2));

        Assert.Equal([1, 2, 3], result.Errors.Select(error => error.Node));
    }

    [Fact]
    public void UnknownFeaturesFitEverywhere()
    {
        var result = Infer(0, new(new LinearProduct(0), 0), new(new Add(), 0, 1));

        Assert.True(result.IsValid);
        Assert.Equal([0, 1024, 1024], result.Shapes.Select(shape => shape.Features));
    }

    [Fact]
    public void DimensionsStayUntilALayerMakesAVectorOfThem()
    {
        var graph = new GraphSpec(new([
            new(new Input(new(new([28, 28])))), new(new Scale(2), 0), new(new Add(), 1, 0), new(new LinearProduct(0), 2)]));

        var result = ShapeInference.Infer(graph, Layers);

        Assert.True(result.IsValid);
        Assert.Equal(["784 (28 x 28)", "784 (28 x 28)", "784 (28 x 28)", "1024"], result.Shapes.Select(shape => shape.ToString()));
        Assert.Equal(784, graph.Input.Features);
    }

    private static LayerSpec Layer(string path, int inputs, int outputs) =>
        new(path, "public partial", new LinearSpec(new(outputs, inputs), Bias: true));

    private static ShapeResult Infer(int inputs, params NodeSpec[] nodes) =>
        ShapeInference.Infer(new(new([new(new Input(Shape.Vector(inputs))), .. nodes])), Layers);
}
