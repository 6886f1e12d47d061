using SparseSharp;

namespace Cifar;

/// <summary>Training and test images, standardised; those of the training are shifted and mirrored.</summary>
/// <param name="Title">Where they come from.</param>
/// <param name="Train">Images to learn from.</param>
/// <param name="Test">Images to measure accuracy with.</param>
internal sealed record PictureData(string Title, Dataset Train, Dataset Test)
{
    private const int GeneratedTestImages = 2000;

    // Fixed, so that runs with different seeds learn from the same data, as they do with files.
    private const ulong GeneratedTrainSeed = 1;
    private const ulong GeneratedTestSeed = 2;

    /// <summary>Draws pictures of ten shapes.</summary>
    public static PictureData Generated(int images)
    {
        var train = SyntheticPictures.Generate(images, GeneratedTrainSeed);
        var standard = ChannelStandardization.Of(train);
        return new(
            "generated pictures",
            train.Transform(new RandomHorizontalFlip(), standard),
            SyntheticPictures.Generate(GeneratedTestImages, GeneratedTestSeed).Transform(standard).ToMemory());
    }

    /// <summary>Reads the binary files of CIFAR-10.</summary>
    /// <exception cref="DataFileException">A file is missing or damaged.</exception>
    public static PictureData FromDirectory(string directory)
    {
        var (train, test) = Cifar10.Load(directory);
        return new(
            $"CIFAR-10 in {directory}",
            train.Transform(new RandomCrop(Cifar10.ImageShape.Height) { Padding = 4 }, new RandomHorizontalFlip(), ChannelStandardization.Cifar10),
            test.Transform(ChannelStandardization.Cifar10).ToMemory());
    }
}
