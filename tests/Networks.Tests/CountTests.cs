using global::Networks;

namespace SparseSharp.Networks.Tests;

/// <summary>Parameters and multiply-adds of the networks, as the papers and other implementations count them.</summary>
public sealed class CountTests
{
    [Fact]
    public void ResNet_20() => Check<ResNet20>(269_722, 40_551_040);

    [Fact]
    public void ResNet_32() => Check<ResNet32>(464_154, 68_862_592);

    [Fact]
    public void ResNet_44() => Check<ResNet44>(658_586, 97_174_144);

    [Fact]
    public void ResNet_56() => Check<ResNet56>(853_018, 125_485_696);

    [Fact]
    public void ResNet_110() => Check<ResNet110>(1_727_962, 252_887_680);

    [Fact]
    public void Wide_ResNet_16_4() => Check<WideResNet16x4>(2_748_890, 392_612_352);

    [Fact]
    public void Wide_ResNet_40_4() => Check<WideResNet40x4>(8_949_210, 1_298_582_016);

    [Fact]
    public void Vgg_16() => Check<Vgg16>(14_728_266, 313_201_664);

    [Fact]
    public void Vgg_19() => Check<Vgg19>(20_040_522, 398_136_320);

    [Fact]
    public void MobileNet_for_224() => Check<MobileNet>(4_231_976, 568_740_352);

    [Fact]
    public void MobileNet_for_CIFAR() => Check<CifarMobileNet>(3_217_226, 46_354_432);

    [Fact]
    public void ResNet_18() => Check<ResNet18>(11_689_512, 1_814_073_344);

    [Fact]
    public void ResNet_50() => Check<ResNet50>(25_557_032, 4_089_184_256);

    [Fact]
    public void AlexNet() => Check<AlexNet>(61_100_840, 714_188_480);

    private static void Check<TModel>(long parameters, long multiplyAdds)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 1);
        Assert.Equal(parameters, model.Layers.Sum(layer => layer.Parameters.Sum(parameter => (long)parameter.Length)));

        // Normalisations are not counted.
        var flops = TModel.Descriptor.Layers.Zip(model.Layers).Sum(pair => pair.Second.WeightCount == 0 ? 0 : pair.First.DenseFlops);
        Assert.Equal(2 * multiplyAdds, flops);
    }
}
