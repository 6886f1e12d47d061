using global::Networks;
using SparseSharp.Kernels;

namespace SparseSharp.Networks.Tests;

/// <summary>Networks with the weights that others have trained in PyTorch, where they are present.</summary>
public sealed class PretrainedTests
{
    private const double Tolerance = 1e-3;

    [SkippableFact]
    public void Outputs_of_ResNet_20_are_those_of_the_origin() => CheckOutputs<ResNet20>("resnet20", blocks: 3, separator: "_");

    [SkippableFact]
    public void Outputs_of_ResNet_32_are_those_of_the_origin() => CheckOutputs<ResNet32>("resnet32", blocks: 5, separator: ".");

    [SkippableFact]
    public void Outputs_of_ResNet_56_are_those_of_the_origin() => CheckOutputs<ResNet56>("resnet56", blocks: 9, separator: ".");

    /// <summary>81.03 % on the JPEG copies of the test images, of which the README of the weights tells.</summary>
    [SkippableFact]
    public void Accuracy_of_ResNet_20_is_that_of_the_origin()
    {
        var data = SharedData.Find("cifar10");
        Skip.If(data is null, "CIFAR-10 is not present.");
        using var model = Load<ResNet20>(Directory(), "resnet20", blocks: 3, separator: "_");
        Assert.InRange(Accuracy("test_batch.bin.gz"), 0.808, 0.812);
        Assert.InRange(Accuracy("original_2000.bin.gz"), 0.995, 1);

        double Accuracy(string file) => Evaluation.Of(
            model, Loss.CrossEntropy, Cifar10.Read(Path.Combine(data, file)).Transform(ChannelStandardization.ImageNet).ToMemory())
            .Accuracy!.Value;
    }

    private static void CheckOutputs<TModel>(string name, int blocks, string separator)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        var directory = Directory();
        using var model = Load<TModel>(directory, name, blocks, separator);
        var sample = SafeTensors.Read(Path.Combine(directory, $"{name}-sample.safetensors"));
        var pixels = sample["pixels"].Bytes.ToArray();
        var expected = sample["logits"].ToFloats();
        var images = Dataset.FromBytes(pixels, Cifar10.ImageShape, new int[pixels.Length / Cifar10.ImageShape.Length])
            .Transform(ChannelStandardization.ImageNet).ToMemory();
        using var predictor = new Predictor<TModel>(model);
        var actual = new float[expected.Length];
        predictor.Predict(images.Inputs, actual);
        var largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (Tolerance * largest), pair.First + (Tolerance * largest)));
    }

    private static string Directory()
    {
        var models = SharedData.Find("models");
        Skip.If(models is null, "The pretrained networks are not present.");
        return Path.Combine(models, "resnet-cifar10");
    }

    /// <param name="directory">Holds the files.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="blocks">Of a stage.</param>
    /// <param name="separator">What stands between a block and its layers in our names: blocks may be models of their own.</param>
    private static TModel Load<TModel>(string directory, string name, int blocks, string separator)
        where TModel : class, ISparseModel<TModel>
    {
        var names = new Dictionary<string, string>();
        for (var layer = 1; layer <= 3; layer++)
        {
            for (var block = 0; block < blocks; block++)
            {
                foreach (var part in (string[])["conv1", "bn1", "conv2", "bn2"])
                    names[$"layer{layer}_block{block}{separator}{part}"] = $"layer{layer}.{block}.{part}";
            }
        }
        var model = TModel.Create(seed: 1);
        ModelFile.Load(model, Path.Combine(directory, $"{name}.safetensors"), names);
        return model;
    }
}
