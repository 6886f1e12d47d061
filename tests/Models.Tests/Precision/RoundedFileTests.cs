using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Precision;

/// <summary>Files between models in float32 and in bfloat16.</summary>
public sealed class RoundedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-bfloat16-").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Loading_float32_into_bfloat16_rounds_what_products_use_and_says_so()
    {
        using var full = new FullPlain(seed: 1);
        full.Save(PathOf("full"));
        using var rounded = RoundedPlain.Load(PathOf("full"), out var report);
        Assert.Equal(["Stem", "Mixer", "Last"], report.Rounded.Select(layer => layer.Path));
        Assert.All(report.Rounded, layer => Assert.InRange(layer.LargestChange, 0.003, 1 / 256.0));
        Assert.InRange(report.Rounded[1].Weights, 4000, 4096);
        Assert.StartsWith("Stem: ", $"{report}", StringComparison.Ordinal);
        Assert.Contains(" weights are rounded to bfloat16, by at most 0.39 %", $"{report}", StringComparison.Ordinal);
        // What learns is as in the file.
        Assert.Equal(Values.Bits(full.Mixer.Weight), Values.Bits(rounded.Mixer.Weight));
        var inUse = new float[64 * 64];
        rounded.Mixer.CopyEffectiveWeight(inUse);
        Assert.Equal(RoundedLayers.Rounded(full.Mixer.Weight), inUse);
    }

    [Fact]
    public void Loading_bfloat16_into_float32_widens()
    {
        using var rounded = new RoundedPlain(seed: 2);
        rounded.Save(PathOf("rounded"));
        using var full = new FullPlain(seed: 3);
        var report = full.LoadWeights(PathOf("rounded"));
        Assert.Empty(report.Rounded);
        Assert.Equal("All weights are as in the file.", $"{report}");
        Assert.Equal(RoundedLayers.Rounded(rounded.Last.Weight), full.Last.Weight.ToArray());
        Assert.Equal(Values.Bits(rounded.Head.Weight), Values.Bits(full.Head.Weight));
        Assert.InRange(new FileInfo(PathOf("rounded")).Length, 0, 2 * (784 + 64 + 64) * 64 + 4 * 10 * 64 + 4 * 210 + 2000);
    }

    [Fact]
    public void A_model_that_was_loaded_predicts_the_same_bits()
    {
        using var saved = new RoundedPlain(seed: 4);
        saved.Save(PathOf("again"));
        using var loaded = RoundedPlain.Load(PathOf("again"));
        var x = Values.Uniform(20 * 784, seed: 5);
        var (expected, actual) = (new float[200], new float[200]);
        saved.Predict(x, expected);
        loaded.Predict(x, actual);
        Assert.Equal(expected, actual);
        loaded.Save(PathOf("third"));
        Assert.Equal(File.ReadAllBytes(PathOf("again")), File.ReadAllBytes(PathOf("third")));
    }
}
