namespace SparseSharp.Runtime.Tests.Data;

/// <summary>Datasets of images that are read when they are needed.</summary>
public class ImageDatasetTests
{
    private static readonly ImageShape Shape = new(2, 2, 3);

    /// <summary>Adds a random number to each value.</summary>
    private static ImageTransform Noise => ImageTransform.From((_, image, random) =>
    {
        foreach (ref var value in image)
            value += random.Uniform();
    });

    private static byte[] Values(int count) => [.. Enumerable.Range(0, count * Shape.Length).Select(i => (byte)i)];

    private static int[] Numbers(int count) => [.. Enumerable.Range(0, count)];

    private static Dataset Bytes(int count) => Dataset.FromBytes(Values(count), Shape, Numbers(count));

    private static float[] Expected(int image) => [.. Values(image + 1).Skip(image * Shape.Length).Select(value => value / 255f)];

    private static float[] Sample(Dataset data, int sample)
    {
        var features = new float[data.Features];
        data.Read(sample, features);
        return features;
    }

    [Fact]
    public void A_shape_has_no_empty_side()
    {
        Assert.Equal(("2x2x3", 6, 12), (Shape.ToString(), Shape.Plane, Shape.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageShape(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageShape(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageShape(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageShape(3, 40_000, 40_000));
    }

    [Fact]
    public void Bytes_become_features_from_zero_to_one()
    {
        var data = Bytes(20);
        Assert.Equal((20, 12, 20, false), (data.Count, data.Features, data.Classes, data.IsInMemory));
        Assert.Equal(Shape, data.ImageShape);
        for (var i = 0; i < 20; i++)
            Assert.Equal(Expected(i), Sample(data, i));
        Assert.Contains("Read copies some", Assert.Throws<InvalidOperationException>(() => data.Inputs.Length).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => data.Input(0).Length);
        Assert.Throws<ArgumentException>(() => Dataset.FromBytes(new byte[13], Shape, new int[1]));
        Assert.Throws<ArgumentException>(() => Dataset.FromBytes(new byte[12], Shape, new int[2]));
        Assert.Throws<ArgumentException>(() => Dataset.FromBytes(new byte[12], default, new int[1]));
    }

    [Fact]
    public void To_memory_copies_all()
    {
        var memory = Bytes(5).ToMemory();
        Assert.True(memory.IsInMemory);
        Assert.Equal(Shape, memory.ImageShape);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(Expected), memory.Inputs.ToArray());
        Assert.Same(memory, memory.ToMemory());
        Assert.Equal(Expected(3), Sample(memory, 3));
    }

    [Fact]
    public void Read_refuses_what_is_not_there()
    {
        foreach (var data in (Dataset[])[Bytes(3), Bytes(3).ToMemory()])
        {
            Assert.Throws<ArgumentException>(() => data.Read(0, new float[13]));
            Assert.Throws<ArgumentOutOfRangeException>(() => data.Read(2, new float[24]));
            Assert.Throws<ArgumentOutOfRangeException>(() => data.Read(-1, new float[12]));
            data.Read(1, new float[24]);
        }
    }

    [Fact]
    public void Parts_keep_the_images_and_their_random_numbers()
    {
        var data = Bytes(10).Transform(Noise);
        Assert.Equal(Sample(data, 7), Sample(data.Slice(5, 3), 2));
        Assert.Equal(10, data.Slice(5, 3).Classes);
        var (first, second) = data.Split(0.4, seed: 3);
        Assert.Equal((4, 6), (first.Count, second.Count));
        foreach (var part in (Dataset[])[first, second])
        {
            for (var i = 0; i < part.Count; i++)
                Assert.Equal(Sample(data, part.Labels[i]), Sample(part, i));
        }
        // The same order as in memory.
        Assert.Equal(first.Labels.ToArray(), Bytes(10).ToMemory().Split(0.4, seed: 3).First.Labels.ToArray());
    }

    [Fact]
    public void Images_can_be_in_memory_as_floats()
    {
        var memory = new Dataset(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 4, new float[] { 1, 2 }, 1);
        Assert.Contains("AsImages", Assert.Throws<InvalidOperationException>(() => memory.Transform(Noise)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "1x2x3 have 6 values, but the samples have 4", Assert.Throws<ArgumentException>(() => memory.AsImages(1, 2, 3)).Message,
            StringComparison.Ordinal);
        var images = memory.AsImages(1, 2, 2);
        Assert.Equal(new ImageShape(1, 2, 2), images.ImageShape);
        Assert.Equal(new ImageShape(1, 2, 2), images.Slice(1, 1).ImageShape);
        Assert.Equal(new ImageShape(1, 2, 2), images.Normalize(0, 1).ImageShape);
        var twice = images.Transform(ImageTransform.From((_, image, _) =>
        {
            foreach (ref var value in image)
                value *= 2;
        }));
        Assert.Equal((2, 1, false), (twice.Count, twice.TargetFeatures, twice.IsInMemory));
        Assert.Equal([10, 12, 14, 16], Sample(twice, 1));
        Assert.Equal([1, 2], twice.ToMemory().Targets.ToArray());
        Assert.Same(twice, twice.AsImages(1, 2, 2));
        Assert.Throws<ArgumentException>(() => twice.AsImages(1, 4, 1));
    }

    [Fact]
    public void Normalize_and_standardize_do_as_in_memory()
    {
        var data = Bytes(20);
        var memory = data.ToMemory();
        Assert.Equal(memory.Normalize(0.3, 0.7).Inputs.ToArray(), data.Normalize(0.3, 0.7).ToMemory().Inputs.ToArray());
        var (expected, mean, deviation) = memory.Standardize();
        var (actual, sameMean, sameDeviation) = data.Standardize();
        Assert.Equal((mean, deviation), (sameMean, sameDeviation));
        Assert.Equal(expected.Inputs.ToArray(), actual.ToMemory().Inputs.ToArray());
    }

    [Fact]
    public void A_source_of_the_user_is_read_when_it_is_needed()
    {
        var source = new Squares(sides: [2, 2, 3]);
        var data = new Dataset(source, new[] { 0, 1, 1 });
        Assert.Equal((4, new ImageShape(1, 2, 2)), (data.Features, data.ImageShape!.Value));
        Assert.Equal([1, 1, 1, 1], Sample(data, 1));
        Assert.Equal(
            "square 2: the image has the shape 1x3x3 after its transforms, but the first one has 1x2x2; a crop or a Resize makes all equal.",
            Assert.Throws<DataFileException>(() => Sample(data, 2)).Message);
        Assert.Throws<ArgumentException>(() => new Dataset(source, new[] { 0, 1 }));
        Assert.Throws<ArgumentException>(() => new Dataset(new Squares([]), Array.Empty<int>()));
        Assert.Throws<ArgumentException>(() => new Dataset(source, new[] { 0, 1, -1 }));
        Assert.Equal([0, 1, -1], new Dataset(source, new[] { 0, 1, -1 }, ignoredLabel: -1).Labels.ToArray());
    }

    [Fact]
    public void A_transform_sees_images_of_several_shapes_and_gives_one()
    {
        var data = new Dataset(new Squares(sides: [2, 5, 3]), new[] { 0, 1, 2 }).Transform(new FirstValue(), new FirstValue());
        Assert.Equal((1, new ImageShape(1, 1, 1)), (data.Features, data.ImageShape!.Value));
        Assert.Equal([0, 1, 2], data.ToMemory().Inputs.ToArray());
        var error = Assert.Throws<DataFileException>(() => Sample(new Dataset(new Squares([2, 9]), new int[2]).Transform(new FirstValue()), 1));
        Assert.StartsWith("square 1: too large", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Dataset(new Squares([9]), new int[1]).Transform(new FirstValue()));
    }

    [Fact]
    public void Random_numbers_depend_on_seed_epoch_image_and_place()
    {
        float[] First(ulong seed, int epoch, int image)
        {
            var context = new TransformContext(seed, epoch, image);
            return [context.Random.Uniform(), context.Random.Uniform(), context.Random.Uniform()];
        }

        Assert.Equal(First(1, 2, 3), First(1, 2, 3));
        Assert.NotEqual(First(1, 2, 3), First(2, 2, 3));
        Assert.NotEqual(First(1, 2, 3), First(1, 3, 3));
        Assert.NotEqual(First(1, 2, 3), First(1, 2, 4));
        var twice = Sample(Bytes(1).Transform(Noise, Noise), 0);
        var once = Sample(Bytes(1).Transform(Noise), 0);
        var plain = Sample(Bytes(1), 0);
        Assert.NotEqual(once.Zip(plain, (a, b) => a - b), twice.Zip(once, (a, b) => a - b));
        // What one transform takes changes nothing for those behind it.
        var more = ImageTransform.From((_, image, random) =>
        {
            for (var i = 0; i < 1000; i++)
                random.Uniform();
        });
        var none = ImageTransform.From((_, _, _) => { });
        Assert.Equal(Sample(Bytes(1).Transform(none, Noise), 0), Sample(Bytes(1).Transform(more, Noise), 0));
    }

    [Fact]
    public void Random_numbers_have_the_distribution_they_claim()
    {
        var random = new TransformContext(seed: 5).Random;
        double[] uniform = [.. Enumerable.Range(0, 40_000).Select(_ => random.Uniform(-1, 3))];
        Assert.All(uniform, value => Assert.InRange(value, -1, 3));
        Assert.Equal(1, uniform.Average(), 0.03);
        double[] normal = [.. Enumerable.Range(0, 40_000).Select(_ => random.Normal())];
        Assert.Equal(0, normal.Average(), 0.03);
        Assert.Equal(1, normal.Average(value => value * value), 0.04);
        Assert.Equal(3, normal.Average(value => value * value * value * value), 0.2);
        var counts = Enumerable.Range(0, 40_000).CountBy(_ => random.Integer(5)).OrderBy(count => count.Key).ToArray();
        Assert.Equal([0, 1, 2, 3, 4], counts.Select(count => count.Key));
        Assert.All(counts, count => Assert.InRange(count.Value, 7700, 8300));
        Assert.Equal(0.25, Enumerable.Range(0, 40_000).Count(_ => random.Chance(0.25)) / 40_000.0, 0.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Integer(0));
    }

    [Fact]
    public void Scratch_memory_is_used_again()
    {
        var context = new TransformContext();
        context.Scratch(10)[3] = 7;
        Assert.Equal(7, context.Scratch(5)[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Scratch(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformContext(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformContext(0, 0, -1));
    }

    [Fact]
    public void Too_many_transforms_are_refused()
    {
        var many = Enumerable.Repeat(Noise, 256).ToArray();
        Assert.Equal(12, Bytes(1).Transform(many).Features);
        Assert.Throws<ArgumentException>(() => Bytes(1).Transform(many).Transform(Noise));
        Assert.Throws<ArgumentNullException>(() => Bytes(1).Transform(null!, Noise));
    }

    /// <summary>Every value is the number of the image.</summary>
    private sealed class Squares(int[] sides) : ImageSource
    {
        public override int Count => sides.Length;

        public override void Read(int image, ImageBuffer buffer) =>
            buffer.Resize(new ImageShape(1, sides[image], sides[image])).Fill(image);

        public override string NameOf(int image) => $"square {image}";
    }

    private sealed class FirstValue : ImageTransform
    {
        public override ImageShape ResultShape(ImageShape image) =>
            image.Height < 9 ? new(1, 1, 1) : throw new ArgumentException("too large");

        public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
            result[0] = image[0];
    }
}
