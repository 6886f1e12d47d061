using SparseSharp.Data;

namespace SparseSharp;

/// <summary>
/// The binary files of CIFAR-100 (Krizhevsky, 2009): colour pictures of 32 by 32 pixels in 100 classes, which make up 20 coarse ones.
/// Pixels are kept as bytes and become features from 0 to 1, <c>[3, 32, 32]</c> per picture.
/// </summary>
public static class Cifar100
{
    private const int CoarseClasses = 20;
    private const int FineClasses = 100;
    private const string AllFiles = "train.bin and test.bin, as cifar-100-binary does";

    /// <summary>The shape of a picture.</summary>
    public static ImageShape ImageShape => CifarReader.Shape;

    /// <summary>Reads training and test data from a directory.</summary>
    /// <param name="directory">Holds <c>train.bin</c> and <c>test.bin</c>, each also with <c>.gz</c>.</param>
    /// <param name="coarse">Whether labels are the 20 coarse classes instead of the 100 fine ones.</param>
    /// <exception cref="DataFileException">The directory or a file is missing, or a file is damaged.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory, bool coarse = false)
    {
        var train = CifarReader.Find(directory, "train.bin", AllFiles);
        var test = CifarReader.Find(directory, "test.bin", AllFiles);
        return (Read(train, coarse), Read(test, coarse));
    }

    /// <summary>Reads one file, plain or compressed by gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="coarse">Whether labels are the 20 coarse classes instead of the 100 fine ones.</param>
    /// <exception cref="DataFileException">The file is missing, damaged or holds something else.</exception>
    public static Dataset Read(string path, bool coarse = false) =>
        new CifarReader("CIFAR-100", labelBytes: 2, coarse ? 0 : 1, coarse ? CoarseClasses : FineClasses).Add(path).ToDataset();
}
