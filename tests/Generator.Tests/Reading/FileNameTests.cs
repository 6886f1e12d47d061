using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Reading;

/// <summary>Files of classes whose names differ too little. A name that is used twice stops the whole generator.</summary>
public sealed class FileNameTests
{
    private const string Body =
        "{ [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }";

    [Theory]
    [InlineData("[SparseModel] partial class Net BODY [SparseModel] partial class NET BODY")]
    [InlineData("namespace A { [SparseModel] partial class Net BODY } namespace a { [SparseModel] partial class Net BODY }")]
    [InlineData("namespace A { partial class Outer { [SparseModel] partial class Net BODY [SparseModel] partial class nEt BODY } } "
        + "namespace A.outer { [SparseModel] partial class Net BODY }")]
    [InlineData("namespace Net { [SparseModel] partial class Torch BODY } [SparseModel] partial class net BODY", true)]
    [InlineData("namespace SparseSharp { [SparseModel] partial class DenseKernel BODY [SparseModel] partial class blockOf4x4 BODY "
        + "[SparseModel] partial class Torch BODY }", true)]
    [InlineData("[SparseModel] partial class Net BODY [SparseModel] partial class nET { Activation Forward(Activation x) => x; }")]
    public void AllAreGenerated(string source, bool withTorch = false)
    {
        var project =
            new TestProject { Optimization = OptimizationLevel.Debug, MoreReferences = withTorch ? [TestProject.TorchSharp] : [] };
        var driver = project.Driver().RunGeneratorsAndUpdateCompilation(
            project.Compile(source.Replace("BODY", Body)), out var output, out var reported);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        Assert.Empty(reported);
        Assert.Empty(output.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        Assert.Equal(
            output.SyntaxTrees.Count(),
            output.SyntaxTrees.Select(tree => tree.FilePath).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("[SparseModel] partial class Net BODY [SparseModel] partial record Net BODY")]
    [InlineData("[SparseModel] partial class Net BODY [SparseModel] partial class Net<T> BODY [SparseModel] partial class net<T, U> BODY")]
    [InlineData("class A { [SparseModel] partial class Net BODY } namespace A { [SparseModel] partial class Net BODY }")]
    [InlineData("[SparseModel] partial class BODY [SparseModel] partial class BODY namespace N { [SparseModel] class BODY }")]
    [InlineData("namespace ( { [SparseModel] partial class Net BODY } [SparseModel] partial class Net BODY partial class { [SparseModel] "
        + "partial class Net BODY }")]
    [InlineData(
        "[SparseModel] partial class Net { [Linear(8, 4)] public partial ( Head { get; } [Linear(8, 4)] public partial Linear { get; } }")]
    [InlineData(
        "[SparseModel] partial class Net { public partial ( Mixer { get; } Activation Forward([Input(8)] Activation x) => x.Through(); }")]
    public void WhatIsNoProgramStopsNothing(string source)
    {
        var project = new TestProject();
        var driver =
            project.Driver().RunGenerators(project.Compile($"{source.Replace("BODY", Body)} [SparseModel] partial class Good {Body}"));
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Contains("Good.g.cs", result.GeneratedSources.Select(file => file.HintName));
    }
}
