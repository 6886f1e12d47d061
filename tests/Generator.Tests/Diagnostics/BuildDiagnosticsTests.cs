using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0091 and 0092, and the mark that the generator adds to a Debug build.</summary>
public sealed class BuildDiagnosticsTests
{
    private const string Model = "[SparseModel] public partial class NAME { Activation Forward([Input(8)] Activation x) => x.Relu(); }";
    private const string Disabling = "[assembly: System.Diagnostics.Debuggable(System.Diagnostics.DebuggableAttribute.DebuggingModes.DisableOptimizations)]";
    private const string Harmless = "[assembly: System.Diagnostics.Debuggable(System.Diagnostics.DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints)]";

    private static readonly TestProject Debug = new() { Optimization = OptimizationLevel.Debug };

    [Fact]
    public Task AReleaseBuildIsQuiet() => VerifyMark("", "Net", new(), isAdded: false);

    [Fact]
    public Task ADebugBuildIsKeptFast() => VerifyMark("", "{|SPS0092:Net|}", Debug, isAdded: true);

    [Theory]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("true", true)]
    [InlineData("", true)]
    public Task UnlessItIsSwitchedOff(string value, bool isFast) => VerifyMark(
        "", isFast ? "{|SPS0092:Net|}" : "{|SPS0091:Net|}", Debug with { Properties = Property(value) }, isFast);

    [Theory]
    [InlineData(Disabling)]
    [InlineData("[assembly: System.Diagnostics.Debuggable(true, true)]")]
    public async Task AMarkOfTheUserThatDisablesOptimizationIsLeftAndReported(string mark)
    {
        await VerifyMark(mark, "{|SPS0091:Net|}", Debug, isAdded: false);
        await VerifyMark(mark, "{|SPS0091:Net|}", new(), isAdded: false);
    }

    [Theory]
    [InlineData(Harmless)]
    [InlineData("[assembly: System.Diagnostics.Debuggable(true, false)]")]
    public Task AMarkOfTheUserThatAllowsOptimizationIsQuiet(string mark) => VerifyMark(mark, "Net", Debug, isAdded: false);

    [Fact]
    public void WithoutAModelNothingIsAdded()
    {
        var driver = Debug.Driver().RunGenerators(Debug.Compile("class Plain { }"));
        Assert.Empty(driver.GetRunResult().GeneratedTrees);
    }

    [Fact]
    public async Task TheReasonIsInTheMessage()
    {
        var byMark = await VerifyAsync($"{Disabling} {Model.Replace("NAME", "{|SPS0091:Net|}")}", Debug);
        Assert.Contains("because the assembly is marked with a Debuggable attribute", Assert.Single(byMark));
        var bySetting = await VerifyAsync(Model.Replace("NAME", "{|SPS0091:Net|}"), Debug with { Properties = Property("false") });
        Assert.Contains("because this is a Debug build with <SparseSharpFastDebug>false", Assert.Single(bySetting));
    }

    private static ImmutableDictionary<string, string> Property(string value) =>
        ImmutableDictionary<string, string>.Empty.Add("SparseSharpFastDebug", value);

    private static async Task VerifyMark(string mark, string name, TestProject project, bool isAdded)
    {
        var source = $"{mark} {Model.Replace("NAME", name)}";
        await VerifyAsync(source, project);

        var compilation = project.Compile(Markup.Parse(source).Source);
        project.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        var added = output.SyntaxTrees.Where(tree => tree.FilePath.EndsWith("SparseSharp.FastDebug.g.cs", StringComparison.Ordinal));
        Assert.Equal(isAdded ? 1 : 0, added.Count());

        // What the compiler finally writes into the assembly is what the JIT looks at.
        if (isAdded)
            Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Location.SourceTree == added.Single()));
        var modes = output.Assembly.GetAttributes().Count(attribute => attribute.AttributeClass?.Name == "DebuggableAttribute");
        Assert.Equal(isAdded || mark.Length > 0 ? 1 : 0, modes);
    }
}
