using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

public sealed class AdjointPlannerTests
{
    [Fact]
    public void ChainFusesEveryDerivative()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(ActivationKind.Relu, builder.Linear(0, 8));
        hidden = builder.Apply(ActivationKind.Gelu, builder.Linear(hidden, 12));
        builder.Linear(hidden, 2);

        AssertOps(
            builder,
            forward: ["h1 = relu(Layer0(input)): 4 -> 8, dense", "z2 = Layer1(h1), h2 = gelu(z2): 8 -> 12, dense",
                "output = Layer2(h2): 12 -> 2, dense"],
            backward: ["dz2 = (transpose(Layer2) dOutput) * gelu'(z2): 2 -> 12, dense",
                "dz1 = (transpose(Layer1) dz2) * relu'(h1): 12 -> 8, dense"],
            gradWeights: ["Layer2: dOutput times h2", "Layer1: dz2 times h1", "Layer0: dz1 times input"]);
    }

    [Fact]
    public void DerivativeWaitsForTheLastContribution()
    {
        var builder = new ModelSpecBuilder(4);
        var shared = builder.Apply(ActivationKind.Tanh, builder.Linear(0, 4));
        var scaled = builder.Apply(new Scale(2), shared);
        builder.Apply(new Add(), scaled, builder.Linear(shared, 4));

        AssertBackward(
            builder,
            "dh2 = dOutput, the same memory",
            "dh3 = dOutput, the same memory",
            "dh1 = transpose(Layer1) dh3: 4 -> 4, dense",
            "dh1 += dh2 * 2",
            "dz1 = dh1 * tanh'(h1)");
    }

    [Fact]
    public void DerivativeIsFusedIntoAnAccumulatingLastContribution()
    {
        var builder = new ModelSpecBuilder(4);
        var shared = builder.Apply(ActivationKind.Tanh, builder.Linear(0, 4));
        var linear = builder.Linear(shared, 4);
        builder.Apply(new Multiply(), linear, shared);

        AssertBackward(
            builder,
            "dh2 = dOutput * h1",
            "dh1 = dOutput * h2",
            "dz1 = dh1, the same memory",
            "dz1 = (dz1 + transpose(Layer1) dh2) * tanh'(h1): 4 -> 4, dense");
    }

    [Fact]
    public void ResidualCopiesAGradientOnlyWhereItIsStillRead()
    {
        var builder = new ModelSpecBuilder(4);
        var trunk = builder.Linear(0, 4);
        builder.Apply(new Add(), trunk, builder.Linear(trunk, 4));

        AssertBackward(
            builder,
            "dh1 = dOutput, the same memory",
            "dh2 = dOutput, the same memory",
            "dh1_2 = dh1",
            "dh1_2 += transpose(Layer1) dh2: 4 -> 4, dense");
    }

    [Fact]
    public void ResidualBehindAnActivationCopiesNothing()
    {
        var builder = new ModelSpecBuilder(4);
        var trunk = builder.Linear(0, 4);
        builder.Apply(new Add(), trunk, builder.Apply(ActivationKind.Relu, builder.Linear(trunk, 4)));

        AssertBackward(
            builder,
            "dh1 = dOutput, the same memory",
            "dh2 = dOutput, the same memory",
            "dz2 = dh2 * relu'(h2)",
            "dh1 += transpose(Layer1) dz2: 4 -> 4, dense");
    }

    [Fact]
    public void GradientsThatNobodyNeedsAreNotComputed()
    {
        var builder = new ModelSpecBuilder(4);
        var gate = builder.Apply(ActivationKind.Sigmoid, 0);
        builder.Apply(new Multiply(), builder.Linear(0, 4), gate);

        AssertBackward(builder, "dh2 = dOutput * h1");
    }

    [Fact]
    public void SharedLayerAddsTheGradientsOfItsUses()
    {
        var builder = new ModelSpecBuilder(4);
        var layer = builder.Layer("Shared", 4, 4);
        builder.Through(builder.Through(0, layer), layer);

        var plan = ModelPlanner.Plan(builder.Build());

        Assert.Equal([false, true], plan.Training.GradWeights.Select(call => call.Arguments.Contains(Argument.Accumulate(true))));
    }

    [Fact]
    public void DropoutIsAnOpInTrainingOnly()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(new Dropout(0.25f), builder.Apply(ActivationKind.Relu, builder.Linear(0, 8)));
        builder.Linear(hidden, 2);

        AssertOps(
            builder,
            forward: ["h1 = relu(Layer0(input)): 4 -> 8, dense", "h2 = h1 * keep2, a dropout of 0.25",
                "output = Layer1(h2): 8 -> 2, dense"],
            backward: ["dh2 = transpose(Layer1) dOutput: 2 -> 8, dense", "dh1 = dh2 * keep2", "dz1 = dh1 * relu'(h1)"],
            gradWeights: ["Layer1: dOutput times h2", "Layer0: dz1 times input"]);
        var plan = ModelPlanner.Plan(builder.Build());
        Assert.Equal(
            ["h1 = relu(Layer0(input)): 4 -> 8, dense", "output = Layer1(h1): 8 -> 2, dense"],
            Texts(plan.Inference.Calls));
    }

    private static void AssertBackward(ModelSpecBuilder builder, params string[] expected)
    {
        var plan = ModelPlanner.Plan(builder.Build());
        Assert.Equal(expected, Texts(plan.Training.Backward));
    }

    private static void AssertOps(ModelSpecBuilder builder, string[] forward, string[] backward, string[] gradWeights)
    {
        var plan = ModelPlanner.Plan(builder.Build());
        Assert.Equal(forward, Texts(plan.Training.Forward));
        Assert.Equal(backward, Texts(plan.Training.Backward));
        Assert.Equal(gradWeights, Texts(plan.Training.GradWeights));
    }

    private static string[] Texts(EquatableArray<Call> calls) => [.. calls.Select(call => call.Comment)];
}
