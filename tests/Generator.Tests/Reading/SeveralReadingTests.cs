using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Tests.Emitting;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Reading;

/// <summary>Models with several inputs and outputs.</summary>
public sealed class SeveralReadingTests
{
    [Fact]
    public void InputsArePartsOfASampleAndOutputsAreJoined()
    {
        var model = ModelReading.Read(Net(
            "(Activation A, Activation B)", "[Input(2, 4)] Activation x, [Input(3)] Activation y",
            "{ var h = x.Through(Stem); return (h, B: y + 1); }"));

        Assert.Equal(
            "x | 1 = InputPart(0) | 2 = InputPart(0) | 3 = Stem(1) | 4 = Shift(2, 1) | 5 = Concat(3, 4)", ModelReading.Describe(model));
        var plan = ModelPlanner.Plan(model);
        Assert.Equal(["8 (2 x 4)", "3"], plan.Inputs.Select(shape => shape.ToString()));
        Assert.Equal(["6", "3"], plan.Outputs.Select(shape => shape.ToString()));
        Assert.Equal((11, 9), (plan.InputFeatures, plan.OutputFeatures));
    }

    [Fact]
    public void WhatIsEmitted()
    {
        var emitted = new Emitted(
            new TestProject { MoreReferences = [TestProject.TorchSharp] },
            Net(
                "(Activation Class, Activation Box)", "[Input(2, 4)] Activation image, [Input(6)] Activation context",
                "{ var h = image.Through(Stem); return (h.Relu() * context, h); }"));

        Snapshot.Match(emitted["Net"], "Net");
    }

    [Theory]
    [InlineData("(Activation, Activation)", "[Input(8)] Activation x", "=> (x.Through(Stem), x);")]
    [InlineData("(Activation, Activation)", "[Input(8)] Activation x", "{ var h = x.Through(Stem); return ((h, h)); }")]
    [InlineData("Activation", "[Input(8)] Activation x, [Input(6)] Activation y", "=> x.Through(Stem) + y;")]
    [InlineData("Activation", "[Input(8)] Activation x, [Input(6)] Activation y", "=> x.Through(Stem);")]
    [InlineData("Activation", "[Input(8)] Activation x, {|SPS0023:Activation y|}", "=> x.Through(Stem);")]
    [InlineData("Activation", "[Input(8)] Activation x, [Input({|SPS0024:0|})] Activation y", "=> x.Through(Stem);")]
    [InlineData("Activation", "[Input(8)] Activation x, [Input(5)] Activation y", "=> {|SPS0027:x.Through(Stem) + y|};")]
    [InlineData("Activation", "[Input(8)] Activation x, {|SPS0022:[Input(8)] ref Activation y|}", "=> x.Through(Stem);")]
    [InlineData("{|SPS0022:(Activation, int)|}", "[Input(8)] Activation x", "=> (x.Through(Stem), 1);")]
    [InlineData(
        "(Activation, Activation)", "[Input(8)] Activation x",
        "{ var h = x.Through(Stem); return {|SPS0025:Make(h)|}; } static (Activation, Activation) Make(Activation x) => (x, x);")]
    [InlineData(
        "(Activation, Activation)", "[Input(8)] Activation x",
        "=> (x.Through({|SPS0026:Head|}), x.Through(Stem)); [Linear(5, 2)] public partial Linear Head { get; }")]
    public Task WhatMayBeWritten(string result, string parameters, string body) => VerifyAsync(Net(result, parameters, body));

    [Fact]
    public async Task InputsThatAreTooLargeTogether()
    {
        var messages = await VerifyAsync(
            "[SparseModel] public partial class Net { Activation Forward{|SPS0024:([Input(1073741824)] Activation x, [Input(1073741824)] "
                + "Activation y)|} => x; }");
        Assert.StartsWith("The dimensions of [Input] have, over all inputs, a larger sum of products", Assert.Single(messages));
    }

    /// <summary>Several outputs of a nested model are one value; several inputs cannot be given to it.</summary>
    [Fact]
    public async Task NestedModels()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel] public sealed partial class Net
            {
                public partial Outputs Right { get; }
                public partial Inputs Wrong { get; }
                Activation Forward([Input(8)] Activation x) => x.Through(Right).Through({|SPS0025:Wrong|});
            }
            [SparseModel] public sealed partial class Outputs
            {
                (Activation, Activation) Forward([Input(8)] Activation x) => (x, x.Relu());
            }
            [SparseModel] public sealed partial class Inputs
            {
                Activation Forward([Input(8)] Activation x, [Input(8)] Activation y) => x + y;
            }
            """);
        Assert.EndsWith("'Wrong' has 2 inputs, and Through gives it one value; a nested model has one input", Assert.Single(messages));
    }

    private static string Net(string result, string parameters, string body) =>
        $$"""
        [SparseModel] public sealed partial class Net
        {
            [Linear(8, 6)] public partial Linear Stem { get; }
            {{result}} Forward({{parameters}}) {{body}}
        }
        """;
}
