using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace SparseSharp.Images;

/// <summary>Decodes PNG and JPEG images to bytes, channel by channel.</summary>
internal static unsafe class ImageDecoder
{
    /// <summary>Pixels of the largest image: a small file can claim to be gigabytes.</summary>
    public const int MostPixels = 100_000_000;

    private const int PixelBytes = 4;

    /// <summary>What receives an image.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its values, valid during the call.</param>
    public delegate T Receiver<T>(ImageShape shape, ReadOnlySpan<byte> values);

    /// <summary>Decodes a file.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or no PNG or JPEG image.</exception>
    public static T Read<T>(string path, int channels, Receiver<T> receive)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{path}: there is no such file.", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or NotSupportedException or IOException)
        {
            throw new DataFileException($"{path}: the file cannot be read: {error.Message}", error);
        }
        return Decode(file, path, channels, receive);
    }

    /// <summary>Decodes the content of a file.</summary>
    /// <param name="file">The content.</param>
    /// <param name="name">For messages.</param>
    /// <param name="channels">3 for red, green and blue, 1 for grey.</param>
    /// <param name="receive">Receives the image.</param>
    public static T Decode<T>(byte[] file, string name, int channels, Receiver<T> receive)
    {
        using var pinned = file.AsMemory().Pin();
        using var data = SKData.Create((nint)pinned.Pointer, file.Length);
        using var codec = file.Length == 0 ? null : SKCodec.Create(data);
        if (codec is null)
            throw new DataFileException($"{name}: the file is no PNG or JPEG image, or its header is damaged.");
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
            throw new DataFileException($"{name}: the file is a {codec.EncodedFormat} image; only PNG and JPEG are read.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
            throw new DataFileException(string.Create(
                CultureInfo.InvariantCulture, $"{name}: the image has {width} x {height} pixels; at most {MostPixels} are read."));
        var shape = new ImageShape(channels, height, width);
        var pixels = ArrayPool<byte>.Shared.Rent(PixelBytes * shape.Plane);
        var values = ArrayPool<byte>.Shared.Rent(shape.Length);
        try
        {
            Decode(codec, pixels, name);
            Separate(MemoryMarshal.Cast<byte, uint>(pixels.AsSpan(0, PixelBytes * shape.Plane)), channels, values);
            return receive(shape, values.AsSpan(0, shape.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
            ArrayPool<byte>.Shared.Return(values);
        }
    }

    private static void Decode(SKCodec codec, byte[] pixels, string name)
    {
        // No colour space: values stay as the file has them.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        fixed (byte* memory = pixels)
        {
            var result = codec.GetPixels(info, (nint)memory, info.RowBytes, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
                throw new DataFileException($"{name}: the image is damaged or truncated ({result}).");
        }
    }

    /// <summary>Puts the values of a channel together; how opaque a pixel is does not matter.</summary>
    private static void Separate(ReadOnlySpan<uint> pixels, int channels, Span<byte> values)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var (red, green, blue) = (pixels[i] & 255, pixels[i] >> 8 & 255, pixels[i] >> 16 & 255);
            if (channels == 1)
            {
                // Luma of ITU-R BT.601 in 16 bits, rounded, as Pillow computes it.
                values[i] = (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16);
                continue;
            }
            values[i] = (byte)red;
            values[pixels.Length + i] = (byte)green;
            values[(2 * pixels.Length) + i] = (byte)blue;
        }
    }
}
