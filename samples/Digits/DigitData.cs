using SparseSharp;

namespace Digits;

/// <summary>Standardised training and test images.</summary>
/// <param name="Title">Where they come from.</param>
/// <param name="Train">Images to learn from.</param>
/// <param name="Test">Images to measure accuracy with.</param>
internal sealed record DigitData(string Title, Dataset Train, Dataset Test)
{
    private const int SyntheticTrainImages = 30_000;
    private const int SyntheticTestImages = 10_000;

    // Fixed, so that runs with different seeds learn from the same data, as they do with files.
    private const ulong SyntheticTrainSeed = 1;
    private const ulong SyntheticTestSeed = 2;

    /// <summary>Draws the synthetic digits.</summary>
    public static DigitData Synthetic() => Standardized(
        "synthetic digits",
        SyntheticDigits.Generate(SyntheticTrainImages, SyntheticTrainSeed),
        SyntheticDigits.Generate(SyntheticTestImages, SyntheticTestSeed));

    /// <summary>Reads the four MNIST files of a directory.</summary>
    /// <exception cref="DataFileException">The directory or a file is missing, or a file is damaged or holds other images.</exception>
    public static DigitData FromDirectory(string directory)
    {
        var (train, test) = Mnist.Load(directory);
        const int Pixels = SyntheticDigits.Size * SyntheticDigits.Size;
        return train.Features == Pixels
            ? Standardized(directory, train, test)
            : throw new DataFileException(
                $"{directory}: the images have {train.Features} pixels, but these networks take 28 x 28 = {Pixels}.");
    }

    /// <summary>Both parts by the mean and deviation of the training images.</summary>
    private static DigitData Standardized(string title, Dataset train, Dataset test)
    {
        var (standardized, mean, deviation) = train.Standardize();
        return new(title, standardized, test.Normalize(mean, deviation));
    }
}
