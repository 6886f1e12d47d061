using SparseSharp.Models.Tests.Convolutions;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Pruning;

namespace SparseSharp.Models.Tests.Pruning;

/// <summary>AdaPrune on convolutions.</summary>
public sealed class AdaPruneImageTests
{
    private const int Samples = 41;

    private static readonly float[] s_inputs = Values.Uniform(Samples * 8 * 7 * 6, seed: 9);

    /// <summary>All pixels: the reported error is that of the outputs, and the exact solution has the least.</summary>
    [Theory]
    [InlineData(AdaPruneSolver.LeastSquares)]
    [InlineData(AdaPruneSolver.Adam)]
    public void Errors_are_those_of_the_outputs(AdaPruneSolver solver)
    {
        using var dense = new ImageTeacher(seed: 2);
        using var sparse = new ImagePupil(seed: 3);
        var options = new AdaPruneOptions { Solver = solver, Iterations = 300 };
        var layer = Assert.Single(AdaPrune.Apply(dense, sparse, s_inputs, options).Layers);
        var (expected, actual) = (dense.Predict(s_inputs), sparse.Predict(s_inputs));
        var error = expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Average();
        Assert.Equal(error, layer.Final, 1e-3 * error);
        Assert.True(layer.Final < Math.Min(layer.Plain, layer.Absorbed), layer.ToString());
        Assert.True(layer.Final >= layer.LeastSquares * (1 - 1e-6), layer.ToString());
    }

    /// <summary>Some pixels of each sample, drawn by the seed.</summary>
    [Fact]
    public void Pixels_may_be_drawn()
    {
        using var dense = new ImageTeacher(seed: 2);
        using var sparse = new ImagePupil(seed: 3);
        var all = LayerInputs.Of(dense, dense.Body, s_inputs).Single().Chunk(72).Select(patch => string.Join(' ', patch)).ToHashSet();
        Assert.Equal(Samples * 4 * 3, all.Count);
        var some = LayerInputs.Of(dense, dense.Body, s_inputs, pixels: 3 * Samples, seed: 1).Single();
        Assert.Equal(3 * Samples * 72, some.Length);
        Assert.All(some.Chunk(72), patch => Assert.Contains(string.Join(' ', patch), all));
        Assert.Equal(some, LayerInputs.Of(dense, dense.Body, s_inputs, pixels: 3 * Samples, seed: 1).Single());
        Assert.NotEqual(some, LayerInputs.Of(dense, dense.Body, s_inputs, pixels: 3 * Samples, seed: 2).Single());
        Assert.Equal(Samples * 72, LayerInputs.Of(dense, dense.Body, s_inputs, pixels: 1).Single().Length);

        var report = AdaPrune.Apply(dense, sparse, s_inputs, new AdaPruneOptions { Pixels = 4 * Samples });
        Assert.True(report.Layers[0].Final < report.Layers[0].Plain);
    }

    [Fact]
    public void Groups_normalisation_and_layers_used_twice()
    {
        using var dense = new DeepImageTeacher(seed: 2);
        using var sparse = new DeepImagePupil(seed: 3);
        var report = AdaPrune.Apply(dense, sparse, s_inputs);
        Assert.Equal(["Stem", "Twice"], report.Layers.Select(layer => layer.Path));
        Assert.All(report.Layers, layer => Assert.True(layer.Final < layer.Plain && layer.Final > 0, layer.ToString()));
        Assert.Equal(dense.Head.Weight, sparse.Head.Weight);

        // The first layer alone, in double precision.
        var image = Images.Of(s_inputs, 8, 7, 6);
        var expected = new ImageReference([dense.Stem]).Convolve(dense.Stem, image).Values;
        var actual = new ImageReference([sparse.Stem]).Convolve(sparse.Stem, image).Values;
        var error = expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Average();
        Assert.Equal(error, report.Layers[0].Final, 1e-3 * error);
        var distances = dense.Predict(s_inputs).Zip(sparse.Predict(s_inputs), (a, b) => Math.Abs(a - b));
        Assert.True(distances.Average() < dense.Predict(s_inputs).Average(Math.Abs));
    }

    [Fact]
    public void Convolutions_have_to_be_alike()
    {
        using var dense = new ImageTeacher(seed: 2);
        using var other = new OtherWindow(seed: 3);
        Assert.Contains("they must be alike", Assert.Throws<ArgumentException>(() => AdaPrune.Apply(dense, other, s_inputs)).Message);
    }
}
