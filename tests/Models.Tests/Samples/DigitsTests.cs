using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SparseSharp.Models.Tests.Samples;

/// <summary>The sample as its users meet it: options, files, exit codes and figures.</summary>
public sealed class DigitsTests
{
    [Fact]
    public async Task A_run_compares_two_models_and_reports_figures()
    {
        using var data = new IdxDirectory(trainImages: 2000, testImages: 300);
        var json = data.File("figures.json");

        var run = await DigitsProcess.RunAsync(
            "--data", data.Path, "--hidden", "256", "--epochs", "4", "--batch", "32", "--threads", "2", "--seed", "3", "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("784-256-256-10", run.Output);
        Assert.DoesNotContain("log10 masks of 64", run.Output);
        // The models take turns, so that neither has a quiet machine for itself.
        Assert.Equal(
            [.. from epoch in Enumerable.Range(
                1, 4) from title in (string[])["dense", "2:4 transposable"] select $"{title}: epoch {epoch}/4"],
            Regex.Matches(run.Output, @"^.+: epoch \d/4", RegexOptions.Multiline).Select(match => match.Value));
        Assert.Contains("dense: saved and read back, all predictions agree bit for bit.", run.Output);
        Assert.Contains("2:4 transposable: saved and read back, all predictions agree bit for bit.", run.Output);
        var runs = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("runs");
        Assert.Equal(["dense", "nm"], runs.EnumerateArray().Select(model => model.GetProperty("model").GetString()));
        var (dense, sparse) = (runs[0], runs[1]);
        foreach (var model in (JsonElement[])[dense, sparse])
        {
            Assert.Equal(3, Number(model, "seed"));
            Assert.InRange(Number(model, "test_accuracy"), 0.7, 1);
            Assert.True(Number(model, "seconds_per_epoch") > 0);
            Assert.True(Number(model, "inference_per_second") > 0);
        }
        Assert.Equal(1, Number(dense, "density"));
        Assert.Equal(((0.5 * 256 * (784 + 256)) + (10 * 256)) / ((256 * (784 + 256)) + (10 * 256)), Number(sparse, "density"), 1e-12);
        Assert.InRange(Number(sparse, "file_bytes") / Number(dense, "file_bytes"), 0.5, 0.6);
        Assert.DoesNotContain(Directory.GetFiles(data.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdaPrune_adds_two_models_without_training()
    {
        using var data = new IdxDirectory(trainImages: 2000, testImages: 300);
        var json = data.File("figures.json");

        var run = await DigitsProcess.RunAsync(
            "--data", data.Path, "--hidden", "256", "--epochs", "4", "--batch", "32", "--adaprune", "--masks", "--pictures",
            data.File("pictures"), "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Stem, 2:4 transposable: error", run.Output);
        Assert.Contains("2:4 AdaPrune of dense against dense: accuracy", run.Output);
        var runs = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["dense", "nm", "nm-masked", "nm-adaprune"], runs.Select(model => model.GetProperty("model").GetString()));
        Assert.Equal(Number(runs[1], "density"), Number(runs[3], "density"));
        Assert.InRange(Number(runs[3], "test_accuracy"), Number(runs[0], "test_accuracy") - .03, 1);
        Assert.False(runs[3].TryGetProperty("seconds_per_epoch", out _));
        Assert.Matches(@"Stem +2:4 transposable +0\.500 +0\.\d+ +0\.703 +\d+\.\d+ % +7\.82", run.Output);
        AssertPictures(data.File("pictures"));
    }

    [Fact]
    public async Task Blocks_are_compared_in_one_table()
    {
        using var data = new IdxDirectory(trainImages: 600, testImages: 100);
        var json = data.File("figures.json");

        var run = await DigitsProcess.RunAsync(
            "--model", "blocks", "--data", data.Path, "--epochs", "1", "--batch", "100", "--masks", "--pictures", data.File("pictures"),
            "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        var runs = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(
            [
                "dense",
                .. from kind in (string[])["rbgp4", "uniform", "hierarchical", "learned"]
                   from sparsity in (string[])["75", "87.5", "93.75"]
                   select $"{kind}-{sparsity}",
            ],
            runs.Select(model => model.GetProperty("model").GetString()));
        // A quarter, an eighth and a sixteenth of the weights of two layers, and the rest.
        var rest = 1024 + 1024 + (10 * 1024) + 10;
        Assert.Equal(
            [.. new[] { 1, 4, 8, 16 }.Select(share => (1024.0 * (784 + 1024) / share) + rest)],
            runs.Take(4).Select(model => Number(model, "parameters")));
        Assert.InRange(Number(runs[1], "index_bytes"), 500, 4000);
        Assert.False(runs[0].TryGetProperty("index_bytes", out _));
        Assert.Contains("BSR 4x4", run.Output);
        Assert.Matches(
            @"Mixer says where its weights are in [\d,]+ bytes; as CSR it would take 528,388, as BSR of 4 x 4 33,796\.", run.Output);
        Assert.Contains("tiles that exist: 16x16/4", File.ReadAllText(Path.Combine(data.File("pictures"), "rbgp4-87.5-mixer.svg")));
    }

    [Theory]
    [InlineData("--hidden", "256", "are not compiled in with a width of 256")]
    [InlineData("--adaprune", "true", "goes with --model nm")]
    public async Task Blocks_come_in_one_width(string option, string value, string expected) =>
        AssertOneLine(await DigitsProcess.RunAsync("--model", "blocks", option, value), expected);

    [Fact]
    public async Task AutoSparse_reports_density_operations_and_curves()
    {
        using var data = new IdxDirectory(trainImages: 600, testImages: 100);
        var json = data.File("figures.json");

        var run = await DigitsProcess.RunAsync(
            "--model", "autosparse", "--data", data.Path, "--epochs", "3", "--batch", "50", "--pictures", data.File("pictures"), "--json",
            json);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(
            @"AutoSparse: epoch 3/3: [^:]*\n +Stem .* 0\.\d{3} .*, alpha 0\.000, threshold 0\.0\d+(, dense kernels)?\n", run.Output);
        Assert.Matches(
            @"AutoSparse, operations as AutoSparse counts them: inference 0\.\d+ of dense \(1/\d\.\d\), training 0\.\d+", run.Output);
        Assert.Contains("AutoSparse: saved and read back, all predictions agree bit for bit.", run.Output);
        Assert.Contains("learning rate 0.1,", run.Output);
        Assert.Matches(@"Learned: \d+\.\d % of the weights, which the training chose, are .* all of them\.", run.Output);
        var sparse = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("runs")[1];
        Assert.Equal("autosparse", sparse.GetProperty("model").GetString());
        Assert.InRange(Number(sparse, "density"), 0.02, 0.6);
        Assert.InRange(Number(sparse, "inference_operations"), 0.02, 0.6);
        Assert.InRange(Number(sparse, "training_operations"), 0.3, 0.9);
        var curves = XDocument.Load(Path.Combine(data.File("pictures"), "autosparse-curves.svg")).Root!;
        Assert.Equal(
            [3, 3, 3, 3],
            curves.Descendants(curves.Name.Namespace + "polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Length));
    }

    [Fact]
    public async Task Bfloat16_halves_files_and_changes_no_prediction_on_the_way()
    {
        using var data = new IdxDirectory(trainImages: 400, testImages: 100);
        var json = data.File("figures.json");

        var run =
            await DigitsProcess.RunAsync("--model", "bfloat16", "--data", data.Path, "--epochs", "1", "--batch", "50", "--json", json);

        Assert.True(run.ExitCode == 0, run.Error);
        foreach (var title in (string[])["dense, bfloat16", "2:4 transposable, bfloat16", "RBGP4 75 %, bfloat16"])
            Assert.Contains($"{title}: saved and read back, all predictions agree bit for bit.", run.Output);
        var runs = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("runs");
        Assert.Equal(
            ["dense", "dense-bfloat16", "nm-bfloat16", "rbgp4-75-bfloat16"],
            runs.EnumerateArray().Select(model => model.GetProperty("model").GetString()));
        Assert.InRange(Number(runs[1], "file_bytes") / Number(runs[0], "file_bytes"), 0.5, 0.51);
        Assert.InRange(Number(runs[3], "file_bytes") / Number(runs[0], "file_bytes"), 0.12, 0.14);
    }

    [Fact]
    public async Task Help_lists_every_option()
    {
        var run = await DigitsProcess.RunAsync("--help");

        Assert.Equal(0, run.ExitCode);
        foreach (var option in (string[])["--model", "--data", "--epochs", "--batch", "--lr", "--hidden", "--threads", "--seed", "--adaprune", "--masks", "--pictures", "--json"])
            Assert.Contains(option, run.Output);
    }

    [Theory]
    [InlineData("--hidden", "300", "256, 512, 1024, 2048")]
    [InlineData("--model", "dense", "not among nm, blocks, autosparse, bfloat16")]
    [InlineData("--epochs", "0", "whole number from 1")]
    [InlineData("--epochs", "2.5", "whole number from 1")]
    [InlineData("--lr", "NaN", "--lr")]
    [InlineData("--colour", "red", "--colour")]
    [InlineData("--json", "no such directory/figures.json", "no such directory")]
    [InlineData("--data", "no such directory", "there is no such directory")]
    public async Task A_bad_option_is_one_line_and_exit_code_2(string option, string value, string expected)
    {
        AssertOneLine(await DigitsProcess.RunAsync(option, value), expected);
    }

    [Fact]
    public async Task A_missing_file_is_one_line_and_exit_code_2()
    {
        using var data = new IdxDirectory(20, 10);
        File.Delete(data.File("t10k-labels-idx1-ubyte"));

        AssertOneLine(await DigitsProcess.RunAsync("--data", data.Path), "t10k-labels-idx1-ubyte");
    }

    [Fact]
    public async Task A_damaged_file_is_one_line_and_exit_code_2()
    {
        using var data = new IdxDirectory(20, 10);
        var images = data.File("train-images-idx3-ubyte");
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..^100]);

        AssertOneLine(await DigitsProcess.RunAsync("--data", data.Path), "truncated");
    }

    private static void AssertPictures(string directory)
    {
        var files = Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["nm-adaprune-mixer.svg", "nm-adaprune-stem.svg", "nm-masked-mixer.svg", "nm-masked-stem.svg", "nm-mixer.svg", "nm-stem.svg"],
            files);
        var file = Path.Combine(directory, "nm-stem.svg");
        Assert.InRange(new FileInfo(file).Length, 10_000, 200_000);
        var svg = XDocument.Load(file).Root!;
        var space = svg.Name.Namespace;
        Assert.Equal("http://www.w3.org/2000/svg", space.NamespaceName);
        Assert.Contains(svg.Elements(space + "text"), text => text.Value == "2:4 transposable, Stem: 256 x 784, 2:4 transposable");

        // Half of the 64 by 64 cells are drawn, each row of them as runs, and every block once.
        var paths = svg.Descendants(space + "path").Select(path => path.Attribute("d")!.Value).ToList();
        Assert.Equal(
            64 * 64 / 2, Regex.Matches(paths[0], @"h(\d+)v1").Sum(run => int.Parse(run.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(64 * 64, paths.Skip(1).Sum(path => Regex.Count(path, "z")));
        var lines = svg.Descendants(space + "polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Length);
        Assert.Equal([4, 4], lines);
    }

    private static void AssertOneLine(DigitsRun run, string expected)
    {
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error);
        Assert.Single(run.Error.TrimEnd('\r', '\n').Split('\n'));
    }

    private static double Number(JsonElement model, string name) => model.GetProperty(name).GetDouble();
}
