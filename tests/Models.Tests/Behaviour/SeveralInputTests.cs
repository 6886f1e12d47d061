using SparseSharp.Models.Tests.Gradients;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Predictions of models with several inputs, from a span for each of them.</summary>
[Collection(AloneCollection.Name)]
public sealed class SeveralInputTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var threads in (int[])[1, 2, 3])
            {
                foreach (var batch in (int[])[1, 3, 8, 9, 17, 63, 65, 203])
                    data.Add(threads, batch);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Spans_give_the_bits_of_samples_that_hold_all_inputs(int threads, int batch)
    {
        using var count = new ThreadCount(threads);
        var (image, context, unused) = (Values.Uniform(batch * 12, 1), Values.Uniform(batch * 7, 2), Values.Uniform(batch * 2, 3));

        using var two = new TwoAndTwo(seed: 4);
        var apart = new float[batch * 11];
        two.Predict(image, context, apart);
        Assert.Equal(Values.Bits(two.Predict(Together((image, 12), (context, 7)))), Values.Bits(apart));

        using var three = new ThreeAndTwo(seed: 4);
        var (first, third) = (Values.Uniform(batch * 5, 5), Values.Uniform(batch * 8, 6));
        apart = new float[batch * 18];
        three.Predict(first, unused, third, apart);
        Assert.Equal(Values.Bits(three.Predict(Together((first, 5), (unused, 2), (third, 8)))), Values.Bits(apart));

        using var images = new ImageAndHints(seed: 4);
        var pixels = Values.Uniform(batch * 3 * 6 * 6, 7);
        apart = new float[batch * 5];
        images.Predict(context, pixels, apart);
        var inputs = Together((context, 7), (pixels, 108));
        Assert.Equal(Values.Bits(images.Predict(inputs)), Values.Bits(apart));
        Assert.Equal(images.PredictClasses(inputs), images.PredictClasses(context, pixels));
        Assert.Equal(images.PredictClass(inputs.AsSpan(0, 115)), images.PredictClass(context.AsSpan(0, 7), pixels.AsSpan(0, 108)));

        using var eight = new EightInputs(seed: 4);
        var parts = Enumerable.Range(0, 8).Select(part => Values.Uniform(batch * (part + 1), 8 + part)).ToArray();
        apart = new float[batch * 3];
        eight.Predict(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7], apart);
        var joined = Together([.. parts.Select((values, part) => (values, part + 1))]);
        Assert.Equal(Values.Bits(eight.Predict(joined)), Values.Bits(apart));
    }

    [Fact]
    public void Lengths_that_do_not_fit_name_the_input()
    {
        using var model = new ImageAndHints(seed: 4);
        var outputs = new float[2 * 5];
        AssertRefused(
            "11 values of input 'hints' are not a whole number of samples: ImageAndHints takes 7 features of this input each.", "hints",
            () => model.Predict(new float[11], new float[216], outputs));
        AssertRefused(
            "107 values of input 'image' are not a whole number of samples: ImageAndHints takes 108 features of this input each.", "image",
            () => model.Predict(new float[14], new float[107], outputs));
        AssertRefused(
            "Input 'image' has 3 samples, but input 'hints' has 2.", "image", () => model.PredictClasses(new float[14], new float[324]));
        AssertRefused(
            "The output span has 10 values; 3 samples need 3 x 5.", "outputs",
            () => model.Predict(new float[21], new float[324], outputs));
        AssertRefused(
            "Each input of ImageAndHints has 2 samples, not one. PredictClasses takes several samples.", "sample",
            () => model.PredictClass(new float[14], new float[216]));
        model.Predict([], [], []);
        Assert.Empty(model.PredictClasses([], []));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Predict_allocates_nothing(int batch)
    {
        using var model = new ImageAndHints(seed: 4);
        var (hints, image, outputs) = (new float[batch * 7], new float[batch * 108], new float[batch * 5]);
        Assert.Equal(0, AllocationTests.Allocated(WorkerPool.Shared, () => model.Predict(hints, image, outputs)));
    }

    [Fact]
    public void What_a_class_declares_itself_is_left_alone()
    {
        using var model = new OwnSpans(seed: 1);
        var outputs = new float[1];
        model.Predict([1f, 2f], [3f], outputs);
        Assert.Equal([2f], outputs);
        Assert.Equal(-3, model.PredictClass([1f, 2f], [3f]));
        Assert.Equal([1, 0], model.PredictClasses([1f, 2f], [3f, 4f, 5f, -6f]));
    }

    private static void AssertRefused(string message, string parameter, Action call)
    {
        var refused = Assert.Throws<ArgumentException>(call);
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(parameter, refused.ParamName);
    }

    /// <summary>All inputs of a sample one after the other.</summary>
    private static float[] Together(params (float[] Values, int Features)[] inputs)
    {
        var samples = inputs[0].Values.Length / inputs[0].Features;
        return [.. Enumerable.Range(0, samples)
            .SelectMany(sample => inputs.SelectMany(input => input.Values.Skip(sample * input.Features).Take(input.Features)))];
    }
}

[SparseModel]
internal sealed partial class ImageAndHints
{
    [Conv2d(3, 4, Kernel = 3, Padding = 1)]
    public partial Conv2d Stem { get; }

    [Linear(4, 5)]
    public partial Linear Head { get; }

    [Linear(7, 5)]
    public partial Linear Hint { get; }

    private Activation Forward([Input(7)] Activation hints, [Input(3, 6, 6)] Activation image) =>
        image.Through(Stem).Relu().GlobalAveragePool().Through(Head) + hints.Through(Hint);
}

/// <summary>As many inputs as there may be spans, with names that generated code uses for other things or cannot use.</summary>
[SparseModel]
internal sealed partial class EightInputs
{
    [Linear(36, 3)]
    public partial Linear Head { get; }

    private Activation Forward(
        [Input(1)] Activation @class,
        [Input(2)] Activation outputs,
        [Input(3)] Activation _outputs,
        [Input(4)] Activation _predictor,
        [Input(5)] Activation inputs,
        [Input(6)] Activation model,
        [Input(7)] Activation _,
        [Input(8)] Activation first) =>
        @class.Concat(outputs, _outputs, _predictor, inputs, model, _, first).Through(Head);
}

/// <summary>Has its own members in place of those that take a span per input.</summary>
[SparseModel]
internal sealed partial class OwnSpans
{
    public void Predict(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> outputs) => outputs[0] = x.Length;

    public int PredictClass(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => -x.Length - y.Length;

    private Activation Forward([Input(1)] Activation x, [Input(2)] Activation y) => x * y.Channels(1, 1);
}
