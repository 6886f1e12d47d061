using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Diagnostics;

public sealed class SuppressionTests
{
    private const string Source = """
        [SparseModel] public partial class Net
        {
        #pragma warning disable SPS0009
            [Linear(8, 8)] public partial Linear Silent { get; }
        #pragma warning restore SPS0009
            [Linear(8, 8)] public partial Linear {|SPS0009:Reported|} { get; }
            Activation Forward([Input(8)] Activation x) => x.Relu();
        }
        """;

    [Fact]
    public Task APragmaSuppresses() => DiagnosticVerifier.VerifyAsync(Source);

    [Fact]
    public async Task EveryDiagnosticStandsInSource()
    {
        var project = new TestProject { Optimization = OptimizationLevel.Debug };
        var diagnostics = await DiagnosticVerifier.AnalyzeAsync(project.Compile(Markup.Parse(Source).Source));

        Assert.NotEmpty(diagnostics);
        Assert.All(diagnostics, diagnostic => Assert.True(diagnostic.Location.IsInSource));
    }
}
