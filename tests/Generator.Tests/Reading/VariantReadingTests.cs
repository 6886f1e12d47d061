using SparseSharp.Generator.Modifiers.Bfloat16;
using SparseSharp.Generator.Modifiers.NMSparse;
using SparseSharp.Generator.Specs;
using SparseSharp.Generator.Tests.Emitting;
using SparseSharp.Generator.Tests.Incrementality;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Reading;

/// <summary>What a variant has from its model, and what it has of its own.</summary>
public sealed class VariantReadingTests
{
    private const string Net = """
        [SparseModel, NMSparse(1, 4), NMGradients(2, 4), Bfloat16] public partial class Net
        {
            [Linear(64, 32)] public partial Linear Stem { get; }
            [Linear(32, 32), NMSparse(4, 8)] internal partial Linear Mixer { get; }
            [Linear(32, 64), Dense] public partial Linear Head { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head) * Half;
            private const float Half = 0.5f;
        }

        """;

    [Theory]
    [InlineData("", "Variant;", "1:4 4:8 -")]
    [InlineData(", NMSparse(2, 4)", "Variant;", "2:4 4:8 -")]
    [InlineData(", Dense", "Variant;", "- 4:8 -")]
    [InlineData("", "Variant { [Dense] internal partial Linear Mixer { get; } }", "1:4 - -")]
    [InlineData(
        ", NMSparse(2, 4)", "Variant { internal partial Linear Mixer { get; } public partial Linear Head { get; } }", "2:4 2:4 2:4")]
    [InlineData("", "Variant { [NMSparse(1, 8)] public partial Linear Head { get; } }", "1:4 4:8 1:8")]
    public void AttributesOfTheVariantReplaceThoseOfItsModel(string attributes, string body, string patterns)
    {
        var model = Read(attributes, body);
        Assert.Equal(patterns, string.Join(
            " ",
            model.Layers.Select(layer => layer.Kind.Matrices[0].Find<NMSpec>() is { } groups ? $"{groups.Keep}:{groups.Group}" : "-")));
        Assert.All(model.Layers, layer => Assert.NotNull(layer.Kind.Matrices[0].Find<Bfloat16Spec>()));
    }

    [Fact]
    public void GraphAndShapesAreThoseOfTheModel()
    {
        var model = Read(", NMSparse(2, 4)", "Variant;");
        Assert.Equal("x | 1 = Stem(0) | 2 = Mixer(1) | 3 = Head(2) | 4 = Scale(3, 0.5)", ModelReading.Describe(model));
        Assert.Equal(["public", "internal", "public"], model.Layers.Select(layer => layer.Keywords));
    }

    /// <summary>Pruned gradients stay where only the sparsity is replaced, and go with [Dense].</summary>
    [Theory]
    [InlineData(", NMSparse(2, 4)", true)]
    [InlineData(", Dense", false)]
    public void EachKindOfAttributeStandsForItself(string attributes, bool prunesGradients) =>
        Assert.Equal(prunesGradients, Read(attributes, "Variant;").Layers[0].Kind.Matrices[0].Gradients is not null);

    /// <summary>The emitted class has the layers, so users reach them by their names.</summary>
    [Fact]
    public void AVariantCompilesAndHasTypedLayers()
    {
        var emitted = new Emitted(
            Net,
            """
            namespace Sub;
            [SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] public sealed partial class Variant
            {
                [Dense] internal partial Linear Mixer { get; }
                public static int Use() { using var model = new Variant(seed: 3); return model.Stem.Outputs + model.Mixer.Outputs + model.Head.Outputs; }
            }
            """);
        Assert.Contains("public global::SparseSharp.Linear Stem =>", emitted["Sub.Variant"]);
        Assert.Contains("internal partial global::SparseSharp.Linear Mixer =>", emitted["Sub.Variant"]);
        Assert.Contains("64 to 32 features", emitted.Documentation("Sub.Variant", "Stem"));
    }

    /// <summary>A variant is read again when its model changes, in whichever file that stands.</summary>
    [Fact]
    public void AnEditOfTheModelChangesTheVariant()
    {
        const string Variant = "[SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] public partial class Variant;";
        var run = new GeneratorRun(new TestProject(), Net, Variant);
        run.Edit(0, "x.Through(Stem)", "x.Through(Stem).Relu()");
        Assert.Contains("relu", run.Result.GeneratedSources.Single(source => source.HintName == "Variant.g.cs").SourceText.ToString());
    }

    private static ModelSpec Read(string attributes, string body) =>
        ModelReading.Read($"{Net}[SparseModel(VariantOf = typeof(Net)){attributes}] public sealed partial class {body}", "Variant");
}
