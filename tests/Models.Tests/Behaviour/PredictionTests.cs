using System.Numerics.Tensors;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Predictions of whole models.</summary>
public sealed class PredictionTests
{
    private const int Inputs = 37;
    private const int Outputs = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(1000)]
    public void A_batch_gives_the_same_bits_as_its_samples_one_by_one(int batch)
    {
        using var model = new MixedPolicies(seed: 2);
        var inputs = Values.Uniform(batch * Inputs, seed: 1);
        var together = new float[batch * Outputs];
        model.Predict(inputs, together);
        var alone = new float[batch * Outputs];
        together.CopyTo(alone, 0);
        for (var s = 0; s < batch; s += 1 + (batch / 50))
            model.Predict(inputs.AsSpan(s * Inputs, Inputs), alone.AsSpan(s * Outputs, Outputs));
        Assert.Equal(Values.Bits(alone), Values.Bits(together));
        Assert.DoesNotContain(together, float.IsNaN);
    }

    [Fact]
    public void Calls_at_the_same_time_do_not_disturb_each_other()
    {
        using var model = new MixedPolicies(seed: 2);
        int[] batches = [1, 7, 64, 100, 130, 256];
        var inputs = batches.Select(batch => Values.Uniform(batch * Inputs, seed: batch)).ToArray();
        var expected = inputs.Select(input => Predict(model, input)).ToArray();
        var failures = 0;
        var callers = Enumerable.Range(0, 4).Select(caller => new Thread(() => Call(caller))).ToArray();
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Equal(0, failures);

        void Call(int caller)
        {
            for (var round = 0; round < 20; round++)
            {
                var which = (round + caller) % batches.Length;
                if (!Predict(model, inputs[which]).AsSpan().SequenceEqual(expected[which]))
                    Interlocked.Increment(ref failures);
            }
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named()
    {
        using var model = new MixedPolicies(seed: 2);
        var inputs = Assert.Throws<ArgumentException>(() => model.Predict(new float[38], new float[6]));
        Assert.StartsWith(
            "38 input values are not a whole number of samples: MixedPolicies takes 37 features each.", inputs.Message,
            StringComparison.Ordinal);
        Assert.Equal("inputs", inputs.ParamName);
        var outputs = Assert.Throws<ArgumentException>(() => model.Predict(new float[74], new float[13]));
        Assert.StartsWith("The output span has 13 values; 2 samples need 2 x 6.", outputs.Message, StringComparison.Ordinal);
        Assert.Equal("outputs", outputs.ParamName);
        Assert.Throws<ArgumentException>(() => model.Predict([], new float[6]));
    }

    [Fact]
    public void No_samples_are_an_empty_batch()
    {
        using var model = new MixedPolicies(seed: 2);
        model.Predict([], []);
    }

    [Fact]
    public void Tensors_predict_as_spans_do()
    {
        using var model = new MixedPolicies(seed: 2);
        var inputs = Values.Uniform(20 * Inputs, seed: 3);
        var outputs = new float[20 * Outputs];
        model.Predict(new ReadOnlyTensorSpan<float>(inputs, [20, Inputs]), new TensorSpan<float>(outputs, [20, Outputs]));
        Assert.Equal(Values.Bits(Predict(model, inputs)), Values.Bits(outputs));
    }

    [Fact]
    public void Tensors_of_a_wrong_shape_are_refused()
    {
        using var model = new MixedPolicies(seed: 2);
        var (inputs, outputs) = (new float[20 * Inputs], new float[20 * Outputs]);
        var batch = Assert.Throws<ArgumentException>(() => model.Predict(
            new ReadOnlyTensorSpan<float>(inputs, [20, Inputs]), new TensorSpan<float>(outputs, [19, Outputs])));
        Assert.Contains("the batch", batch.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Predict(
            new ReadOnlyTensorSpan<float>(inputs, [20, Inputs - 1]), new TensorSpan<float>(outputs, [20, Outputs])));
        var strided = Assert.Throws<ArgumentException>(() => model.Predict(
            new ReadOnlyTensorSpan<float>(inputs, [10, Inputs], [2 * Inputs, 1]), new TensorSpan<float>(outputs, [10, Outputs])));
        Assert.Contains("dense", strided.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_model_refuses_to_predict()
    {
        var model = new MixedPolicies(seed: 2);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Predict(new float[Inputs], new float[Outputs]));
    }

    private static float[] Predict(MixedPolicies model, float[] inputs)
    {
        var outputs = new float[inputs.Length / Inputs * Outputs];
        model.Predict(inputs, outputs);
        return outputs;
    }
}
