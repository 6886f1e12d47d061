using SparseSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchDigits;

/// <summary>Standardised images with their labels, as tensors.</summary>
/// <param name="Images">Float32 <c>[count, 784]</c>.</param>
/// <param name="Labels">Int64 <c>[count]</c>.</param>
internal sealed record Digits(Tensor Images, Tensor Labels)
{
    /// <summary>Training and test images from a directory with the files of MNIST, or drawn ones.</summary>
    public static (Digits Train, Digits Test) Load(string? directory)
    {
        var (train, test) = directory is null
            ? (SyntheticDigits.Generate(30_000, seed: 1), SyntheticDigits.Generate(10_000, seed: 2))
            : Mnist.Load(directory);
        var (standardized, mean, deviation) = train.Standardize();
        return (From(standardized), From(test.Normalize(mean, deviation)));
    }

    private static Digits From(Dataset data) => new(
        tensor(data.Inputs.ToArray(), [data.Count, data.Features]),
        tensor(Array.ConvertAll(data.Labels.ToArray(), label => (long)label)));
}
