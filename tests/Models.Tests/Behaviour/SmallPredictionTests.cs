using SparseSharp.Models.Tests.Gradients;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Predictions of whole models for a few samples, whose values lie in another way than in panels.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Kernels")]
public sealed class SmallPredictionTests
{
    private const int Inputs = 784;
    private const int Outputs = 10;

    public static TheoryData<string> Models => GradientCases.Names;

    /// <summary>Every operation of a graph.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_few_samples_give_what_the_reference_does(string model)
    {
        for (var samples = 1; samples <= 9; samples++)
            GradientCases.Of(model).CheckPredictions(samples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Bits_are_the_same_for_any_number_of_threads(int samples)
    {
        using var model = new SparseDigits(seed: 2);
        var inputs = Values.Uniform(samples * Inputs, seed: 1);
        var expected = Predict(model, inputs, threads: 1);
        foreach (var threads in (int[])[2, 3])
            Assert.Equal(Values.Bits(expected), Values.Bits(Predict(model, inputs, threads)));
    }

    /// <summary>A stream of weights that was not made again would give what the weights before would.</summary>
    [Fact]
    public void Predictions_follow_a_training_step_new_weights_and_a_file()
    {
        using var model = new SparseDigits(seed: 2);
        AssertFollows(model);

        var trainer = new Trainer<SparseDigits>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.5f));
        var before = Predict(model, Values.Uniform(Inputs, seed: 1), threads: 2);
        var data = SyntheticDigits.Generate(256, seed: 1);
        foreach (var epoch in trainer.Fit(data, epochs: 1, batchSize: 128))
            Assert.True(epoch.Loss > 0);
        Assert.NotEqual(Values.Bits(before), Values.Bits(Predict(model, Values.Uniform(Inputs, seed: 1), threads: 2)));
        AssertFollows(model);

        model.Mixer.SetWeight(Values.Uniform(1024 * 1024, seed: 7));
        AssertFollows(model);
        model.Head.SetWeight(Values.Uniform(1024 * 10, seed: 8));
        AssertFollows(model);
        model.Mixer.SetMask(new SparseDigits(seed: 9).Mixer.Mask!);
        AssertFollows(model);
        model.Head.SetBias(Values.Uniform(10, seed: 9));
        AssertFollows(model);

        var file = Path.Combine(Directory.CreateTempSubdirectory("sparsesharp-").FullName, "net.safetensors");
        new SparseDigits(seed: 5).Save(file);
        using var loaded = SparseDigits.Load(file);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        AssertFollows(loaded);
    }

    [Fact]
    public void Predictions_allocate_nothing()
    {
        using var model = new SparseDigits(seed: 2);
        var (inputs, outputs) = (new float[3 * Inputs], new float[3 * Outputs]);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var call = 0; call < 10; call++)
                model.Predict(inputs, outputs);
        }));
    }

    /// <summary>What panels compute is right after all of these; what a stream does has to be the same but for rounding.</summary>
    private static void AssertFollows(SparseDigits model)
    {
        var inputs = Values.Uniform(16 * Inputs, seed: 3);
        double[] expected = [.. Predict(model, inputs, threads: 2).Select(value => (double)value)];
        Assert.InRange(Values.MaxError(expected.AsSpan(0, Outputs), Predict(model, inputs[..Inputs], threads: 2)), 0, 1e-5);
    }

    private static float[] Predict(SparseDigits model, float[] inputs, int threads)
    {
        using var count = new ThreadCount(threads);
        var outputs = new float[inputs.Length / Inputs * Outputs];
        model.Predict(inputs, outputs);
        return outputs;
    }
}
