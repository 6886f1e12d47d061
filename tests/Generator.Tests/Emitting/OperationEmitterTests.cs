using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>Models that apply operations of the user.</summary>
public sealed class OperationEmitterTests
{
    private const string Operations =
        """
        public static class Maths
        {
            [Operation(Gradient = nameof(G))] public static float Swish(float x) => x;
            public static float G(float x, float y, float dy) => dy;
        }
        """;

    private const string Members =
        """
        [Operation(Gradient = nameof(SwishGradient))] private static float Swish(float x) => x;
        private static float SwishGradient(float x, float y, float dy) => dy;
        [Operation(Gradient = nameof(PairsGradient), Outputs = 12)] private static void Pairs(PanelRows a, PanelRows b, PanelRows y) { }
        private static void PairsGradient(PanelRows a, PanelRows b, PanelRows y, PanelRows dy, PanelRows da, PanelRows db) { }
        """;

    [Fact]
    public void BothForms()
    {
        var emitted =
            new Emitted(Operations + Class("Net", "x.Through(Stem).Apply(Swish).Apply(Maths.Swish).Apply(Pairs, x).Through(Head)"));

        Snapshot.Match(emitted["Net"], "Net");
    }

    /// <summary>An operation gets the features of an image one after the other; lines of images have borders between them.</summary>
    [Fact]
    public void ImagesBecomeRows()
    {
        var emitted = new Emitted(
            """
            [SparseModel]
            public sealed partial class Net
            {
                [Conv2d(1, 4)] public partial Conv2d Stem { get; }
                [Conv2d(4, 4, Padding = 1)] public partial Conv2d Body { get; }
                Activation Forward([Input(1, 8, 8)] Activation x) => x.Through(Stem).Apply(Same).Through(Body);
                [Operation(Gradient = nameof(SameGradient))] private static void Same(PanelRows x, PanelRows y) { }
                private static void SameGradient(PanelRows x, PanelRows y, PanelRows dy, PanelRows dx) { }
            }
            """);

        Assert.Contains("SamePass.Forward(in pass, ref h3, 144, ref h4, 144);", emitted["Net"], StringComparison.Ordinal);
        Assert.Contains("h3 = h2, as rows", emitted["Net"], StringComparison.Ordinal);
        Assert.Contains("h5 = h4, as an image", emitted["Net"], StringComparison.Ordinal);
    }

    [Fact]
    public void NestedModelsAndVariantsCallWhatTheModelHas()
    {
        var emitted = new Emitted(
            Operations + Class("Inner", "x.Through(Stem).Apply(Swish).Apply(Pairs, x).Through(Head)") +
            """
            [SparseModel(VariantOf = typeof(Inner))] public sealed partial class Other;
            [SparseModel] public sealed partial class Outer
            {
                public partial Inner First { get; }
                Activation Forward([Input(8)] Activation x) => x.Through(First).Apply(Maths.Swish);
            }
            """);

        Assert.Contains("internal static class SwishPass", emitted["Inner"], StringComparison.Ordinal);
        Assert.DoesNotContain("ForwardOperations\n", emitted["Other"], StringComparison.Ordinal);
        Assert.Contains(
            "global::Inner.ForwardOperations.SwishPass.Forward(in pass, ref h1, ref h2, 8);", emitted["Other"], StringComparison.Ordinal);
        Assert.Contains(
            "global::Inner.ForwardOperations.PairsPass.Forward(in pass, ref h2, 8, ref input, 8, ref h3, 12);", emitted["Outer"],
            StringComparison.Ordinal);
        Assert.Contains(
            "global::Outer.ForwardOperations.SwishPass.Forward(in pass, ref h4, ref output, 3);", emitted["Outer"],
            StringComparison.Ordinal);
        Assert.Contains("results[i] = global::Maths.Swish(operands[i]);", emitted["Outer"], StringComparison.Ordinal);
    }

    [Fact]
    public void NamesMayBeTaken() => _ = new Emitted(
        """
        namespace Samples.@event;

        [SparseModel] public sealed partial class Net
        {
            [Linear(8, 8)] public partial Linear Stem { get; }
            Activation Forward([Input(8)] Activation x) => x.Through(Stem).Apply(@class).Apply(ForwardPass).Apply(ForwardOperations.@class);
            [Operation(Gradient = nameof(@int))] static float @class(float x) => x;
            static float @int(float x, float y, float dy) => dy;
            [Operation(Gradient = nameof(@int))] static float ForwardPass(float x) => x;
            internal static class ForwardOperations
            {
                [Operation(Gradient = nameof(@int))] internal static float @class(float x) => x;
                internal static float @int(float x, float y, float dy) => dy;
            }
        }
        """);

    /// <summary>Neighbours still fuse, gradients of all operands come from one call, and memory takes those that nobody needs.</summary>
    [Fact]
    public void BackwardCalls()
    {
        AssertBackward(
            "x.Through(Stem).Relu().Apply(Swish).Relu().Apply(Pairs, x).Through(Head)",
            "dh4 = transpose(Head) dOutput: 3 -> 12, dense",
            "dh3, unused4 = PairsGradient(h3, input, h4, dh4)",
            "dh2 = dh3 * relu'(h3)",
            "dh1 = SwishGradient(h1, h2, dh2)",
            "dz1 = dh1 * relu'(h1)");
        AssertBackward(
            "x.Through(Stem).Apply(Pairs, x.Through(Stem)).Through(Head)",
            "dh3 = transpose(Head) dOutput: 3 -> 12, dense",
            "dh1, dh2 = PairsGradient(h1, h2, h3, dh3)");
    }

    /// <summary>A value that is both operands has one gradient, to which the call adds twice.</summary>
    [Fact]
    public void SharedOperands()
    {
        var plan = Plan("{ var h = x.Through(Stem); return h.Apply(Pairs, h).Through(Head); }");
        Assert.Equal(
            ["dh2 = transpose(Head) dOutput: 3 -> 12, dense", "dh1, dh1 (added) = PairsGradient(h1, h1, h2, dh2)"],
            plan.Training.Backward.Select(call => call.Comment));
    }

    /// <summary>With the gradient of the input, which other frameworks may ask for.</summary>
    [Fact]
    public void InputGradients()
    {
        var model = ModelReading.Read(Operations + Class("Net", "x.Apply(Swish).Apply(Pairs, x.Through(Stem)).Through(Head)"));
        var plan = ModelPlanner.Plan(model, inputGradient: true);

        var joint = plan.Training.Backward.Single(call => call.Comment.Contains("PairsGradient"));
        Assert.False(joint.IsForInput);
        Assert.True(plan.Training.Backward.Single(call => call.Comment.Contains("SwishGradient")).IsForInput);
        _ = new Emitted(
            new TestProject { MoreReferences = [TestProject.TorchSharp] },
            Operations + Class("Net", "x.Apply(Swish).Apply(Pairs, x.Through(Stem)).Through(Head)"));
    }

    private static void AssertBackward(string value, params string[] expected) =>
        Assert.Equal(expected, Plan($"=> {value};").Training.Backward.Select(call => call.Comment));

    private static ModelPlan Plan(string body) => ModelPlanner.Plan(ModelReading.Read(Operations + Class("Net", body)));

    private static string Class(string name, string value) =>
        $$"""

        [SparseModel] public sealed partial class {{name}}
        {
            [Linear(8, 8)] public partial Linear Stem { get; }
            [Linear(12, 3)] public partial Linear Head { get; }
            Activation Forward([Input(8)] Activation x) {{(value[0] is '{' or '=' ? value : $"=> {value};")}}
            {{Members}}
        }

        """;
}
