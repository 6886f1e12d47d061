using System.Buffers.Binary;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using SparseSharp.Images;

namespace SparseSharp;

/// <summary>
/// JPEG copies of CIFAR-10: a file per picture, named by its place in the original order and its class, as <c>train/00000-6.jpg</c>. Their
/// pixels are not the original ones, so accuracies are no longer comparable with published ones: say <see cref="Title"/> beside figures.
/// </summary>
public static class Cifar10Jpeg
{
    /// <summary>What to say beside figures.</summary>
    public const string Title = "CIFAR-10 (JPEG copies)";

    private const string Archive = "cifar10-jpeg.tar.gz";
    private const string Training = "train";
    private const string Test = "test";
    private const int Classes = 10;

    /// <summary>Bytes of the largest file: a picture has less than 4,000.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Bytes at the end of a compressed file that tell the length of its content.</summary>
    private const int LengthBytes = 4;

    /// <summary>By how much content can be compressed at most.</summary>
    private const long HighestCompression = 1032;

    /// <summary>Whether a directory holds JPEG copies of CIFAR-10.</summary>
    public static bool IsIn(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return File.Exists(Path.Combine(directory, Archive)) || Directory.Exists(Path.Combine(directory, Training));
    }

    /// <summary>Decodes training and test data into memory, a byte per value.</summary>
    /// <param name="directory">
    /// Holds <c>cifar10-jpeg.tar.gz</c>, or the two folders <c>train</c> and <c>test</c> that are in it.
    /// </param>
    /// <exception cref="DataFileException">The directory or a file is missing, damaged or has another name.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DataFileException($"{directory}: there is no such directory; it should hold {Archive}.");
        var archive = Path.Combine(directory, Archive);
        try
        {
            var (train, test) = File.Exists(archive)
                ? ReadArchive(archive)
                : (ReadFolder(directory, Training), ReadFolder(directory, Test));
            return (Decode(train, Path.Combine(directory, Training)), Decode(test, Path.Combine(directory, Test)));
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new DataFileException($"{archive}: the archive is damaged; fetch it again.", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or (IOException and not DataFileException))
        {
            throw new DataFileException($"{directory}: the pictures cannot be read: {error.Message}", error);
        }
    }

    private static (List<Picture> Train, List<Picture> Test) ReadArchive(string path)
    {
        var (train, test) = (new List<Picture>(), new List<Picture>());
        using var archive = new TarReader(new MemoryStream(Decompress(path)));
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data)
                continue;
            var name = $"{path}/{entry.Name}";
            var part = Path.GetDirectoryName(entry.Name) switch
            {
                Training => train,
                Test => test,
                _ => throw new DataFileException($"{name}: pictures are in {Training} and {Test}; is it the right archive?"),
            };
            if (entry.Length > MostBytes)
                throw new DataFileException($"{name}: the file has {entry.Length} bytes, which is too large for a picture of 32 x 32.");
            var bytes = new byte[entry.Length];
            data.ReadExactly(bytes);
            part.Add(Picture.Of(name, bytes));
        }
        return (train, test);
    }

    /// <summary>
    /// Decompresses the archive. Its last four bytes are the length of the content: without that, an archive that ends between two pictures
    /// would look whole.
    /// </summary>
    private static byte[] Decompress(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length < LengthBytes)
            throw new InvalidDataException();
        Span<byte> last = stackalloc byte[LengthBytes];
        file.Position = file.Length - LengthBytes;
        file.ReadExactly(last);
        file.Position = 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(last);
        if (length > Math.Min(Array.MaxLength, file.Length * HighestCompression))
            throw new InvalidDataException();
        using var content = new GZipStream(file, CompressionMode.Decompress);
        var bytes = new byte[length];
        content.ReadExactly(bytes);
        return content.ReadByte() < 0 ? bytes : throw new InvalidDataException();
    }

    private static List<Picture> ReadFolder(string directory, string part)
    {
        var folder = Path.Combine(directory, part);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder).Select(path => Picture.Of(path, File.ReadAllBytes(path)))]
            : throw new DataFileException($"{folder}: there is no such directory, and no {Archive} beside it.");
    }

    /// <summary>Decodes pictures in their original order.</summary>
    private static Dataset Decode(List<Picture> pictures, string part)
    {
        pictures.Sort((a, b) => a.Place.CompareTo(b.Place));
        for (var i = 0; i < pictures.Count; i++)
        {
            if (pictures[i].Place != i)
                throw new DataFileException($"{part}: picture {i} is missing, or another one is there twice.");
        }
        if (pictures.Count == 0)
            throw new DataFileException($"{part}: there are no pictures.");
        var shape = Cifar10.ImageShape;
        var values = new byte[(long)pictures.Count * shape.Length];
        ParallelDecoder.Run(pictures.Count, i => ImageDecoder.Decode(pictures[i].File, pictures[i].Name, shape.Channels, (found, decoded) =>
        {
            if (found != shape)
                throw new DataFileException($"{pictures[i].Name}: the picture has {found.Width} x {found.Height} pixels, not 32 x 32.");
            decoded.CopyTo(values.AsSpan(i * shape.Length));
            return true;
        }))?.Throw();
        return Dataset.FromBytes(values, shape, pictures.Select(picture => picture.Label).ToArray());
    }

    /// <summary>A file.</summary>
    /// <param name="Name">Its name, for messages.</param>
    /// <param name="Place">Its place in the original order.</param>
    /// <param name="Label">Its class.</param>
    /// <param name="File">Its content.</param>
    private sealed record Picture(string Name, int Place, int Label, byte[] File)
    {
        public static Picture Of(string name, byte[] file)
        {
            string[] parts = Path.GetFileNameWithoutExtension(name).Split('-');
            return Path.GetExtension(name) == ".jpg"
                && parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var label)
                && label < Classes
                ? new(name, place, label, file)
                : throw new DataFileException($"{name}: a picture is named by its place and its class, 0 to 9, as 00000-6.jpg.");
        }
    }
}
