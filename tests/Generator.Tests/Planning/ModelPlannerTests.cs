using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class ModelPlannerTests
{
    [Fact]
    public void InferenceOfAChainNeedsItsTwoLargestNeighbours()
    {
        var builder = new ModelSpecBuilder(784);
        var hidden = 0;
        foreach (var features in new[] { 1024, 512, 1024, 256, 768, 10 })
            hidden = builder.Apply(ActivationKind.Relu, builder.Linear(hidden, features));

        Assert.Equal(784 + 1024, ModelPlanner.Plan(builder.Build()).Inference.Workspace.Rows);
    }

    [Fact]
    public void ElementWiseOpsOfInferenceWorkInPlace()
    {
        var builder = new ModelSpecBuilder(100);
        var value = 0;
        foreach (var operation in new Operation[] { new Activate(
            ActivationKind.Gelu), new Scale(2), new Shift(2), new Activate(ActivationKind.Tanh) })
            value = builder.Apply(operation, value);

        var workspace = ModelPlanner.Plan(builder.Build()).Inference.Workspace;

        Assert.Equal(100, workspace.Rows);
    }

    [Fact]
    public void RowsAreRoundedUpToBlocksOfFour()
    {
        var builder = new ModelSpecBuilder(5);
        builder.Linear(0, 7);

        var workspace = ModelPlanner.Plan(builder.Build()).Inference.Workspace;

        Assert.Equal(16, workspace.Rows);
        Assert.All(workspace.Values, value => Assert.Equal(0, value.Slot % 4));
    }

    [Fact]
    public void GradientOfAnActivationTakesThePlaceOfWhatIsSavedNoLonger()
    {
        // dOutput, output and the two halves of the backward pass: nothing but inputs and gradients of layers lives to the end.
        var builder = new ModelSpecBuilder(8);
        builder.Apply(ActivationKind.Sigmoid, builder.Linear(0, 8));

        var training = ModelPlanner.Plan(builder.Build()).Training;

        Assert.Equal(3 * 8, training.Workspace.Rows);
    }

    [Fact]
    public void EqualKernelsAreListedOnce()
    {
        var builder = new ModelSpecBuilder(8);
        var first = builder.Through(0, builder.Layer("A", 8, 8, ModelSpecBuilder.TwoOfFour));
        var second = builder.Through(first, builder.Layer("B", 8, 16, ModelSpecBuilder.TwoOfFour with { Policy = MaskPolicy.Static }));
        builder.Linear(second, 3);

        Assert.Equal(
            ["DenseKernel", "PairKernel", "Stream2of4Kernel", "StreamDenseKernel"],
            ModelPlanner.Plan(builder.Build()).Kernels.Select(kernel => kernel.Name));
    }

    [Fact]
    public void FieldsOfDifferentPropertiesDiffer()
    {
        var builder = new ModelSpecBuilder(8);
        foreach (var name in new[] { "First.Stem", "First_stem", "first_stem" })
            builder.Through(0, builder.Layer(name, 8, 8));

        var fields = ModelPlanner.Plan(builder.Build()).Layers.Select(layer => layer.Field);

        Assert.Equal(["_first_stem", "_first_stem2", "_first_stem3"], fields);
    }

    [Fact]
    public void PlansOfEqualModelsAreEqual()
    {
        Assert.Equal(ModelPlanner.Plan(Make(8)), ModelPlanner.Plan(Make(8)));
        Assert.NotEqual(ModelPlanner.Plan(Make(8)), ModelPlanner.Plan(Make(12)));

        static ModelSpec Make(int features)
        {
            var builder = new ModelSpecBuilder(4);
            builder.Linear(builder.Apply(new Dropout(0.1f), builder.Apply(ActivationKind.Gelu, builder.Linear(0, features))), 2);
            return builder.Build();
        }
    }
}
