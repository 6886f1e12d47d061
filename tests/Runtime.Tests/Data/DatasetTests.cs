namespace SparseSharp.Runtime.Tests.Data;

public class DatasetTests
{
    private static Dataset Labelled(int count, int features = 3) => new(
        Enumerable.Range(0, count * features).Select(i => (float)i).ToArray(), features,
        Enumerable.Range(0, count).Select(i => i % 4).ToArray());

    private static Dataset Valued(int count) => new(
        Enumerable.Range(0, count * 2).Select(i => (float)i).ToArray(), 2, Enumerable.Range(0, count * 3).Select(i => -(float)i).ToArray(),
        3);

    [Fact]
    public void Knows_its_samples_and_classes()
    {
        var data = Labelled(10);
        Assert.Equal((10, 3, 0, 4), (data.Count, data.Features, data.TargetFeatures, data.Classes));
        Assert.Equal([6f, 7, 8], data.Input(2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Input(10).Length);
        var values = Valued(4);
        Assert.Equal((4, 2, 3, 0), (values.Count, values.Features, values.TargetFeatures, values.Classes));
        Assert.True(values.Labels.IsEmpty);
    }

    [Theory]
    [InlineData(0, 0, "0 input values")]
    [InlineData(7, 2, "7 input values")]
    [InlineData(6, 3, "2 samples of 3 features, but 3 labels")]
    public void Lengths_that_do_not_fit_are_named(int values, int labels, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new Dataset(new float[values], 3, new int[labels]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new Dataset(new float[6], 3, new float[3], 2));
        Assert.Contains("4 target values", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new float[6], 3, new float[3], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new float[6], 0, new int[3]));
    }

    [Theory]
    [InlineData(float.NaN, "Sample 1 has the feature 2 = NaN")]
    [InlineData(float.PositiveInfinity, "Sample 1 has the feature 2 = Infinity")]
    public void A_value_that_is_not_finite_is_named(float value, string message)
    {
        var inputs = new float[9];
        inputs[5] = value;
        Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => new Dataset(inputs, 3, new int[3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_label_is_named() =>
        Assert.Contains(
            "Sample 1 has the label -1", Assert.Throws<ArgumentException>(() => new Dataset(new float[4], 2, new[] { 0, -1 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Slices_keep_inputs_labels_and_classes()
    {
        var part = Labelled(10).Slice(4, 2);
        Assert.Equal([12f, 13, 14, 15, 16, 17], part.Inputs.ToArray());
        Assert.Equal([0, 1], part.Labels.ToArray());
        Assert.Equal(4, part.Classes);
        Assert.Equal([-9f, -10, -11], Valued(5).Slice(2, 2).Slice(1, 1).Targets.ToArray());
        Assert.Equal(10, Labelled(10).Take(99).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Labelled(10).Slice(9, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Labelled(10).Take(0));
    }

    [Theory]
    [InlineData(0.7, 7)]
    [InlineData(0.999, 9)]
    [InlineData(0.001, 1)]
    public void A_split_holds_every_sample_once(double fraction, int expected)
    {
        var (first, second) = Labelled(10).Split(fraction, seed: 5);
        Assert.Equal(expected, first.Count);
        var all = first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (float)i), all);
        for (var i = 0; i < first.Count; i++)
            Assert.Equal((int)(first.Input(i)[0] / 3) % 4, first.Labels[i]);
    }

    [Fact]
    public void A_split_depends_on_the_seed()
    {
        Assert.Equal(Valued(50).Split(0.5, 1).First.Targets.ToArray(), Valued(50).Split(0.5, 1).First.Targets.ToArray());
        Assert.NotEqual(Valued(50).Split(0.5, 1).First.Targets.ToArray(), Valued(50).Split(0.5, 2).First.Targets.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Labelled(10).Split(1, 1));
        Assert.Throws<InvalidOperationException>(() => Labelled(1).Split(0.5, 1));
    }

    [Fact]
    public void Standardize_gives_figures_that_serve_other_data()
    {
        var data = new Dataset(new float[] { 1, 3, 5, 7 }, 2, new int[2]);
        var (standard, mean, deviation) = data.Standardize();
        Assert.Equal(4, mean);
        Assert.Equal((float)Math.Sqrt(5), deviation);
        Assert.Equal(data.Normalize(mean, deviation).Inputs.ToArray(), standard.Inputs.ToArray());
        Assert.Equal((1 - 4) / (float)Math.Sqrt(5), standard.Inputs[0]);
        Assert.Equal([1f, 3, 5, 7], data.Inputs.ToArray());
        Assert.Throws<InvalidOperationException>(() => new Dataset(new float[4], 2, new int[2]).Standardize());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Normalize(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Normalize(float.NaN, 1));
    }
}
