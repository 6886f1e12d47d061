using System.Globalization;
using System.Security.Cryptography;

namespace SparseSharp.Runtime.Tests.Data;

public class SyntheticDigitsTests
{
    private static string Hash(Dataset data)
    {
        var bytes = new byte[data.Inputs.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)MathF.Round(data.Inputs[i] * 255);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        foreach (var label in data.Labels)
            hash.AppendData([(byte)label]);
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    [Fact]
    public void Images_are_the_same_on_every_machine() => Assert.Equal("18692DC6EFF514B7", Hash(SyntheticDigits.Generate(500, seed: 7)));

    [Fact]
    public void An_image_depends_on_seed_and_number_alone()
    {
        var all = SyntheticDigits.Generate(300, seed: 3);
        var part = SyntheticDigits.Generate(100, seed: 3, first: 137);
        Assert.Equal(all.Slice(137, 100).Inputs.ToArray(), part.Inputs.ToArray());
        Assert.Equal(all.Slice(137, 100).Labels.ToArray(), part.Labels.ToArray());
        Assert.NotEqual(all.Inputs.ToArray(), SyntheticDigits.Generate(300, seed: 4).Inputs.ToArray());
    }

    [Fact]
    public void Every_ten_images_hold_every_digit_once_in_random_order()
    {
        var labels = SyntheticDigits.Generate(200, seed: 1).Labels.ToArray();
        foreach (var ten in labels.Chunk(10))
            Assert.Equal(Enumerable.Range(0, 10), ten.Order());
        Assert.True(labels.Chunk(10).Select(ten => string.Join(",", ten)).Distinct().Count() > 15);
    }

    [Fact]
    public void Images_are_ink_on_paper()
    {
        var data = SyntheticDigits.Generate(400, seed: 11);
        Assert.Equal((784, 10), (data.Features, data.Classes));
        for (var i = 0; i < data.Count; i++)
        {
            var image = data.Input(i).ToArray();
            Assert.All(image, value => Assert.Equal(MathF.Round(value * 255) / 255, value));
            Assert.InRange(image.Max(), 0.5f, 1);
            Assert.InRange(image.Min(), 0, 0.01f);
            var ink = image.Count(value => value > 0.5f);
            Assert.True(ink is > 5 and < 300, string.Create(CultureInfo.InvariantCulture, $"Image {i} has {ink} pixels of ink."));
        }
    }

    /// <summary>Pixels alone, without learning, tell most digits apart but not all: neither a toy nor a riddle.</summary>
    [Fact]
    public void The_nearest_neighbour_knows_most_digits()
    {
        var train = SyntheticDigits.Generate(2000, seed: 1);
        var test = SyntheticDigits.Generate(200, seed: 2);
        var correct = 0;
        for (var i = 0; i < test.Count; i++)
        {
            var nearest = 0;
            var best = float.MaxValue;
            for (var j = 0; j < train.Count; j++)
            {
                var distance = System.Numerics.Tensors.TensorPrimitives.Distance(test.Input(i), train.Input(j));
                if (distance < best)
                    (best, nearest) = (distance, j);
            }
            correct += train.Labels[nearest] == test.Labels[i] ? 1 : 0;
        }
        Assert.InRange(correct / (double)test.Count, 0.75, 0.985);
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Generate(int.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticDigits.Generate(1, 1, -1));
    }
}
