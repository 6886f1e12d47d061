using System.Security.Cryptography;

namespace SparseSharp.Runtime.Tests.Data;

public class SyntheticPicturesTests
{
    private static byte[] Bytes(Dataset data) => [.. data.ToMemory().Inputs.ToArray().Select(value => (byte)MathF.Round(value * 255))];

    [Fact]
    public void Pictures_are_the_same_on_every_machine()
    {
        var data = SyntheticPictures.Generate(300, seed: 7);
        var hash = SHA256.HashData([.. Bytes(data), .. data.Labels.ToArray().Select(label => (byte)label)]);
        Assert.Equal("1274B34453A36CF7", Convert.ToHexString(hash)[..16]);
    }

    [Fact]
    public void A_picture_depends_on_seed_and_number_alone()
    {
        var all = SyntheticPictures.Generate(200, seed: 3);
        var part = SyntheticPictures.Generate(70, seed: 3, first: 101);
        Assert.Equal(Bytes(all.Slice(101, 70)), Bytes(part));
        Assert.Equal(all.Slice(101, 70).Labels.ToArray(), part.Labels.ToArray());
        Assert.NotEqual(Bytes(all), Bytes(SyntheticPictures.Generate(200, seed: 4)));
    }

    [Fact]
    public void Every_ten_pictures_hold_every_class_once_in_random_order()
    {
        var data = SyntheticPictures.Generate(200, seed: 1);
        Assert.Equal((3072, 10, new ImageShape(3, 32, 32)), (data.Features, data.Classes, data.ImageShape!.Value));
        Assert.Equal(10, SyntheticPictures.ClassNames.Distinct().Count());
        foreach (var ten in data.Labels.ToArray().Chunk(10))
            Assert.Equal(Enumerable.Range(0, 10), ten.Order());
        Assert.True(data.Labels.ToArray().Chunk(10).Select(ten => string.Join(",", ten)).Distinct().Count() > 15);
    }

    /// <summary>All values occur, and no place of a picture tells anything: every class has the same mean there.</summary>
    [Fact]
    public void A_mean_picture_tells_nothing()
    {
        var data = SyntheticPictures.Generate(4000, seed: 2).ToMemory();
        var sums = new double[10, 3072];
        for (var i = 0; i < data.Count; i++)
        {
            var picture = data.Input(i);
            for (var feature = 0; feature < picture.Length; feature++)
                sums[data.Labels[i], feature] += picture[feature] / 400;
        }
        foreach (var mean in sums)
            Assert.InRange(mean, 0.5 - 0.12, 0.5 + 0.12);
        Assert.Equal(256, Bytes(data.Take(500)).Distinct().Count());
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticPictures.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticPictures.Generate(int.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticPictures.Generate(1, 1, -1));
    }
}
