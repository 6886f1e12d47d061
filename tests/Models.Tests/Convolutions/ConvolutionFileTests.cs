using SparseSharp.Files;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Weights of convolutions in files: PyTorch's shape and order.</summary>
public sealed class ConvolutionFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Dense_weights_are_out_in_height_width()
    {
        using var model = new UnusualImages(seed: 4);
        model.Save(_path);
        using var file = ModelSource.OpenAt(_path);
        var wide = file.Content["wide.weight"];
        Assert.Equal([6, 2, 1, 5], wide.Shape);
        Assert.Equal(model.Wide.Weight, wide.ToFloats());
        Assert.Equal([6, 1, 3, 3], file.Content["depthwise.weight"].Shape);
        Assert.Equal([9, 2, 1, 1], file.Content["grouped.weight"].Shape);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_saved_is_loaded(bool dense)
    {
        using var model = new SparseImages(seed: 5);
        model.Save(_path, dense);
        using var loaded = SparseImages.Load(_path);
        var inputs = Values.Uniform(9 * 4 * 6 * 6, seed: 6);
        Assert.Equal(model.Predict(inputs), loaded.Predict(inputs));
    }

    [Fact]
    public void A_matrix_is_not_taken_for_images()
    {
        using var model = new ImageBlock(seed: 6);
        NamedTensor[] tensors =
        [
            NamedTensor.Of("first.weight", new float[4 * 100], 4, 100),
            NamedTensor.Of("first.bias", new float[4], 4),
        ];
        new SafeTensors(tensors, new Dictionary<string, string>()).Write(_path);
        var error = Assert.Throws<SafeTensorsException>(() => model.LoadWeights(_path));
        Assert.Contains("[4, 4, 5, 5]", error.Message, StringComparison.Ordinal);
    }
}
