using System.IO.Compression;
using SparseSharp.Files;

namespace SparseSharp.Data;

/// <summary>Reads binary files that may be compressed by gzip; the content tells, not the name.</summary>
internal static class DataFile
{
    /// <summary>
    /// By how much a large compressed file may expand: data sets of images do by less than five. A few bytes can claim to be gigabytes.
    /// </summary>
    private const long HighestCompression = 8;

    /// <summary>What any compressed file may expand to: images that are nearly empty compress better.</summary>
    private const long SmallContent = 64 << 20;

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">The file, decompressed.</param>
    /// <param name="length">Its length or, if <paramref name="isLimit"/>, what it cannot exceed.</param>
    /// <param name="isLimit">See there.</param>
    public delegate T Reader<T>(Stream content, long length, bool isLimit);

    /// <summary>Opens a file and reads it.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or cannot be read.</exception>
    public static T Read<T>(string path, Reader<T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (!IsGzip(file))
                return read(file, file.Length, isLimit: false);
            using var content = new GZipStream(file, CompressionMode.Decompress);
            return read(content, Math.Max(SmallContent, file.Length * HighestCompression), isLimit: true);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException(FileText.Message(path, "there is no such file."), error);
        }
        catch (InvalidDataException error)
        {
            throw new DataFileException(FileText.Message(path, "the compressed data are damaged; fetch the file again."), error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or NotSupportedException or (IOException and not DataFileException))
        {
            throw new DataFileException(FileText.Message(path, $"the file cannot be read: {error.Message}"), error);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        return isGzip;
    }
}
