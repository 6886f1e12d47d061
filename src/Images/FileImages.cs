namespace SparseSharp.Images;

/// <summary>Image files, decoded whenever one is read.</summary>
internal sealed class FileImages(string[] paths, int channels) : ImageSource
{
    public override int Count => paths.Length;

    public override void Read(int image, ImageBuffer buffer) => ImageDecoder.Read(paths[image], channels, (shape, values) =>
    {
        Pixels.ToFloats(values, buffer.Resize(shape));
        return true;
    });

    public override string NameOf(int image) => paths[image];
}
