using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0101 to 0104: operations of the user.</summary>
public sealed class OperationDiagnosticsTests
{
    private const string Gradients =
        """
        static float FGradient(float x, float y, float dy) => dy;
        static void FGradient(PanelRows x, PanelRows y, PanelRows dy, PanelRows dx) { }
        static void FGradient(PanelRows a, PanelRows b, PanelRows y, PanelRows dy, PanelRows da, PanelRows db) { }
        """;

    [Theory]
    [InlineData("static float F(float x) => x;", "x.Apply(F)")]
    [InlineData("static float F(float x) => x;", "x.Apply(Net.F)")]
    [InlineData("static float F(float x) => x;", "(x + 1).Relu().Apply((F))")]
    [InlineData("static void F(PanelRows x, PanelRows y) { }", "x.Apply(F)")]
    [InlineData("static void F(PanelRows a, PanelRows b, PanelRows y) { }", "x.Apply(F, x.Relu())")]
    [InlineData("public static float F(float x) => x;", "x.Apply(F).Apply(F)")]
    public Task AnOperationOfTheRightForm(string operation, string value) =>
        VerifyAsync(Net("[Operation(Gradient = nameof(FGradient))] " + operation, value));

    [Theory]
    [InlineData("float {|SPS0101:F|}(float x) => x;", "is not static")]
    [InlineData("static float {|SPS0101:F|}<T>(float x) => x;", "is generic")]
    [InlineData("static double {|SPS0101:F|}(float x) => x;", "returns 'double'")]
    [InlineData("static float {|SPS0101:F|}(double x) => 1;", "returns 'float' and takes 'double'")]
    [InlineData("static float {|SPS0101:F|}() => 1;", "returns 'float' and takes nothing")]
    [InlineData("static float {|SPS0101:F|}(float x, float y) => x;", "returns 'float' and takes 'float, float'")]
    [InlineData("static float {|SPS0101:F|}(in float x) => x;", "takes 'x' by reference")]
    [InlineData("static void {|SPS0101:F|}(PanelRows x) { }", "returns nothing and takes 'PanelRows'")]
    [InlineData("static void {|SPS0101:F|}(PanelRows x, float[] y) { }", "returns nothing and takes 'PanelRows, float[]'")]
    [InlineData("static PanelRows {|SPS0101:F|}(PanelRows x) => x;", "returns 'PanelRows'")]
    public async Task AMethodOfTheWrongForm(string operation, string fault)
    {
        var messages = await VerifyAsync(Net("[Operation(Gradient = nameof(FGradient))] " + operation, "x"));
        Assert.Equal(
            $"'F' cannot be an operation because it {fault}; its form is 'static float F(float x)' or 'static void F(PanelRows x, "
                + "PanelRows y)'",
            Assert.Single(messages));
    }

    /// <summary>Where a model applies the operation, that is not said again.</summary>
    [Fact]
    public Task AMethodOfTheWrongFormThatIsApplied() =>
        VerifyAsync(Net("[Operation(Gradient = nameof(FGradient))] static double {|SPS0101:F|}(float x) => x;", "x.Apply(F)"));

    [Fact]
    public async Task AnOperationThatGeneratedCodeCannotSee()
    {
        var messages = await VerifyAsync(
            """
            file static class Hidden
            {
                [Operation(Gradient = nameof(G))] public static float {|SPS0101:F|}(float x) => x;
                public static float G(float x, float y, float dy) => dy;
            }
            public static class Generic<T>
            {
                [Operation(Gradient = nameof(G))] public static float {|SPS0101:F|}(float x) => x;
                public static float G(float x, float y, float dy) => dy;
            }
            """);
        Assert.Contains("is in the file-local class 'Hidden', which generated code cannot see", messages[0]);
        Assert.Contains("is in the generic class 'Generic'", messages[1]);
    }

    [Theory]
    [InlineData("{|SPS0102:Operation|}", "", "is missing")]
    [InlineData("Operation(Gradient = {|SPS0102:null|})", "", "is missing")]
    [InlineData("Operation(Gradient = {|SPS0102:\"Other\"|})", "", "is 'Other', but 'Net' has no such method")]
    [InlineData("Operation(Gradient = {|SPS0102:nameof(G)|})", "float G(float x, float y, float dy) => dy;", "'G' is not static")]
    [InlineData("Operation(Gradient = {|SPS0102:nameof(G)|})", "static float G<T>(float x, float y, float dy) => dy;", "'G' is generic")]
    [InlineData(
        "Operation(Gradient = {|SPS0102:nameof(G)|})", "static double G(float x, float y, float dy) => dy;", "'G' returns 'double'")]
    [InlineData("Operation(Gradient = {|SPS0102:nameof(G)|})", "static float G(float x, float dy) => dy;", "'G' takes 'float, float'")]
    [InlineData(
        "Operation(Gradient = {|SPS0102:nameof(G)|})", "static float G(float x, float y, ref float dy) => dy;",
        "'G' takes 'dy' by reference")]
    public async Task AGradientOfTheWrongForm(string attribute, string gradient, string fault)
    {
        var messages = await VerifyAsync(Net($"[{attribute}] static float F(float x) => x; {gradient}", "x.Apply(F)"));
        var name = attribute.Contains("Other") ? "Other" : gradient.Length > 0 ? "G" : "FGradient";
        Assert.Equal(
            $"The gradient of operation 'F' {fault}; its form is 'static float {name}(float x, float y, float dy)'",
            Assert.Single(messages));
    }

    [Fact]
    public async Task AGradientOfRowsOfTheWrongForm()
    {
        var messages = await VerifyAsync(Net(
            """
            [Operation(Gradient = {|SPS0102:nameof(G)|})] static void F(PanelRows left, PanelRows right, PanelRows sum) { }
            static void G(PanelRows left, PanelRows right, PanelRows sum, PanelRows dsum, PanelRows dleft) { }
            """,
            "x.Apply(F, x)"));
        Assert.EndsWith(
            "its form is 'static void G(PanelRows left, PanelRows right, PanelRows sum, PanelRows dsum, PanelRows dleft, PanelRows "
                + "dright)'",
            Assert.Single(messages));
    }

    [Theory]
    [InlineData("Outputs = {|SPS0103:0|}", "static void F(PanelRows x, PanelRows y) { }", "is 0; give at least 1")]
    [InlineData("Outputs = {|SPS0103:-3|}", "static void F(PanelRows x, PanelRows y) { }", "is -3; give at least 1")]
    [InlineData("Outputs = {|SPS0103:4|}", "static float F(float x) => x;", "has no meaning for an operation on floats")]
    public async Task OutputsThatAreNotValid(string outputs, string operation, string fault)
    {
        var messages = await VerifyAsync(Net($"[Operation(Gradient = nameof(FGradient), {outputs})] {operation}", "x.Apply(F)"));
        Assert.StartsWith($"Outputs of operation 'F' {fault}", Assert.Single(messages));
    }

    [Theory]
    [InlineData("x.Apply({|SPS0104:(float v) => v|})", "an operation is a static method with [Operation], by its name")]
    [InlineData("x.Apply({|SPS0104:Plain|})", "'Plain' has no [Operation(Gradient = nameof(…))]")]
    [InlineData("x.Apply({|SPS0104:F|}, x)", "'F' has 1 operand, but is given 2")]
    [InlineData("x.Apply({|SPS0104:Both|})", "'Both' has 2 operands, but is given 1")]
    [InlineData("x.Apply({|SPS0104:Far.F|})", "its gradient 'G' is not accessible from 'Net'")]
    public async Task WhatCannotBeApplied(string value, string fault)
    {
        var operations =
            """
            static float Plain(float x) => x;
            [Operation(Gradient = nameof(FGradient))] static float F(float x) => x;
            [Operation(Gradient = nameof(FGradient))] static void Both(PanelRows a, PanelRows b, PanelRows y) { }
            """;
        var messages = await VerifyAsync(Net(operations, value) +
            """
            public static class Far
            {
                [Operation(Gradient = nameof(G))] public static float F(float x) => x;
                private static float G(float x, float y, float dy) => dy;
            }
            """);
        Assert.Equal($"Apply cannot use this: {fault}", Assert.Single(messages));
    }

    /// <summary>What an operation gives has its features, so a layer behind it is checked as usual.</summary>
    [Theory]
    [InlineData("x.Apply(F).Through({|SPS0026:Head|})")]
    [InlineData("x.Apply(Twelve).Through(Head)")]
    [InlineData("{|SPS0027:x.Apply(Twelve) + x|}")]
    [InlineData("x.Apply(F) + x")]
    public Task ShapesBehindAnOperation(string value)
    {
        var head = value.Contains("Head") ? "[Linear(12, 2)] public partial Linear Head { get; }" : "";
        return VerifyAsync(Net(
            $$"""
            {{head}}
            [Operation(Gradient = nameof(FGradient))] static float F(float x) => x;
            [Operation(Gradient = nameof(FGradient), Outputs = 12)] static void Twelve(PanelRows x, PanelRows y) { }
            """,
            value));
    }

    /// <summary>The operation is in a library: what is wrong with it was said there.</summary>
    [Fact]
    public async Task AFaultyOperationOfAnotherProject()
    {
        var library = new TestProject().Compile("public static class Far { [Operation] public static float F(float x) => x; }");
        using var image = new MemoryStream();
        Assert.True(library.WithAssemblyName("Library").Emit(image).Success);
        var project = new TestProject { MoreReferences = [MetadataReference.CreateFromImage(image.ToArray())] };

        var messages = await VerifyAsync(Net("", "x.Apply({|SPS0104:Far.F|})"), project);

        Assert.EndsWith("'F' has errors where it is declared", Assert.Single(messages));
    }

    private static string Net(string members, string value) =>
        $$"""
        [SparseModel] public partial class Net
        {
            Activation Forward([Input(8)] Activation x) => {{value}};
            {{Gradients}}
            {{members}}
        }
        """;
}
