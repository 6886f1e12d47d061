using SparseSharp.Data;

namespace SparseSharp;

/// <summary>
/// The binary files of CIFAR-10 (Krizhevsky, 2009): colour pictures of 32 by 32 pixels, 10 classes. Pixels are kept as bytes and become
/// features from 0 to 1, <c>[3, 32, 32]</c> per picture.
/// </summary>
public static class Cifar10
{
    private const int ClassCount = 10;
    private const int Batches = 5;
    private const string AllFiles = "data_batch_1.bin to data_batch_5.bin and test_batch.bin, as cifar-10-batches-bin does";

    /// <summary>Names of the classes.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>The shape of a picture.</summary>
    public static ImageShape ImageShape => CifarReader.Shape;

    /// <summary>Reads training and test data from a directory.</summary>
    /// <param name="directory">
    /// Holds <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and <c>test_batch.bin</c>, each also with <c>.gz</c>.
    /// </param>
    /// <exception cref="DataFileException">The directory or a file is missing, or a file is damaged.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory)
    {
        // All names first: a missing file is reported before any large one is read.
        var train = new string[Batches];
        for (var batch = 0; batch < Batches; batch++)
            train[batch] = CifarReader.Find(directory, $"data_batch_{batch + 1}.bin", AllFiles);
        var test = CifarReader.Find(directory, "test_batch.bin", AllFiles);
        var reader = NewReader();
        foreach (var path in train)
            reader.Add(path);
        return (reader.ToDataset(), Read(test));
    }

    /// <summary>Reads one file, plain or compressed by gzip.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds something else.</exception>
    public static Dataset Read(string path) => NewReader().Add(path).ToDataset();

    private static CifarReader NewReader() => new("CIFAR-10", labelBytes: 1, labelByte: 0, ClassCount);
}
