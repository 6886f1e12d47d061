using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Tests.Planning;

namespace SparseSharp.Generator.Tests.Layers;

/// <summary>Planning and emitting ask the spec of a kind: one without a matrix needs no line elsewhere.</summary>
public sealed class KindTests
{
    [Fact]
    public void AKindWithoutAMatrixIsPlannedAndPrinted()
    {
        var plan = ModelPlanner.Plan(Model());
        Assert.Empty(plan.Layers[1].Matrices);
        Assert.Equal(
            ["Dense", "StreamDense"], plan.Kernels.Select(kernel => kernel.Name.Replace("Kernel", "").Replace("Kernels", "")).Order());

        var code = ModelEmitter.Emit(plan);
        Assert.Contains("//   Norm        8        8  no    dense    -", code, StringComparison.Ordinal);
        Assert.Contains("new(\"Norm\", 8, 8, false, \"dense\", 1) { DenseFlops = 0 },", code, StringComparison.Ordinal);
        Assert.Contains("private readonly global::SparseSharp.Gains _norm;", code, StringComparison.Ordinal);
        Assert.Contains("_norm = new(8);", code, StringComparison.Ordinal);
        Assert.Contains("/// <summary>8 factors.</summary>", code, StringComparison.Ordinal);
        Assert.Contains("public partial global::SparseSharp.Gains Norm => _norm;", code, StringComparison.Ordinal);
        Assert.Contains("ElementwisePass.Gain(in pass, model._norm, ref h1, ref h2, 8);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void ItsVectorsAreParametersOfOtherFrameworks()
    {
        var code = TorchModuleEmitter.Emit(ModelPlanner.Plan(Model(), inputGradient: true));
        Assert.Contains("register_parameter(\"stem.weight\", _state.Parameters[0]);", code, StringComparison.Ordinal);
        Assert.Contains("register_parameter(\"stem.bias\", _state.Parameters[1]);", code, StringComparison.Ordinal);
        Assert.Contains("register_parameter(\"norm.weight\", _state.Parameters[2]);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void SpecsWithEqualValuesAreEqual()
    {
        Assert.Equal<KindSpec>(new GainsSpec(8), new GainsSpec(8));
        Assert.Equal<KindSpec>(new LinearSpec(new(8, 4), Bias: true), new LinearSpec(new(8, 4), Bias: true));
        Assert.NotEqual<KindSpec>(new LinearSpec(new(8, 4), Bias: true), new LinearSpec(new(8, 4), Bias: false));
        Assert.Equal(
            new LinearSpec(new(8, 4), Bias: true).Matrices[0],
            (new LinearSpec(new(4, 4), Bias: true) with { Matrix = new(8, 4) }).Matrices[0]);
    }

    /// <summary>The same gains twice, behind a product.</summary>
    private static Specs.ModelSpec Model()
    {
        var builder = new ModelSpecBuilder(4);
        var stem = builder.Layer("Stem", 4, 8);
        var norm = builder.Layer("Norm", new GainsSpec(8));
        var x = builder.Through(0, stem);
        builder.Through(builder.Through(x, norm), norm);
        return builder.Build();
    }
}
