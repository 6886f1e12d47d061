namespace SparseSharp.Images;

/// <summary>Decoded images in memory, a byte per value; they may differ in shape.</summary>
internal sealed class LoadedImages(string[] paths, (ImageShape Shape, byte[] Values)[] images) : ImageSource
{
    public override int Count => images.Length;

    /// <summary>Decodes files, as many at once as there are processors.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="limit">Bytes of all images together.</param>
    /// <param name="directory">For messages.</param>
    public static LoadedImages Load(string[] paths, int channels, long limit, string directory)
    {
        var images = new (ImageShape, byte[])[paths.Length];
        var used = 0L;
        var fault = ParallelDecoder.Run(paths.Length, i => images[i] = ImageDecoder.Read(paths[i], channels, (shape, values) =>
            Interlocked.Add(ref used, values.Length) <= limit
                ? (shape, values.ToArray())
                : throw new DataFileException(
                    $"{directory}: the decoded images need more than the {limit} bytes that were allowed; {nameof(ImageFolder.Open)} reads each when it is needed.")));
        fault?.Throw();
        return new(paths, images);
    }

    public override void Read(int image, ImageBuffer buffer) =>
        Pixels.ToFloats(images[image].Values, buffer.Resize(images[image].Shape));

    public override string NameOf(int image) => paths[image];
}
