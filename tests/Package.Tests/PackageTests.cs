using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SparseSharp.Package.Tests;

/// <summary>The package in the hands of someone who does not have this repository.</summary>
[Collection(CloneCollection.Name)]
public sealed partial class PackageTests(FreshClone clone)
{
    private const string Model = """
        [SparseModel, NMSparse(2, 4, Transposable = true)]
        public sealed partial class DigitNet
        {
            [Linear(784, 64)] public partial Linear Stem { get; }
            [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)] public partial Linear Mixer { get; }
            [Linear(64, 10), Dense] public partial Linear Head { get; }

            Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
        }
        """;

    private const string Training = """
        var (train, mean, deviation) = SyntheticDigits.Generate(2_000, seed: 1).Standardize();
        var model = new DigitNet(seed: 1);
        var trainer = new Trainer<DigitNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));
        foreach (var epoch in trainer.Fit(train, epochs: 4, batchSize: 64, validation: SyntheticDigits.Generate(500, seed: 2).Normalize(mean, deviation)))
            Console.WriteLine($"accuracy {epoch.Validation?.Accuracy:P1}, density {model.Stem.Density}");
        model.Save("digits.safetensors");
        using var loaded = DigitNet.Load("digits.safetensors");
        var (before, after) = (new float[10], new float[10]);
        model.Predict(train.Inputs[..784], before);
        loaded.Predict(train.Inputs[..784], after);
        Console.WriteLine(before.SequenceEqual(after) ? "the same predictions" : "other predictions");
        """;

    [Fact]
    public void It_holds_what_compiles_what_runs_and_what_explains()
    {
        Assert.Equal(
            [
                "README.md", "SparseSharp.nuspec", "analyzers/dotnet/cs/SparseSharp.CodeFixes.dll",
                "analyzers/dotnet/cs/SparseSharp.Generator.dll", "build/SparseSharp.props",
                "build/SparseSharp.targets", "buildTransitive/SparseSharp.targets", "icon.png",
                "lib/net10.0/SparseSharp.Attributes.dll", "lib/net10.0/SparseSharp.Attributes.xml", "lib/net10.0/SparseSharp.dll",
                "lib/net10.0/SparseSharp.xml",
            ],
            Files($"SparseSharp.{clone.Version}.nupkg"));
        Assert.Equal(
            ["SparseSharp.nuspec", "lib/net10.0/SparseSharp.Attributes.pdb", "lib/net10.0/SparseSharp.pdb"],
            Files($"SparseSharp.{clone.Version}.snupkg"));
    }

    [Fact]
    public void A_model_is_trained_saved_loaded_and_published()
    {
        var folder = clone.NewProject("Fresh", ("DigitNet.cs", Model), ("Program.cs", Training));
        clone.Machine.Dotnet(folder, "publish", "-c", "Release", "-o", "published");

        var output = clone.Machine.Dotnet(folder, Path.Combine("published", "Fresh.dll"));
        Assert.Matches(Accuracy(), output.Split('\n')[3]);
        Assert.Contains("density 0.5", output);
        Assert.Contains("the same predictions", output);
    }

    /// <summary>
    /// Nothing is found by reflection, so a trimmed program computes what the whole one does, and the trimmer has nothing to warn of.
    /// </summary>
    [SkippableFact]
    public async Task A_trimmed_program_predicts_the_same()
    {
        var sources = await Registry.ReachableAsync();
        Skip.If(sources.Count == 0, "The runtime of a self-contained program is a package of a registry, and none can be reached.");
        const string Predict = """
            var digits = SyntheticDigits.Generate(64, seed: 1);
            var model = new DigitNet(seed: 1);
            var trainer = new Trainer<DigitNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f));
            foreach (var epoch in trainer.Fit(digits, epochs: 2, batchSize: 16))
                model.Save("digits.safetensors");
            var outputs = new float[640];
            DigitNet.Load("digits.safetensors").Predict(digits.Inputs, outputs);
            Console.WriteLine(string.Join(' ', outputs.Select(BitConverter.SingleToInt32Bits)));
            """;
        var trimming = $"""
            <Project>
              <PropertyGroup>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>true</SelfContained>
                <PublishTrimmed>true</PublishTrimmed>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
              </PropertyGroup>
            </Project>
            """;
        var folder = clone.NewProject("Trimmed", ("DigitNet.cs", Model), ("Program.cs", Predict), ("Directory.Build.props", trimming));
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"<configuration><packageSources>{string.Concat(sources.Select((source, i) => $"<add key=\"{i}\" value=\"{source}\" />"))}</packageSources></configuration>");
        clone.Machine.Dotnet(folder, "publish", "-c", "Release", "-o", "published");
        var whole = Directory.GetFiles(Path.Combine(folder, "bin", "Release"), "Trimmed.dll", SearchOption.AllDirectories).Single();

        var trimmed = clone.Machine.Start(folder, Path.Combine(folder, "published", "Trimmed"));
        Assert.Equal(clone.Machine.Start(folder, Path.ChangeExtension(whole, null)), trimmed);
        Assert.Equal(640, trimmed.Split(' ').Length);
        Assert.True(
            new FileInfo(Path.Combine(folder, "published", "SparseSharp.dll")).Length < new FileInfo(
                Path.Combine(Path.GetDirectoryName(whole)!, "SparseSharp.dll")).Length);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_of_the_build()
    {
        var folder =
            clone.NewProject("Wrong", ("DigitNet.cs", Model.Replace("Linear(64, 10)", "Linear(65, 10)")), ("Program.cs", Training));
        var (exitCode, output) = clone.Machine.TryDotnet(folder, "build");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error SPS0026", output);
        Assert.DoesNotContain("error CS", output);
    }

    /// <summary>Nobody calls Forward, and the compiler's own analyzers say so of unused methods.</summary>
    [Fact]
    public void Nobody_says_that_Forward_is_unused()
    {
        var folder = clone.NewProject(
            "Silent",
            ("DigitNet.cs", Model),
            ("Program.cs", "Console.WriteLine(new DigitNet().Layers.Count + Called.Count);\ninternal static class Called { public const "
                + "int Count = 0; private static void NeverCalled() { } }"),
            (".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.IDE0051.severity = warning\n"));
        var output =
            clone.Machine.Dotnet(folder, "build", "-c", "Release", "-p:EnforceCodeStyleInBuild=true", "-p:TreatWarningsAsErrors=false");
        Assert.Contains("IDE0051", output);
        Assert.Contains("NeverCalled", output);
        Assert.DoesNotContain("Forward", output);
    }

    /// <summary>A link into the repository leads nowhere from a package.</summary>
    [Theory]
    [InlineData("SparseSharp")]
    [InlineData("SparseSharp.Templates")]
    public void The_links_of_its_readme_work_in_the_package(string package)
    {
        var file = $"{package}.{clone.Version}.nupkg";
        var page = PackagePage.Read(Path.Combine(clone.PackageFolder, file));
        Assert.All(page.Links, link => Assert.True(link.StartsWith("https://", StringComparison.Ordinal) || Files(file).Contains(link), link));
    }

    /// <summary>Tests type the one in the README of the repository.</summary>
    [Fact]
    public void The_first_model_of_its_readme_is_that_of_the_repository()
    {
        var program = PackagePage.Read(Path.Combine(clone.PackageFolder, $"SparseSharp.{clone.Version}.nupkg")).Programs[0];
        Assert.Contains(program, File.ReadAllText(FreshClone.ReadmePage));
    }

    private IEnumerable<string> Files(string package)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(clone.PackageFolder, package));
        string[] ofTheFormat = ["_rels/", "package/", "[Content_Types].xml"];
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !ofTheFormat.Any(name.StartsWith))
            .Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"accuracy ([5-9]\d|100)\.\d ?%")]
    private static partial Regex Accuracy();
}
