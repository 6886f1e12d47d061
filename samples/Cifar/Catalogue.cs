using Networks;
using SparseSharp;

namespace Cifar;

/// <summary>The models that can be compared.</summary>
internal static class Catalogue
{
    private const double AnnealedDecay = 5e-4;

    /// <summary>The networks; the first is the default.</summary>
    public static IReadOnlyList<string> Networks { get; } = ["resnet8", "resnet20", "vgg", "wrn", "mobilenet"];

    /// <summary>The sparsities; the first is the default.</summary>
    public static IReadOnlyList<string> Sparsities { get; } = ["nm", "srste", "blocks", "rbgp4", "anneal", "dense"];

    /// <summary>The trainings that the settings ask for, those of the dense model first.</summary>
    public static IEnumerable<Contestant> Of(Settings settings)
    {
        string[] names = settings.Compare ? [.. Sparsities.Where(name => name != "dense")] : [settings.Sparsity];
        return
            from name in names.Prepend("dense").Distinct()
            from recipe in Recipe.Of(settings.Regime)
            select Make(settings.Network, name, recipe, settings.Seed);
    }

    private static Contestant Make(string network, string sparsity, Recipe recipe, ulong seed) => network switch
    {
        "resnet8" =>
            Make<ResNet8, FixedResNet8, LearnedResNet8, BlockResNet8, ProductResNet8, AnnealedResNet8>(sparsity, recipe, seed),
        "resnet20" =>
            Make<ResNet20, FixedResNet20, LearnedResNet20, BlockResNet20, ProductResNet20, AnnealedResNet20>(sparsity, recipe, seed),
        "vgg" =>
            Make<Vgg16, FixedVgg16, LearnedVgg16, BlockVgg16, ProductVgg16, AnnealedVgg16>(sparsity, recipe, seed),
        "wrn" =>
            Make<WideResNet16x4, FixedWideResNet16x4, LearnedWideResNet16x4, BlockWideResNet16x4, Product75WideResNet16x4,
                AnnealedWideResNet16x4>(sparsity, recipe, seed),
        "mobilenet" =>
            Make<CifarMobileNet, FixedCifarMobileNet, LearnedCifarMobileNet, BlockCifarMobileNet, ProductCifarMobileNet,
                AnnealedCifarMobileNet>(sparsity, recipe, seed),
        _ => throw new ArgumentOutOfRangeException(nameof(network), network, null),
    };

    private static Contestant Make<TDense, TFixed, TLearned, TBlocks, TProduct, TAnnealed>(string sparsity, Recipe recipe, ulong seed)
        where TDense : class, ISparseModel<TDense>, IDisposable
        where TFixed : class, ISparseModel<TFixed>, IDisposable
        where TLearned : class, ISparseModel<TLearned>, IDisposable
        where TBlocks : class, ISparseModel<TBlocks>, IDisposable
        where TProduct : class, ISparseModel<TProduct>, IDisposable
        where TAnnealed : class, ISparseModel<TAnnealed>, IDisposable => sparsity switch
        {
            "dense" => new Contestant<TDense>("dense", recipe, seed),
            "nm" => new Contestant<TFixed>("2:4, fixed", recipe, seed),
            "srste" => new Contestant<TLearned>("2:4, SR-STE", recipe, seed),
            "blocks" => new Contestant<TBlocks>("4 x 4 blocks, 75 %", recipe, seed),
            "rbgp4" => new Contestant<TProduct>("RBGP4, up to 75 %", recipe, seed),
            "anneal" => new Contestant<TAnnealed>("AutoSparse", recipe, seed, AnnealedDecay),
            _ => throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, null),
        };
}
