using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Tests.Planning;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Layers;

/// <summary>What is planned, printed and reported for classifiers whose projection does not learn.</summary>
public sealed class FixedClassifierKindTests
{
    [Fact]
    public void AClassifier()
    {
        var plan = ModelPlanner.Plan(Model(new FixedClassifierSpec(12, 5, IsRandom: false)), inputGradient: true);
        Assert.Equal(
            ["h1 = Layer0(input): 4 -> 12, dense", "projectedOutput = rows of Head times h1 / normsOutput, output = Head(h1): 12 -> 5"],
            Assert.Single(plan.Training.ForwardPhases).Calls.Select(call => call.Comment));
        Assert.Equal(
            [
                "rowsOutput = transpose(Head) dOutput / normsOutput, slopesOutput = products of dOutput with projectedOutput",
                "dh1 = rowsOutput - slopesOutput * h1", "dInput = transpose(Layer0) dh1: 12 -> 4, dense",
            ],
            Assert.Single(plan.Training.BackwardPhases).Calls.Select(call => call.Comment));
        var code = ModelEmitter.Emit(plan);
        Assert.Contains("_head = new(12, 5, false, seed, firstStream + 1);", code, StringComparison.Ordinal);
        Assert.Contains("new(\"Head\", 12, 5, true, \"dense\", 1) { DenseFlops = 36 },", code, StringComparison.Ordinal);
        Assert.Contains(
            "FixedProjectionPass.Forward(model._head, in pass, ref h1, ref normsOutput, ref projectedOutput, ref output);", code,
            StringComparison.Ordinal);
        Assert.Contains(
            "FixedProjectionPass.GradWeight(model._head, in batch, projectedOutput, dOutput, accumulate: batch.Accumulate);", code,
            StringComparison.Ordinal);
        var torch = TorchModuleEmitter.Emit(plan);
        Assert.Contains("register_parameter(\"head.scale\", _state.Parameters[2]);", torch, StringComparison.Ordinal);
        Assert.Contains("register_parameter(\"head.bias\", _state.Parameters[3]);", torch, StringComparison.Ordinal);
    }

    /// <summary>Values take as many rows as the transform has, whatever the features; random rows repeat nothing.</summary>
    [Fact]
    public void WhatSpecsSay()
    {
        var hadamard = new FixedClassifierSpec(2048, 1000, IsRandom: false);
        Assert.Equal((1024, 1024, 2048 + (1024 * 10)), (hadamard.ProjectedRows, hadamard.GradientRows, hadamard.DenseFlops));
        Assert.Equal("2048 features to 1000 classes by Hadamard rows that do not learn", hadamard.Shape);
        var random = new FixedClassifierSpec(512, 10, IsRandom: true);
        Assert.Equal((10, 512, 2 * 512 * 10), (random.ProjectedRows, random.GradientRows, random.DenseFlops));
        Assert.Equal("512 features to 10 classes by random orthonormal rows that do not learn", random.Shape);
        Assert.Equal("512, 10, true, seed, 7", random.Arguments(null!, new(_ => "", "seed", "7")));
        Assert.Equal(["scale", "bias"], random.Vectors);
        Assert.Empty(random.Matrices);
        Assert.Equal([1, 1, 2, 4, 1 << 30], new[] { 0, 1, 2, 3, int.MaxValue }.Select(FixedClassifierSpec.PowerOfTwo));
    }

    [Theory]
    [InlineData("FixedClassifier(64, 64)")]
    [InlineData("FixedClassifier(48, 64)", 48)]
    [InlineData("FixedClassifier(64, {|SPS0112:65|})")]
    [InlineData("FixedClassifier(64, {|SPS0112:65|}, Random = true)")]
    [InlineData("FixedClassifier(48, {|SPS0112:64|}, Random = true)", 48)]
    [InlineData("FixedClassifier({|SPS0008:0|}, 4)")]
    [InlineData("FixedClassifier(64, {|SPS0008:-1|})")]
    [InlineData("FixedClassifier(65536, {|SPS0008:65536|}, Random = true)")]
    public Task WhatMayBeWritten(string attribute, int features = 64) => VerifyAsync(Net(attribute, features));

    [Theory]
    [InlineData(
        "FixedClassifier(64, {|SPS0112:100|})",
        "Layer 'Head' has 100 classes, but class 64 has the row of class 0, because rows of 64 features repeat; use at most 64 classes, or "
            + "more features")]
    [InlineData(
        "FixedClassifier(64, {|SPS0112:100|}, Random = true)",
        "Layer 'Head' has 100 classes, but only 64 rows of 64 features can be orthonormal; use at most 64 classes, or more features")]
    public async Task TooManyClasses(string attribute, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Net(attribute, 64))));

    [Fact]
    public async Task OtherFeatures()
    {
        var messages = await VerifyAsync(Net("FixedClassifier(32, 10)", 64, "{|SPS0026:Head|}"));
        Assert.Contains("change [FixedClassifier(32, 10)] to [FixedClassifier(64, 10)]", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public Task SparsityHasNoEffect() => VerifyAsync(Net("FixedClassifier(64, 8), {|SPS0010:NMSparse(2, 4)|}", 64));

    private static Specs.ModelSpec Model(FixedClassifierSpec classifier)
    {
        var builder = new ModelSpecBuilder(4);
        builder.Through(builder.Linear(0, 12), builder.Layer("Head", classifier));
        return builder.Build();
    }

    private static string Net(string attribute, int features, string layer = "Head") =>
        $$"""
        [SparseModel] public partial class Net
        {
            [{{attribute}}] public partial FixedClassifier Head { get; }
            Activation Forward([Input({{features}})] Activation x) => x.Through({{layer}});
        }
        """;
}
