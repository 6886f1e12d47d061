using SparseSharp.Files;

namespace SparseSharp.Data;

/// <summary>
/// Reads the binary files of CIFAR, one after another into the same dataset. A file holds pictures and nothing else: per picture one or
/// two bytes of labels, then 1024 bytes of red, 1024 of green and 1024 of blue, each row by row.
/// </summary>
/// <param name="format">Name of the format, for messages.</param>
/// <param name="labelBytes">Bytes before the pixels of a picture.</param>
/// <param name="labelByte">Which of them is the label.</param>
/// <param name="classes">Labels are below that.</param>
internal sealed class CifarReader(string format, int labelBytes, int labelByte, int classes)
{
    /// <summary>Pictures that a file has usually.</summary>
    private const int UsualPictures = 10_000;

    private readonly List<int> _labels = [];
    private byte[] _pixels = [];

    /// <summary>The shape of a picture.</summary>
    public static ImageShape Shape { get; } = new(3, 32, 32);

    private static int PixelBytes => Shape.Length;

    private int RecordBytes => labelBytes + PixelBytes;

    /// <summary>Finds a file under its usual name, plain or compressed.</summary>
    /// <param name="directory">Where it should be.</param>
    /// <param name="name">Its name.</param>
    /// <param name="all">The files that the directory should hold, for a message.</param>
    public static string Find(string directory, string name, string all)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DataFileException(FileText.Message(directory, $"there is no such directory; it should hold {all}."));
        var path = Path.Combine(directory, name);
        foreach (var candidate in (ReadOnlySpan<string>)[path, $"{path}.gz"])
        {
            if (File.Exists(candidate))
                return candidate;
        }
        throw new DataFileException(
            FileText.Message(path, $"there is no such file, also not as {name}.gz; the directory should hold {all}."));
    }

    /// <summary>Adds the pictures of a file.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds something else.</exception>
    public CifarReader Add(string path)
    {
        _ = DataFile.Read(path, (content, length, isLimit) => Add(path, content, length, isLimit));
        return this;
    }

    /// <summary>The pictures of all files.</summary>
    public Dataset ToDataset() =>
        Dataset.FromBytes(_pixels.AsMemory(0, _labels.Count * PixelBytes), Shape, _labels.ToArray());

    private int Add(string path, Stream content, long length, bool isLimit)
    {
        var most = length / RecordBytes;
        if (!isLimit && (length == 0 || length % RecordBytes != 0))
            throw NotWhole(path, length);
        var room = (Array.MaxLength / PixelBytes) - _labels.Count;
        if (!isLimit && most > room)
            throw TooMany(path);
        Resize(_labels.Count + Math.Min(room, isLimit ? UsualPictures : most));
        var label = new byte[labelBytes];
        for (var picture = 0; ; picture++)
        {
            var read = content.ReadAtLeast(label, labelBytes, throwOnEndOfStream: false);
            if (read == 0 && picture > 0)
                return picture;
            if (picture == most)
                throw new DataFileException(FileText.Message(
                    path,
                    isLimit
                        ? $"a compressed file of this size is read up to {length} bytes only; decompress it with gunzip and read that."
                        : $"the file goes on behind its {most} pictures; it has grown while it was read."));
            if (picture == room)
                throw TooMany(path);
            if (_labels.Count == _pixels.Length / PixelBytes)
                Resize(Math.Min(2L * _labels.Count, _labels.Count + (room - picture)));
            read += read < labelBytes
                ? 0
                : content.ReadAtLeast(_pixels.AsSpan(_labels.Count * PixelBytes, PixelBytes), PixelBytes, throwOnEndOfStream: false);
            if (read < RecordBytes)
                throw NotWhole(path, ((long)picture * RecordBytes) + read);
            if (label[labelByte] >= classes)
            {
                throw new DataFileException(FileText.Message(
                    path,
                    $"picture {picture} has the label {label[labelByte]}, but labels of {format} are 0 to {classes - 1}; is it the right file?"));
            }
            _labels.Add(label[labelByte]);
        }
    }

    private static DataFileException TooMany(string path) =>
        new(FileText.Message(path, "the file has more pictures than fit the memory of one array."));

    private DataFileException NotWhole(string path, long bytes) => new(FileText.Message(
        path, $"{bytes} bytes are no whole pictures of {format}, which have {RecordBytes} bytes each; the file is truncated or another one."));

    /// <summary>Makes room for pictures.</summary>
    private void Resize(long pictures)
    {
        if (pictures * PixelBytes > _pixels.Length)
            Array.Resize(ref _pixels, (int)(pictures * PixelBytes));
    }
}
