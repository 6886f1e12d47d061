using System.Buffers.Binary;
using SparseSharp.Data;
using SparseSharp.Files;

namespace SparseSharp;

/// <summary>
/// Reads IDX files, the format of MNIST: two zero bytes, a type byte, the number of dimensions, each extent as a big-endian 32-bit
/// number, then the elements. Files may be compressed by gzip; the content tells, not the name. Only unsigned bytes are supported.
/// </summary>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Reads grey images.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds something else.</exception>
    public static IdxImages ReadImages(string path)
    {
        var (shape, bytes) = Read(path, dimensions: 3, "images");
        return new IdxImages(bytes, shape[0], shape[1], shape[2]);
    }

    /// <summary>Reads one label per sample.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds something else.</exception>
    public static byte[] ReadLabels(string path) => Read(path, dimensions: 1, "labels").Bytes;

    private static (int[] Shape, byte[] Bytes) Read(string path, int dimensions, string what) =>
        DataFile.Read(path, (content, length, isLimit) => Read(content, length, isLimit, path, dimensions, what));

    /// <summary>Reads and checks the header, then the elements.</summary>
    /// <param name="content">The file, decompressed.</param>
    /// <param name="length">Its length or, if <paramref name="isLimit"/>, what it cannot exceed.</param>
    /// <param name="isLimit">See there.</param>
    /// <param name="path">For messages.</param>
    /// <param name="dimensions">Dimensions expected.</param>
    /// <param name="what">What the file should hold.</param>
    private static (int[] Shape, byte[] Bytes) Read(Stream content, long length, bool isLimit, string path, int dimensions, string what)
    {
        var header = new byte[4 + (4 * dimensions)];
        if (content.ReadAtLeast(header.AsSpan(0, 4), 4, throwOnEndOfStream: false) < 4)
            throw new DataFileException(FileText.Message(path, "the file is truncated: it ends within its first four bytes."));
        CheckMagic(header, path, dimensions, what);
        if (content.ReadAtLeast(header.AsSpan(4), header.Length - 4, throwOnEndOfStream: false) < header.Length - 4)
            throw new DataFileException(
                FileText.Message(path, $"the file is truncated: it ends within its header of {header.Length} bytes."));

        var (shape, elements) = ReadShape(header, path);
        var expected = header.Length + elements;
        if (length < expected)
            throw isLimit ? TooCompressed(path, shape, expected, length) : Truncated(path, shape, expected, $"{length}");
        if (length > expected && !isLimit)
            throw TooLong(path, shape, expected);
        var bytes = GC.AllocateUninitializedArray<byte>((int)elements);
        var read = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw Truncated(path, shape, expected, $"{header.Length + read}");
        if (content.ReadByte() >= 0)
            throw TooLong(path, shape, expected);
        return (shape, bytes);
    }

    private static void CheckMagic(ReadOnlySpan<byte> header, string path, int dimensions, string what)
    {
        if (header[0] != 0 || header[1] != 0)
            throw new DataFileException(
                FileText.Message(path, $"not an IDX file: it begins with {header[0]:X2} {header[1]:X2} instead of 00 00."));
        if (header[2] != UnsignedByte)
            throw new DataFileException(
                FileText.Message(path, $"the elements have IDX type {header[2]:X2}, but {what} are read as unsigned bytes, type 08."));
        if (header[3] != dimensions)
            throw new DataFileException(
                FileText.Message(path, $"the file has {header[3]} dimensions, but {what} have {dimensions}; is it the right file?"));
    }

    private static (int[] Shape, long Elements) ReadShape(ReadOnlySpan<byte> header, string path)
    {
        var shape = new int[(header.Length - 4) / 4];
        long elements = 1;
        for (var i = 0; i < shape.Length; i++)
        {
            var extent = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
            // The product so far is below 2³¹ and the extent below 2³²: no overflow.
            elements *= extent;
            if (extent == 0 || extent > int.MaxValue || elements > Array.MaxLength)
                throw new DataFileException(FileText.Message(
                    path,
                    $"dimension {i} of the header is {extent}, which is {(extent == 0 ? "empty" : "too large")}; the file is damaged."));
            shape[i] = (int)extent;
        }
        return (shape, elements);
    }

    private static DataFileException Truncated(string path, int[] shape, long expected, string found) =>
        new(FileText.Message(
            path, $"the file is truncated: {string.Join(" x ", shape)} elements need {expected} bytes, but there are {found}."));

    private static DataFileException TooCompressed(string path, int[] shape, long expected, long limit) =>
        new(FileText.Message(path, $"{string.Join(" x ", shape)} elements need {expected} bytes, but a compressed file of this size is "
            + $"read up to {limit} only; if it is what it claims, decompress it with gunzip and read that."));

    private static DataFileException TooLong(string path, int[] shape, long expected) =>
        new(FileText.Message(
            path, $"{string.Join(" x ", shape)} elements need {expected} bytes, but the file goes on behind them; it is damaged."));
}

/// <summary>Grey images of an IDX file.</summary>
/// <param name="Pixels">Row-major <c>[Count, Rows, Columns]</c>, 0 to 255.</param>
/// <param name="Count">Images.</param>
/// <param name="Rows">Height of an image.</param>
/// <param name="Columns">Width of an image.</param>
public sealed record IdxImages(byte[] Pixels, int Count, int Rows, int Columns);
