using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using Xunit.Abstractions;

namespace SparseSharp.Generator.Tests.Robustness;

/// <summary>Models that are larger than anyone would write by hand: work and text grow with the number of layers, not faster.</summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    /// <summary>
    /// A declaration, a construction, a property, a disposal and three passes with a note each are some 70 lines for a layer with an
    /// operation behind it.
    /// </summary>
    private const int MostLinesPerLayer = 100;

    [Fact]
    public void A_class_of_500_layers()
    {
        var source = new StringBuilder("[SparseModel] partial class Deep { Activation Forward([Input(64)] Activation x) { ");
        for (var layer = 0; layer < 500; layer++)
            source.Append($"x = x + x.Through(L{layer}).Relu(); ");
        source.Append("return x; } ");
        for (var layer = 0; layer < 500; layer++)
            source.Append($"[Linear(64, 64), NMSparse(2, 4)] public partial Linear L{layer} {{ get; }} ");
        AssertGrowsWithLayers(source.Append('}').ToString(), "Deep.g.cs", 500);
    }

    [Fact]
    public void Two_members_at_each_of_eleven_levels()
    {
        var source = new StringBuilder("[SparseModel] partial class Level0 { [Linear(4, 4)] public partial Linear Only { get; } Activation "
            + "Forward([Input(4)] Activation x) => x.Through(Only); } ");
        for (var level = 1; level <= 11; level++)
            source.Append($"[SparseModel] partial class Level{level} {{ public partial Level{level - 1} Left {{ get; }} public partial "
                + $"Level{level - 1} Right {{ get; }} Activation Forward([Input(4)] Activation x) => x.Through(Left).Through(Right); }} ");
        AssertGrowsWithLayers(source.ToString(), "Level11.g.cs", 2048);
    }

    private void AssertGrowsWithLayers(string source, string file, int layers)
    {
        var project = new TestProject();
        var compilation = project.Compile(source);
        var clock = Stopwatch.StartNew();
        var result = project.Driver().RunGenerators(compilation).GetRunResult().Results.Single();
        var elapsed = clock.Elapsed;
        Assert.Null(result.Exception);
        var text = result.GeneratedSources.Single(generated => generated.HintName == file).SourceText;
        output.WriteLine($"{layers} layers: {text.Lines.Count} lines, {text.Length} characters, {elapsed.TotalSeconds:0.00} s");
        foreach (var (key, value) in result.TrackedSteps)
            output.WriteLine($"    {key}: {value.Sum(step => step.ElapsedTime.TotalMilliseconds):0} ms");
        Assert.DoesNotContain("has errors", text.ToString());
        Assert.InRange(text.Lines.Count, layers, MostLinesPerLayer * layers);
    }
}
