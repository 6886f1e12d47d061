using SparseSharp.Images;

namespace SparseSharp;

/// <summary>
/// A folder of PNG and JPEG images, with a sub-folder for each class. Classes are the names of the sub-folders in ordinal order, images the
/// files in them with the extensions <c>.png</c>, <c>.jpg</c> and <c>.jpeg</c>, in ordinal order too; other files are passed over.
/// </summary>
/// <remarks>
/// Values are those of the file, from 0 to 1: neither its colour profile nor the orientation that a camera noted is applied, and how opaque
/// a pixel is does not matter.
/// </remarks>
public sealed class ImageFolder
{
    /// <summary>What <see cref="Load"/> may take unless told otherwise: 2 GiB.</summary>
    public const long UsualMemoryLimit = 2L << 30;

    private const int Colours = 3;

    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg"];

    private ImageFolder(Dataset data, IReadOnlyList<string> classNames)
    {
        Data = data;
        ClassNames = classNames;
    }

    /// <summary>The images and their classes.</summary>
    public Dataset Data { get; }

    /// <summary>Names of the classes, by label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// Lists a folder. Images are read whenever a batch needs them, on the threads that load batches; <see cref="TrainerOptions"/> has
    /// their number. Images of different shapes need a crop or a <see cref="Resize"/> that makes them equal.
    /// </summary>
    /// <param name="directory">The folder with a sub-folder for each class.</param>
    /// <param name="channels">3 for red, green and blue, 1 for grey.</param>
    /// <param name="classNames">
    /// The classes by label, for test data those of the training data; null takes the sub-folders. A class may have no folder.
    /// </param>
    /// <exception cref="DataFileException">
    /// The folder is missing, has no images or other classes, or its first image is damaged. Others are read later, and then reported.
    /// </exception>
    public static ImageFolder Open(string directory, int channels = Colours, IReadOnlyList<string>? classNames = null)
    {
        CheckChannels(channels);
        var listed = List(directory, classNames);
        return new(new Dataset(new FileImages(listed.Paths, channels), listed.Labels), listed.ClassNames);
    }

    /// <summary>Decodes all images of a folder into memory, a byte per value.</summary>
    /// <param name="directory">The folder with a sub-folder for each class.</param>
    /// <param name="channels">3 for red, green and blue, 1 for grey.</param>
    /// <param name="classNames">See <see cref="Open"/>.</param>
    /// <param name="memoryLimit">Bytes that the decoded images may take together, at least 1.</param>
    /// <exception cref="DataFileException">
    /// The folder is missing, has no images or other classes, an image is damaged, or all need more memory than allowed.
    /// </exception>
    public static ImageFolder Load(
        string directory, int channels = Colours, IReadOnlyList<string>? classNames = null, long memoryLimit = UsualMemoryLimit)
    {
        CheckChannels(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryLimit, 1);
        var listed = List(directory, classNames);
        var images = LoadedImages.Load(listed.Paths, channels, memoryLimit, directory);
        return new(new Dataset(images, listed.Labels), listed.ClassNames);
    }

    private static void CheckChannels(int channels)
    {
        if (channels is not (1 or Colours))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Images have 3 channels, or 1 where they are to be grey.");
    }

    private static (string[] Paths, int[] Labels, string[] ClassNames) List(string directory, IReadOnlyList<string>? classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DataFileException($"{directory}: there is no such directory; it should hold a folder of images for each class.");
        try
        {
            string[] folders = [.. Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
            string[] names = classNames is null ? folders : [.. classNames];
            if (folders.FirstOrDefault(folder => !names.Contains(folder)) is { } other)
                throw new DataFileException($"{Path.Combine(directory, other)}: the folder is none of the {names.Length} classes.");
            var (paths, labels) = (new List<string>(), new List<int>());
            foreach (var folder in folders)
            {
                var files = Files(Path.Combine(directory, folder));
                paths.AddRange(files);
                labels.AddRange(Enumerable.Repeat(Array.IndexOf(names, folder), files.Length));
            }
            return paths.Count > 0
                ? ([.. paths], [.. labels], names)
                : throw new DataFileException($"{directory}: there are no images; it should hold a folder of images for each class.");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or (IOException and not DataFileException))
        {
            throw new DataFileException($"{directory}: the directory cannot be read: {error.Message}", error);
        }
    }

    private static string[] Files(string folder)
    {
        string[] files =
        [
            .. Directory.GetFiles(folder)
                .Where(path => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal),
        ];
        return files.Length > 0
            ? files
            : throw new DataFileException($"{folder}: the folder of a class has no image (.png, .jpg or .jpeg).");
    }
}
