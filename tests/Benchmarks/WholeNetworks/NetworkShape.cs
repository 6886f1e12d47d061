using SparseSharp.Benchmarks.Peers.Onnx;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>A network with a batch.</summary>
/// <param name="Name">Of the network.</param>
/// <param name="Samples">Of the batch.</param>
/// <param name="Image">Rows and columns of its images, which have three channels.</param>
/// <param name="Classes">Outputs.</param>
internal sealed record NetworkShape(string Name, int Samples, int Image, int Classes)
{
    /// <summary>Its graph in ONNX.</summary>
    public required Func<OnnxGraph, string> Graph { get; init; }

    public int Features => 3 * Image * Image;

    /// <summary>Dimensions of the batch.</summary>
    public int[] Dimensions => [Samples, 3, Image, Image];

    public static NetworkShape ResNet20(int samples) => new("resnet20", samples, 32, 10) { Graph = NetworkGraphs.ResNet20 };

    public static NetworkShape WideResNet16x4(int samples) => new("wrn-16-4", samples, 32, 10) { Graph = NetworkGraphs.WideResNet16x4 };

    public static NetworkShape ResNet50(int samples) => new("resnet50", samples, 224, 1000) { Graph = NetworkGraphs.ResNet50 };

    public static NetworkShape MobileNet(int samples) => new("mobilenet", samples, 224, 1000) { Graph = NetworkGraphs.MobileNet };

    /// <summary>Images, the same in every run.</summary>
    public float[] Images()
    {
        var images = new float[Samples * Features];
        KaimingUniform.Fill(images, 1, seed: 4, stream: 0);
        return images;
    }

    public override string ToString() => $"{Name}@{Samples}";
}
