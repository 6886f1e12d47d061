using SparseSharp;

namespace Cifar;

/// <summary>Training and test images, standardised; those of the training are shifted and mirrored.</summary>
/// <param name="Title">Where they come from.</param>
/// <param name="Train">Images to learn from.</param>
/// <param name="Test">Images to measure accuracy with.</param>
internal sealed record PictureData(string Title, Dataset Train, Dataset Test)
{
    // Fixed, so that runs with different seeds learn from the same data, as they do with files.
    private const ulong GeneratedTrainSeed = 1;
    private const ulong GeneratedTestSeed = 2;

    /// <summary>Draws pictures of ten shapes.</summary>
    public static PictureData Generated(int images, int tests)
    {
        var train = SyntheticPictures.Generate(images, GeneratedTrainSeed);
        var standard = ChannelStandardization.Of(train);
        return new(
            "generated pictures",
            train.Transform(new RandomHorizontalFlip(), standard),
            SyntheticPictures.Generate(tests, GeneratedTestSeed).Transform(standard).ToMemory());
    }

    /// <summary>Reads CIFAR-10: JPEG copies where the directory has them, else the binary files.</summary>
    /// <exception cref="DataFileException">A file is missing or damaged.</exception>
    public static PictureData FromDirectory(string directory)
    {
        var isJpeg = Directory.Exists(directory) && Cifar10Jpeg.IsIn(directory);
        var (train, test) = isJpeg ? Cifar10Jpeg.Load(directory) : Cifar10.Load(directory);
        return new(
            $"{(isJpeg ? Cifar10Jpeg.Title : "CIFAR-10")} in {directory}",
            train.Transform(new RandomCrop(Cifar10.ImageShape.Height) { Padding = 4 }, new RandomHorizontalFlip(), ChannelStandardization.Cifar10),
            test.Transform(ChannelStandardization.Cifar10).ToMemory());
    }
}
