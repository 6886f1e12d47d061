using SparseSharp.Convolutions;
using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Convolutions;

/// <summary>A layer of a well-known network, with a batch.</summary>
/// <param name="Name">Network, channels and image.</param>
/// <param name="Shape">The convolution.</param>
/// <param name="Samples">Samples of the batch.</param>
internal sealed record ConvolutionLayer(string Name, ConvolutionShape Shape, int Samples)
{
    private static readonly ConvolutionLayer[] Full =
    [
        Square("rn20-16c-32", 64, 16, 16, 32, 3),
        Square("rn20-32c-16", 64, 32, 32, 16, 3),
        Square("rn20-64c-8", 64, 64, 64, 8, 3),
        Square("rn20-16to32-s2", 64, 16, 32, 32, 3, 2),
        Square("rn50-64c-56", 16, 64, 64, 56, 3),
        Square("rn50-1x1-256to64-56", 16, 256, 64, 56, 1),
        Square("rn50-256c-14", 16, 256, 256, 14, 3),
        Square("rn50-1x1-1024to256-14", 16, 1024, 256, 14, 1),
        Square("rn50-512c-7", 16, 512, 512, 7, 3),
        Square("vgg-128c-16", 32, 128, 128, 16, 3),
        Square("vgg-512c-4", 32, 512, 512, 4, 3),
        Square("vgg-512c-2", 32, 512, 512, 2, 3),
        Square("mbv1-pw-512-14", 16, 512, 512, 14, 1),
        Square("stem-3to16-32", 64, 3, 16, 32, 3),
        Square("stem-3to64-7x7s2-224", 8, 3, 64, 224, 7, 2),
    ];

    /// <summary>The layers of a run.</summary>
    public static IEnumerable<ConvolutionLayer> Of(BenchmarkRun run) =>
        run.Effort.IsQuick ? Full.Where(layer => layer.Name is "rn20-16c-32" or "rn20-64c-8" or "vgg-512c-2") : Full;

    /// <summary>Layers of large networks with one sample.</summary>
    public static IEnumerable<ConvolutionLayer> Small(BenchmarkRun run) =>
        Full.Where(layer => run.Effort.IsQuick ? layer.Name == "rn50-256c-14" : layer.Name.StartsWith("rn50", StringComparison.Ordinal))
            .Select(layer => layer with { Samples = 1 });

    public override string ToString() => $"{Name}@{Samples}";

    private static ConvolutionLayer Square(string name, int samples, int inputs, int outputs, int image, int kernel, int stride = 1) =>
        new(
            name, new(inputs, outputs, Extent.Square(image), Extent.Square(kernel), Extent.Square(stride), Margins.All(kernel / 2)),
            samples);
}
