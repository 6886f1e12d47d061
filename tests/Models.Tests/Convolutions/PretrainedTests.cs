using Cifar.Models;
using SparseSharp.Files;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Data;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>ResNet-20 with the weights that others have trained in PyTorch, where they are present.</summary>
[Collection(AloneCollection.Name)]
public sealed class PretrainedTests
{
    /// <summary>Of the network without a bias in convolutions (He et al., 2016, with shortcuts that have no weights).</summary>
    private const long Parameters = 269_722;

    private const long MultiplyAdds = 40_551_040;

    [Fact]
    public void The_network_has_the_counts_of_the_paper()
    {
        using var model = new ResNet20(seed: 1);
        Assert.Equal(Parameters, model.Layers.Sum(layer => layer.Parameters.Sum(parameter => (long)parameter.Length)));
        Assert.Equal(2 * MultiplyAdds, Flops(model));
    }

    [SkippableFact]
    public void Outputs_are_those_of_the_origin()
    {
        using var model = Load(out var directory);
        using var sample = ModelSource.OpenAt(Path.Combine(directory, "resnet20-sample.safetensors"));
        var pixels = sample.Content["pixels"].Bytes.ToArray();
        var expected = Array.ConvertAll(sample.Content["logits"].ToFloats(), value => (double)value);
        var images = Dataset.FromBytes(pixels, new ImageShape(3, 32, 32), new int[pixels.Length / 3072])
            .Transform(ChannelStandardization.ImageNet).ToMemory();
        Assert.InRange(Values.MaxError(expected, model.Predict(images.Inputs)), 0, 1e-3);
    }

    /// <summary>81.03 % on the JPEG copies of the test images, of which the README of the weights tells.</summary>
    [SkippableFact]
    public void Accuracy_is_that_of_the_origin()
    {
        using var model = Load(out _);
        var data = SharedData.Find("cifar10");
        Skip.If(data is null, "CIFAR-10 is not present.");
        Assert.InRange(Accuracy("test_batch.bin.gz"), 0.808, 0.812);
        Assert.InRange(Accuracy("original_2000.bin.gz"), 0.995, 1);

        double Accuracy(string file) => Evaluation.Of(
            model, Loss.CrossEntropy, Cifar10.Read(Path.Combine(data, file)).Transform(ChannelStandardization.ImageNet).ToMemory())
            .Accuracy!.Value;
    }

    private static ResNet20 Load(out string directory)
    {
        var models = SharedData.Find("models");
        Skip.If(models is null, "The pretrained networks are not present.");
        directory = Path.Combine(models, "resnet-cifar10");
        var names = new Dictionary<string, string>();
        for (var layer = 1; layer <= 3; layer++)
        {
            for (var block = 0; block < 3; block++)
            {
                foreach (var part in (string[])["conv1", "bn1", "conv2", "bn2"])
                    names[$"layer{layer}_block{block}_{part}"] = $"layer{layer}.{block}.{part}";
            }
        }
        return ResNet20.Load(Path.Combine(directory, "resnet20.safetensors"), names);
    }

    /// <summary>Operations of a prediction: normalisations have none.</summary>
    private static long Flops<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> =>
        TModel.Descriptor.Layers.Zip(model.Layers).Sum(pair => pair.Second.WeightCount == 0 ? 0 : pair.First.DenseFlops);
}
