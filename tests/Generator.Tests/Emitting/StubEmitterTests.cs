using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>
/// Classes with errors. The command-line compiler asks no analyzer while declarations have errors, so such a class has to be declared
/// completely for its real errors to be seen.
/// </summary>
public sealed class StubEmitterTests
{
    private const string Use = "static class Use { static void It() { using var net = new Net(seed: 3); net.Predict([1f], new float[1]); "
        + "net.Save(\"a\"); Net.Load(\"a\").LoadWeights(\"b\"); _ = net.Layers; _ = new Trainer<Net>(Net.Create(1), "
            + "Loss.SoftmaxCrossEntropy, new Sgd(1)); } }";

    [Theory]
    [InlineData("[Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(9)] Activation x) => x.Through(Head);")]
    [InlineData("[Linear(8, 4)] internal partial Linear Head { get; }")]
    [InlineData("[Linear(0, 4), NMSparse(5, 4)] private partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => "
        + "x.Through(Head);")]
    [InlineData("public partial Net Inner { get; } Activation Forward([Input(8)] Activation x) => x.Through(Inner);")]
    [InlineData("[Linear(8, 4)] public partial Linear? Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head!);")]
    [InlineData(
        "[Linear(8, 4)] public partial Linear @class { get; } Activation Forward([Input(8)] Activation x) => x.Through(@class) * x;")]
    [InlineData("public void Dispose() => DisposeLayers(); Activation Forward(Activation x) => x;")]
    [InlineData("Activation Forward([Input(0)] Activation x, [Input(2)] Activation y) => x; static void It(Net net) { net.Predict([1f], [2f], "
        + "new float[1]); _ = net.PredictClass([1f], [2f]) + net.PredictClasses([1f], [2f])[0]; }")]
    [InlineData("Activation Forward([Input(0)] Activation x, [Input(2)] Activation y) => x; void Predict(ReadOnlySpan<float> a, "
        + "ReadOnlySpan<float> b, Span<float> c) { }")]
    public void AClassWithErrorsIsDeclaredCompletely(string members)
    {
        foreach (var source in new[]
        {
            $"{Use} [SparseModel] partial class Net {{ {members} }}",
            $"using A; {Use} namespace A {{ [SparseModel] partial class Net {{ {members} }} }}",
            $"using static Outer; {Use} partial class Outer {{ [SparseModel] internal partial class Net {{ {members} }} }}",
        })
        {
            var project = new TestProject();
            project.Driver().RunGeneratorsAndUpdateCompilation(project.Compile(source), out var output, out _);
            Assert.Empty(output.GetDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found => found.ToString()));
        }
    }

    [Fact]
    public void NamesOfTheUserAreNotTakenTwice()
    {
        var project = new TestProject();
        var compilation = project.Compile("[SparseModel] partial class Net { public int Layers => 1; [Linear(8, 4)] partial Linear Head { "
            + "get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }");
        project.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        Assert.Empty(output.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
    }

    [Fact]
    public void Stub()
    {
        var project = new TestProject();
        var compilation = project.Compile("namespace Samples; [SparseModel] public partial class Net { [Linear(8, 4)] public partial "
            + "Linear Head { get; } Activation Forward([Input(9)] Activation x) => x.Through(Head); }");
        var source = project.Driver().RunGenerators(compilation).GetRunResult().Results.Single().GeneratedSources.Single();
        Snapshot.Match(source.SourceText.ToString(), "Samples.Net");
    }
}
