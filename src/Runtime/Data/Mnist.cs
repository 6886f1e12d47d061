namespace SparseSharp;

/// <summary>The four files of MNIST (LeCun, Cortes and Burges, 1998) or of a set in the same form, as Fashion-MNIST.</summary>
public static class Mnist
{
    private const int Classes = 10;

    /// <summary>Reads training and test data from a directory.</summary>
    /// <param name="directory">
    /// Holds <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
    /// <c>t10k-labels-idx1-ubyte</c>, each also with <c>.gz</c>, or with a dot in place of the second hyphen.
    /// </param>
    /// <exception cref="DataFileException">The directory or a file is missing, or a file is damaged.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DataFileException(
                $"{directory}: there is no such directory; it should hold the four MNIST files, as train-images-idx3-ubyte.gz.");
        // All names first: a missing file is reported before any large one is read.
        var files = (Find(directory, "train", "images-idx3"), Find(directory, "train", "labels-idx1"),
            Find(directory, "t10k", "images-idx3"), Find(directory, "t10k", "labels-idx1"));
        var train = Load(files.Item1, files.Item2);
        var test = Load(files.Item3, files.Item4);
        if (train.Features != test.Features)
            throw new DataFileException(
                $"{files.Item3}: the images have {test.Features} pixels, but those in {files.Item1} have {train.Features}.");
        return (train, test);
    }

    private static Dataset Load(string images, string labels)
    {
        var data = Dataset.FromIdx(images, labels);
        return data.Classes <= Classes
            ? data
            : throw new DataFileException($"{labels}: the file holds the label {data.Classes - 1}, but digits are 0 to {Classes - 1}.");
    }

    private static string Find(string directory, string set, string content)
    {
        var usual = $"{set}-{content}-ubyte";
        var dotted = usual.Replace("-idx", ".idx", StringComparison.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)[usual, $"{usual}.gz", dotted, $"{dotted}.gz"])
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path))
                return path;
        }
        throw new DataFileException($"{Path.Combine(directory, usual)}: there is no such file, also not as {usual}.gz; the directory "
            + "should hold the four MNIST files.");
    }
}
