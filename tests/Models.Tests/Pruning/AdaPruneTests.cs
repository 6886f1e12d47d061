using System.Numerics.Tensors;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Pruning;

namespace SparseSharp.Models.Tests.Pruning;

public sealed class AdaPruneTests
{
    private const int Features = 24;
    private const int Samples = 300;

    /// <summary>Inputs that are related to one another, as real ones are: mixtures of a few signals and a little noise.</summary>
    private static readonly float[] s_inputs = Related(Samples, 80);

    [Fact]
    public void Inputs_of_a_layer_are_what_the_model_computes()
    {
        using var model = Teacher.Create(5);
        Assert.Equal([model.Stem, model.Shared, model.Head], LayerInputs.Order(model));
        Assert.Equal(s_inputs, Assert.Single(LayerInputs.Of(model, model.Stem, s_inputs)));

        // The layer that is used twice: first on tanh of the stem, then on what it makes of that. Without dropout, whatever the model says.
        var first = new float[Samples * 32];
        model.Stem.Forward(s_inputs, first);
        TensorPrimitives.Tanh(first, first);
        var second = new float[Samples * 32];
        model.Shared.Forward(first, second);
        TensorPrimitives.Max(second, 0, second);
        var actual = Assert.Single(LayerInputs.Of(model, model.Shared, s_inputs));
        Assert.Equal(2 * first.Length, actual.Length);
        var halves = new[] { actual[..first.Length], actual[first.Length..] };
        Assert.Contains(halves, half => Near(first, half));
        Assert.Contains(halves, half => Near(second, half));

        // More samples than a pass takes.
        var many = Enumerable.Repeat(s_inputs, 5).SelectMany(values => values).ToArray();
        Assert.Equal(many, Assert.Single(LayerInputs.Of(model, model.Stem, many)));
    }

    [Theory]
    [InlineData(AdaPruneSolver.LeastSquares)]
    [InlineData(AdaPruneSolver.Adam)]
    public void Errors_fall_from_the_plain_mask_to_the_closed_form(AdaPruneSolver solver)
    {
        using var dense = Teacher.Create(6);
        using var sparse = Pupil.Create(7);
        var before = dense.Linears.Select(layer => layer.Weight.ToArray()).ToList();

        var report = AdaPrune.Apply(dense, sparse, s_inputs, new AdaPruneOptions { Solver = solver, Iterations = 400 });

        Assert.Equal(["Stem", "Shared", "Head"], report.Layers.Select(layer => layer.Path));
        Assert.Equal(["2:4 transposable", "4:8 transposable", "1:4"], report.Layers.Select(layer => $"{layer.Pattern}"));
        foreach (var layer in report.Layers)
        {
            Assert.True(layer.LeastSquares > 0);
            Assert.True(layer.Final < Math.Min(layer.Plain, layer.Absorbed), layer.ToString());
            Assert.True(layer.Final >= layer.LeastSquares * (1 - 1e-6), layer.ToString());
            Assert.Contains($"{layer.Path}, {layer.Pattern}: error", report.ToString());
        }
        if (solver == AdaPruneSolver.LeastSquares)
            Assert.All(report.Layers, layer => Assert.Equal(layer.LeastSquares, layer.Final));
        foreach (var (layer, weight) in dense.Linears.Zip(before))
            Assert.Equal(weight, layer.Weight);
        foreach (var (layer, weight) in sparse.Linears.Zip(before))
            Assert.Equal(0, layer.Mask!.Flips(Mask.Magnitude(weight, layer.Outputs, layer.Inputs, layer.NMPattern())));
    }

    /// <summary>The reported error against the outputs of the layers themselves.</summary>
    [Fact]
    public void The_final_error_is_that_of_the_layer()
    {
        using var dense = Teacher.Create(6);
        using var sparse = Pupil.Create(7);
        var report = AdaPrune.Apply(dense, sparse, s_inputs);
        var (expected, actual) = (new float[Samples * 32], new float[Samples * 32]);
        dense.Stem.Forward(s_inputs, expected);
        sparse.Stem.Forward(s_inputs, actual);
        var error = expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Average();
        Assert.Equal(error, report.Layers[0].Final, 1e-4 * error);
    }

    [Fact]
    public void The_pruned_model_predicts_closer_to_the_dense_one_than_a_plain_mask_does()
    {
        using var dense = Teacher.Create(6);
        using var masked = Pupil.Create(7);
        using var pruned = Pupil.Create(8);
        foreach (var (from, to) in dense.Linears.Zip(masked.Linears))
        {
            to.SetWeight(from.Weight);
            if (to.HasBias)
                to.SetBias(from.Bias);
        }
        AdaPrune.Apply(dense, pruned, s_inputs);
        var fresh = Related(200, 81);
        Assert.True(Distance(dense, pruned, fresh) < .5 * Distance(dense, masked, fresh));
    }

    [Fact]
    public void Layers_without_a_pattern_are_copied()
    {
        using var dense = TwoLayers.Create(3);
        using var copy = TwoLayers.Create(4);
        Assert.Empty(AdaPrune.Apply(dense, copy, s_inputs).Layers);
        foreach (var (from, to) in dense.Linears.Zip(copy.Linears))
        {
            Assert.Equal(from.Weight, to.Weight);
            Assert.Equal(from.Bias, to.Bias);
        }
    }

    [Fact]
    public void Keep_is_suggested_by_the_zeros_of_each_layer()
    {
        using var model = TwoLayers.Create(3);
        var weight = model.Stem.Weight.ToArray();
        for (var i = 0; i < weight.Length; i++)
            weight[i] = i % 10 == 0 ? weight[i] : 0;
        model.Stem.SetWeight(weight);
        var suggestions = AdaPrune.Suggest(model, 8);
        Assert.Equal(["Stem", "Head"], suggestions.Select(it => it.Path));
        Assert.Equal(.9, suggestions[0].Sparsity, 2);
        Assert.Equal([2, 8], suggestions.Select(it => it.Keep));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var dense = Teacher.Create(6);
        using var sparse = Pupil.Create(7);
        using var soft = OtherPupil.Create(7);
        using var two = TwoLayers.Create(7);
        using var stem = StemOnly.Create(7);
        Assert.Contains("Pupil.Head has the pattern 1:4", Message(() => AdaPrune.Apply(sparse, dense, s_inputs)));
        Assert.Contains("OtherPupil.Shared has the policy SoftThreshold", Message(() => AdaPrune.Apply(dense, soft, s_inputs)));
        Assert.Contains(
            "Teacher.Stem is 24 to 32 with a bias, TwoLayers.Stem is 24 to 16", Message(() => AdaPrune.Apply(dense, two, s_inputs)));
        Assert.Contains("StemOnly has no layer Head, but Teacher has", Message(() => AdaPrune.Apply(stem, dense, s_inputs)));
        Assert.Contains("StemOnly has no layer Head, but Teacher has", Message(() => AdaPrune.Apply(dense, stem, s_inputs)));
        Assert.Contains("takes 24 features each", Message(() => AdaPrune.Apply(dense, sparse, s_inputs.AsSpan(1))));
        Assert.Contains("takes 24 features each", Message(() => AdaPrune.Apply(dense, sparse, [])));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdaPrune.Apply(dense, sparse, s_inputs, new AdaPruneOptions { Iterations = 0 }));
        var damaged = (float[])s_inputs.Clone();
        damaged[(3 * Features) + 7] = float.NaN;
        Assert.Contains(
            "calibration input 3 holds NaN at feature 7",
            Assert.Throws<NotFiniteNumberException>(() => AdaPrune.Apply(dense, sparse, damaged)).Message);
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static bool Near(float[] expected, float[] actual) =>
        expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4f);

    private static double Distance(Teacher dense, Pupil sparse, float[] inputs)
    {
        var (expected, actual) = (new float[inputs.Length / Features * 5], new float[inputs.Length / Features * 5]);
        dense.Predict(inputs, expected);
        sparse.Predict(inputs, actual);
        return TensorPrimitives.Distance<float>(expected, actual);
    }

    private static float[] Related(int samples, int seed)
    {
        const int Signals = 6;
        var mixture = Values.Uniform(Signals * Features, 79);
        var (signals, noise) = (Values.Uniform(samples * Signals, seed), Values.Uniform(samples * Features, seed + 1000));
        var inputs = new float[samples * Features];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = .2f * noise[i];
            for (var signal = 0; signal < Signals; signal++)
                inputs[i] += signals[(i / Features * Signals) + signal] * mixture[(signal * Features) + (i % Features)];
        }
        return inputs;
    }
}
