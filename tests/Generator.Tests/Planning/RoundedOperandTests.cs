using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>Where passes round the operands of layers in bfloat16.</summary>
public sealed class RoundedOperandTests
{
    [Fact]
    public void AChainRoundsInPlaceAndEachValueOnce()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(ActivationKind.Relu, Rounding(builder, 0, 8));
        hidden = builder.Apply(ActivationKind.Gelu, Rounding(builder, hidden, 12));
        Rounding(builder, hidden, 2);

        AssertOps(
            builder,
            forward:
            [
                "input = bfloat16(input)", "h1 = relu(Layer0(input)): 4 -> 8, dense, bfloat16",
                "h1 = bfloat16(h1)", "z2 = Layer1(h1), h2 = gelu(z2): 8 -> 12, dense, bfloat16",
                "h2 = bfloat16(h2)", "output = Layer2(h2): 12 -> 2, dense, bfloat16",
            ],
            backward:
            [
                "dOutput = bfloat16(dOutput)", "dz2 = (transpose(Layer2) dOutput) * gelu'(z2): 2 -> 12, dense, bfloat16",
                "dz2 = bfloat16(dz2)", "dz1 = (transpose(Layer1) dz2) * relu'(h1): 12 -> 8, dense, bfloat16",
                "dz1 = bfloat16(dz1)",
            ],
            gradWeights: ["Layer2: dOutput times h2", "Layer1: dz2 times h1", "Layer0: dz1 times input"]);
    }

    [Fact]
    public void ALayerInFloat32SeesValuesAsTheyWereComputed()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(ActivationKind.Relu, builder.Linear(0, 4));
        builder.Apply(new Add(), Rounding(builder, hidden, 4), builder.Linear(hidden, 4));

        AssertOps(
            builder,
            forward:
            [
                "h1 = relu(Layer0(input)): 4 -> 4, dense", "h1Rounded = bfloat16(h1)", "h2 = Layer1(h1Rounded): 4 -> 4, dense, bfloat16",
                "h3 = Layer2(h1): 4 -> 4, dense", "output = h2 + h3",
            ],
            backward:
            [
                "dh2 = dOutput, the same memory", "dh3 = dOutput, the same memory", "dh1 = transpose(Layer2) dh3: 4 -> 4, dense",
                "dh2Rounded = bfloat16(dh2)", "dz1 = dh1, the same memory",
                "dz1 = (dz1 + transpose(Layer1) dh2Rounded) * relu'(h1): 4 -> 4, dense, bfloat16",
            ],
            gradWeights: ["Layer2: dh3 times h1", "Layer1: dh2Rounded times h1Rounded", "Layer0: dz1 times input"]);
    }

    [Fact]
    public void LayersInBfloat16ShareWhatIsRounded()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(ActivationKind.Relu, builder.Linear(0, 4));
        builder.Apply(new Add(), Rounding(builder, hidden, 4), Rounding(builder, hidden, 4));

        var texts = Texts(builder, plan => plan.Training.Forward);
        Assert.Equal("h1 = bfloat16(h1)", Assert.Single(texts, text => text.Contains("bfloat16(")));
        var backward = Texts(builder, plan => plan.Training.Backward);
        Assert.Single(backward, text => text.Contains("bfloat16("));
    }

    [Fact]
    public void ValuesOfKTanhAreNotRoundedAgain()
    {
        var builder = new ModelSpecBuilder(4);
        Rounding(builder, builder.Apply(ActivationKind.KTanh, builder.Linear(0, 4)), 4);

        Assert.DoesNotContain(Texts(builder, plan => plan.Training.Forward), text => text.Contains("bfloat16("));
        Assert.DoesNotContain(Texts(builder, plan => plan.Inference.Calls), text => text.Contains("bfloat16("));
    }

    [Fact]
    public void WeightsAloneRoundNoValues()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Through(0, builder.Layer("Only", 4, 4, bfloat16: Bfloat16Use.Weights));

        AssertOps(builder, ["output = Only(input): 4 -> 4, dense, bfloat16 weights"], [], ["Only: dOutput times input"]);
    }

    [Fact]
    public void TheInputOfATanhIsRoundedInPlaceInBothPasses()
    {
        var builder = new ModelSpecBuilder(4);
        Rounding(builder, builder.Apply(ActivationKind.Tanh, builder.Linear(0, 4)), 4);

        Assert.Contains("h1 = bfloat16(h1)", Texts(builder, plan => plan.Inference.Calls));
        Assert.Contains(
            "dz1 = (transpose(Layer1) dOutput) * tanh'(h1): 4 -> 4, dense, bfloat16", Texts(builder, plan => plan.Training.Backward));
    }

    private static int Rounding(ModelSpecBuilder builder, int x, int outputs)
    {
        // As the builder names its dense layers.
        var layer = builder.Layer(
            $"Layer{builder.Build().Layers.Count}", builder.Features(x), outputs, bfloat16: Bfloat16Use.WeightsAndActivations);
        return builder.Through(x, layer);
    }

    private static string[] Texts(ModelSpecBuilder builder, Func<ModelPlan, EquatableArray<Call>> calls) =>
        [.. calls(ModelPlanner.Plan(builder.Build())).Select(call => call.Comment)];

    private static void AssertOps(ModelSpecBuilder builder, string[] forward, string[] backward, string[] gradWeights)
    {
        Assert.Equal(forward, Texts(builder, plan => plan.Training.Forward));
        Assert.Equal(backward, Texts(builder, plan => plan.Training.Backward));
        Assert.Equal(gradWeights, Texts(builder, plan => plan.Training.GradWeights));
    }
}
