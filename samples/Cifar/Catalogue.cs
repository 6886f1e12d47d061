using Networks;

namespace Cifar;

/// <summary>The models that can be compared.</summary>
internal static class Catalogue
{
    private const double AnnealedDecay = 5e-4;

    /// <summary>The networks; the first is the default.</summary>
    public static IReadOnlyList<string> Networks { get; } = ["resnet8", "resnet20"];

    /// <summary>The sparsities; the first is the default.</summary>
    public static IReadOnlyList<string> Sparsities { get; } = ["nm", "srste", "blocks", "anneal", "dense"];

    /// <summary>The models that the settings ask for, the dense one first.</summary>
    public static IEnumerable<Contestant> Of(Settings settings)
    {
        string[] names = settings.Compare ? [.. Sparsities.Where(name => name != "dense")] : [settings.Sparsity];
        return names.Prepend("dense").Distinct().Select(name => Make(settings.Network, name, settings.Seed));
    }

    private static Contestant Make(string network, string sparsity, ulong seed) => (network, sparsity) switch
    {
        ("resnet8", "dense") => new Contestant<ResNet8>("dense", seed),
        ("resnet8", "nm") => new Contestant<FixedResNet8>("2:4, fixed", seed),
        ("resnet8", "srste") => new Contestant<LearnedResNet8>("2:4, SR-STE", seed),
        ("resnet8", "blocks") => new Contestant<BlockResNet8>("4 x 4 blocks, 75 %", seed),
        ("resnet8", "anneal") => new Contestant<AnnealedResNet8>("AutoSparse", seed, AnnealedDecay),
        ("resnet20", "dense") => new Contestant<ResNet20>("dense", seed),
        ("resnet20", "nm") => new Contestant<FixedResNet20>("2:4, fixed", seed),
        ("resnet20", "srste") => new Contestant<LearnedResNet20>("2:4, SR-STE", seed),
        ("resnet20", "blocks") => new Contestant<BlockResNet20>("4 x 4 blocks, 75 %", seed),
        ("resnet20", "anneal") => new Contestant<AnnealedResNet20>("AutoSparse", seed, AnnealedDecay),
        _ => throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, null),
    };
}
