using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Incrementality;

/// <summary>When a class that was read before is read again, and that the generator never uses a stale one.</summary>
public sealed class ModelMemoTests
{
    private const string Model = """
        namespace App;
        [SparseModel]
        public partial class Net
        {
            [Linear(64, 128), NMSparse(2, 4, Policy = MaskPolicy.Static)] public partial Linear Stem { get; }
            public partial Block Last { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(Stem).Through(Last) * 0.5f;
        }
        """;

    private const string Nested = """
        namespace App;
        [SparseModel] public partial class Block
        {
            [Linear(128, 128)] public partial Linear Inner { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Inner);
        }
        """;

    private const string Other = "namespace App; public class Person { public int Age() => 1; }";

    private static readonly TestProject _project = new();

    [Theory]
    [InlineData("namespace App; public class Person { public int Age() => 2; }")]
    [InlineData("namespace App; public class Person { public int Age() => 1; public string Stem => \"\"; }")]
    [InlineData("namespace App; public class Person { } public class Company : Person { }")]
    [InlineData("namespace App; public class Trainer { public void Run(Net net, Linear layer) { var x = net.Stem; } }")]
    [InlineData("namespace App { class A { } } namespace App.More { enum B { C } delegate void D(); }")]
    [InlineData("")]
    public void AnEditThatCannotMatterIsNotReadAgain(string other) => Assert.True(IsRemembered(Model, Compile(Model, Nested, other)));

    [Theory]
    [InlineData("namespace App; class LinearAttribute(int a, int b) : Attribute { public int Sum = a + b; }")]
    [InlineData("namespace App; class Linear { }")]
    [InlineData("class Linear { }")]
    [InlineData("namespace App; delegate void Activation();")]
    [InlineData("namespace App.Linear; class Person { }")]
    [InlineData("namespace App; enum MaskPolicy { Static }")]
    [InlineData("namespace App; partial class Net { }")]
    [InlineData("namespace App; partial class Net : Exception { }")]
    [InlineData("namespace App; partial class Block { }")]
    [InlineData("global using Linear = System.Exception;")]
    [InlineData("global using System.Text;")]
    public void ANameThatMayMeanSomethingElseIsReadAgain(string other) => Assert.False(IsRemembered(Model, Compile(Model, Nested, other)));

    [Fact]
    public void TheFilesOfTheModelAreReadAgain()
    {
        Assert.False(IsRemembered(Model, Compile(Model + " ", Nested, Other)));
        Assert.False(IsRemembered(Model, Compile(Model, Nested.Replace("x.Through(Inner)", "x.Through(Inner).Relu()"), Other)));
        Assert.False(IsRemembered(Model, Compile(Model, "", Other)));
    }

    [Fact]
    public void OtherReferencesAndOptionsAreReadAgain()
    {
        var start = Compile(Model, Nested, Other);
        Assert.False(IsRemembered(Model, start.RemoveReferences(start.References.First()), start));
        Assert.False(IsRemembered(Model, start.WithOptions(start.Options.WithAllowUnsafe(true)), start));
        Assert.True(IsRemembered(Model, start, start));
    }

    [Theory]
    [InlineData("[Linear(64, 128)", "[Linear(Person.Width, 128)")]
    [InlineData("* 0.5f", "* Person.Scale")]
    [InlineData("class Net", "class Net : Person")]
    public void WhatDependsOnMoreIsNotRemembered(string before, string after)
    {
        const string Constants = "namespace App; public class Person { public const int Width = 64; public const float Scale = 2; }";
        var model = Model.Replace(before, after);
        var start = Compile(model, Nested, Constants);
        Assert.False(IsRemembered(model, start, start));
    }

    [Theory]
    [InlineData("Rbgp4Blocks(Sparsity = 0.75, Base = BaseGraph.Lift2)")]
    [InlineData("UniformBlocks(Sparsity = 0.75)")]
    public void AttributesOfOneKindOfBlocksAreRemembered(string attribute)
    {
        var model = Model.Replace("NMSparse(2, 4, Policy = MaskPolicy.Static)", attribute);
        var start = Compile(model, Nested, Other);
        Assert.True(IsRemembered(model, start, start));
    }

    [Theory]
    [InlineData("BlockSparse(RBGP4, Sparsity = 0.75)")]
    [InlineData("BlockSparse(BlockKind.RBGP4, Sparsity = 0.75, Base = BaseGraph.Lift2)")]
    [InlineData("BlockSparse(RBGP4, Factors = new[] { 16, 16, 2, 8, 1, 1, 1, 0, 1, 4 })")]
    [InlineData("BlockSparse(RBGP4, Factors = [16, 16, 2, 8, 1, 1, 1, 0, 1, 4])")]
    public void BlocksAreRemembered(string attribute)
    {
        var model = Model.Replace("NMSparse(2, 4, Policy = MaskPolicy.Static)", attribute);
        var start = Compile(model, Nested, Other);
        Assert.True(IsRemembered(model, start, start));
        Assert.False(IsRemembered(model, Compile(model, Nested, "namespace App; enum RBGP4 { A } enum BlockKind { RBGP4 }"), start));
    }

    [Theory]
    [InlineData("Uniform = BlockKind.RBGP4", "BlockSparse(Uniform, Sparsity = 0.75)")]
    [InlineData("Kind = BlockKind.RBGP4", "BlockSparse(Kind, Sparsity = 0.75)")]
    public void AConstantForAKindOfBlocksIsNotRemembered(string constant, string attribute)
    {
        var model = Model.Replace("NMSparse(2, 4, Policy = MaskPolicy.Static)", attribute).Replace(
            "public partial Block", $"private const BlockKind {constant}; public partial Block");
        var start = Compile(model, Nested, Other);
        Assert.False(IsRemembered(model, start, start));
    }

    [Fact]
    public void AChangeThatIsTakenBackIsReadAgainAsWell()
    {
        var memo = new ModelMemo();
        var start = Compile(Model, Nested, Other);
        Read(memo, start);
        Assert.Null(Find(memo, WithOther(start, "namespace App; class Linear { }")));
        Assert.Null(Find(memo, start));
    }

    /// <summary>The driver that remembers and a fresh one must print the same after each of these edits, one upon the other.</summary>
    [Fact]
    public void TheGeneratorNeverUsesAStaleModel()
    {
        string[] others =
        [
            Other,
            "namespace App; public class Person { public int Age() => 2; }",
            "namespace App; class Linear { }",
            Other,
            "namespace App; class NMSparseAttribute(int a, int b) : Attribute { public int Sum = a + b; public MaskPolicy Policy { get; "
                + "set; } }",
            "",
            "namespace App; class Person { } partial class Net { public void Dispose() { } }",
            "global using Linear = System.Exception;",
            "namespace App; partial class Block : Person { } class Person { }",
            Other,
        ];

        var compilation = Compile(Model, Nested, "");
        var driver = _project.Driver().RunGenerators(compilation);
        foreach (var other in others)
        {
            compilation = WithOther(compilation, other);
            driver = driver.RunGenerators(compilation);
            Assert.Equal(Sources(_project.Driver().RunGenerators(compilation)), Sources(driver));
        }

        Assert.Contains("App.Net.g.cs", Sources(driver).Keys);

        static Dictionary<string, string> Sources(GeneratorDriver driver) =>
            driver.GetRunResult().Results.Single().GeneratedSources.ToDictionary(
                source => source.HintName, source => source.SourceText.ToString());
    }

    private static CSharpCompilation Compile(string model, string nested, string other) => _project.Compile(model, nested, other);

    private static CSharpCompilation WithOther(CSharpCompilation compilation, string other)
    {
        var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == "Source2.cs");
        return compilation.ReplaceSyntaxTree(tree, _project.Parse(other, tree.FilePath));
    }

    /// <summary>Whether a model that was read in one project is still known in another, which shares the files that are equal.</summary>
    private static bool IsRemembered(string model, CSharpCompilation after, CSharpCompilation? before = null)
    {
        before ??= Compile(model, Nested, Other);
        foreach (var tree in after.SyntaxTrees)
        {
            var same = before.SyntaxTrees.SingleOrDefault(other => other.FilePath == tree.FilePath
                && other.IsEquivalentTo(tree)
                && other.Length == tree.Length);
            if (same is not null && same != tree)
                after = after.ReplaceSyntaxTree(tree, same);
        }

        // Two projects that are compiled one by one differ in their options; an edit keeps them.
        if (after.Options.Equals(before.Options) && after.ExternalReferences.SequenceEqual(before.ExternalReferences))
            after = before.RemoveAllSyntaxTrees().AddSyntaxTrees(after.SyntaxTrees);

        var memo = new ModelMemo();
        Read(memo, before);
        var known = Find(memo, after);
        return known is not null;
    }

    private static SyntaxNode DeclarationIn(CSharpCompilation compilation) =>
        compilation.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs")
            .GetRoot()
            .DescendantNodes()
            .OfType<ClassDeclarationSyntax>()
            .First();

    private static ModelSpec? Find(ModelMemo memo, CSharpCompilation compilation) => memo.Find(DeclarationIn(compilation), compilation);

    private static void Read(ModelMemo memo, CSharpCompilation compilation)
    {
        var scope = new ReadingScope(compilation, CancellationToken.None);
        Assert.Null(Find(memo, compilation));
        var model = ModelReader.Read(compilation.GetTypeByMetadataName("App.Net")!, scope, report: null);
        memo.Add(DeclarationIn(compilation), Assert.IsType<ModelSpec>(model), scope);
    }
}
