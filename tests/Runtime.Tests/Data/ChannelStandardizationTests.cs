namespace SparseSharp.Runtime.Tests.Data;

public class ChannelStandardizationTests
{
    private static float[] Apply(ChannelStandardization standardization, byte grey)
    {
        var shape = new ImageShape(standardization.Means.Length, 1, 1);
        var image = new byte[shape.Length];
        Array.Fill(image, grey);
        var result = new float[shape.Length];
        Dataset.FromBytes(image, shape, new int[1]).Transform(standardization).Read(0, result);
        return result;
    }

    private static void AssertGolden(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, actual[i], 1e-6f));
    }

    [Fact]
    public void Black_and_grey_have_the_known_values()
    {
        AssertGolden([-2.117904f, -2.035714f, -1.804444f], Apply(ChannelStandardization.ImageNet, 0));
        AssertGolden([-2.429066f, -2.418255f, -2.221393f], Apply(ChannelStandardization.Cifar10, 0));
        AssertGolden([.056940f, .187675f, .409063f], Apply(ChannelStandardization.ImageNet, 127));
        AssertGolden([.032819f, .079434f, .256414f], Apply(ChannelStandardization.Cifar10, 127));
        AssertGolden([-1], Apply(ChannelStandardization.Mnist, 0));
        AssertGolden([1], Apply(ChannelStandardization.Mnist, 255));
    }

    [Fact]
    public void The_values_of_a_training_set_give_each_channel_mean_0_and_deviation_1()
    {
        var random = new Random(1);
        var bytes = new byte[50 * 2 * 12];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i / 12 % 2 == 0 ? random.Next(100) : 150 + random.Next(50));
        var data = Dataset.FromBytes(bytes, new ImageShape(2, 3, 4), new int[50]);
        var standardization = ChannelStandardization.Of(data);
        var inputs = data.Transform(standardization).ToMemory().Inputs.ToArray();
        for (var channel = 0; channel < 2; channel++)
        {
            var values = inputs.Where((_, i) => i / 12 % 2 == channel).ToArray();
            Assert.Equal(0, values.Average(), 1e-4f);
            Assert.Equal(1, values.Average(value => value * value), 1e-4f);
        }
        Assert.NotEqual(standardization.Means[0], standardization.Means[1], 0.3f);
    }

    [Fact]
    public void What_cannot_be_standardised_is_refused()
    {
        Assert.Contains(
            "All values of channel 1 are 1",
            Assert.Throws<InvalidOperationException>(
                () => ChannelStandardization.Of(Dataset.FromBytes(new byte[] { 1, 2, 255, 255 }, new(2, 1, 2), new int[1]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ChannelStandardization.Of(new Dataset(new float[4], 2, new int[2])));
        Assert.Throws<ArgumentException>(() => new ChannelStandardization([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new ChannelStandardization([], []));
        Assert.Throws<ArgumentException>(() => new ChannelStandardization([float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new ChannelStandardization([0], [0]));
        Assert.Throws<ArgumentException>(() => new ChannelStandardization([0], [float.PositiveInfinity]));
        Assert.Contains(
            "3 channels, but the images are 1x28x28",
            Assert.Throws<ArgumentException>(
                () => SyntheticDigits.Generate(10, 1).Transform(ChannelStandardization.ImageNet)).Message,
            StringComparison.Ordinal);
    }
}
