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

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void UpToEightInputsHaveASpanEach(int inputs, bool isEmitted)
    {
        var parameters = string.Join(", ", Enumerable.Range(0, inputs).Select(input => $"[Input(2)] Activation x{input}"));
        var emitted = new Emitted($"[SparseModel] public sealed partial class Net {{ Activation Forward({parameters}) => x0 + x1; }}");
        Assert.Equal(isEmitted, emitted["Net"].Contains("InputSpans(x0", StringComparison.Ordinal));
    }

    /// <summary>Names of parameters are no more than that to a model with one input.</summary>
    [Fact]
    public void NamesOfInputs()
    {
        var names = ModelReading.Read(Net(
            "Activation", "[Input(8)] Activation @class, [Input(6)] Activation context", "=> @class.Through(Stem) + context;"));
        Assert.Equal(["class", "context"], names.Graph.InputNames);
        Assert.Equal(
            ModelReading.Read(Net("Activation", "[Input(8)] Activation x", "=> x.Through(Stem);")),
            ModelReading.Read(Net("Activation", "[Input(8)] Activation renamed", "=> renamed.Through(Stem);")));
    }

    /// <summary>Several outputs of a nested model are one value; each of several inputs is given a value.</summary>
    [Theory]
    [InlineData("x.Through(Right, y).Through(Outputs)")]
    [InlineData("x.Through(Right, (x.Through(Outputs).Channels(0, 6) * 2))")]
    [InlineData("x.Through({|SPS0028:Right|}, x) + y", "[Input(6)]", "[Input(8)]")]
    [InlineData("x.Through(Right, {|SPS0028:x|})")]
    [InlineData(
        "x.Through({|SPS0025:Right|})", "[Input(8)]", "[Input(6)]",
        "'Right' has 2 inputs, but Through gives it 1 value; write x.Through(Right, b)")]
    [InlineData(
        "x.Through({|SPS0025:Right|}, y, y)", "[Input(8)]", "[Input(6)]",
        "'Right' has 2 inputs, but Through gives it 3 values; write x.Through(Right, b)")]
    [InlineData(
        "x.Through({|SPS0025:Outputs|}, y)", "[Input(8)]", "[Input(6)]",
        "'Outputs' has 1 input, but Through gives it 2 values; write x.Through(Outputs)")]
    [InlineData("x.Through(Right, {|SPS0025:2|})")]
    public async Task NestedModels(string result, string first = "[Input(8)]", string second = "[Input(6)]", string message = "")
    {
        var messages = await VerifyAsync(
            $$"""
            [SparseModel] public sealed partial class Net
            {
                public partial Outputs Outputs { get; }
                public partial Inputs Right { get; }
                Activation Forward({{first}} Activation x, {{second}} Activation y) => {{result}};
            }
            [SparseModel] public sealed partial class Outputs
            {
                (Activation, Activation) Forward([Input(8)] Activation x) => (x, x.Relu());
            }
            [SparseModel] public sealed partial class Inputs
            {
                [Linear(8, 6)] public partial Linear Stem { get; }
                Activation Forward([Input(8)] Activation a, [Input(6)] Activation b) => a.Through(Stem).Concat(b).Channels(0, 8) * 2;
            }
            """);
        Assert.All(messages.Where(_ => message.Length > 0), found => Assert.EndsWith(message, found, StringComparison.Ordinal));
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
