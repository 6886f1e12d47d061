namespace SparseSharp;

public sealed partial class Dataset
{
    /// <summary>
    /// Reads grey images and their labels from IDX files, plain or compressed by gzip. Pixels become features from 0 to 1.
    /// </summary>
    /// <param name="imagesPath">File of images, unsigned bytes <c>[count, rows, columns]</c>.</param>
    /// <param name="labelsPath">File of labels, unsigned bytes <c>[count]</c>.</param>
    /// <exception cref="DataFileException">A file is missing or damaged, or the two do not belong together.</exception>
    public static Dataset FromIdx(string imagesPath, string labelsPath)
    {
        var images = IdxFile.ReadImages(imagesPath);
        var labels = IdxFile.ReadLabels(labelsPath);
        if (labels.Length != images.Count)
            throw new DataFileException($"{labelsPath}: there are {labels.Length} labels, but {images.Count} images in {imagesPath}; do the files belong together?");
        var pixels = images.Pixels;
        var inputs = GC.AllocateUninitializedArray<float>(pixels.Length);
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = pixels[i] / 255f;
        return new Dataset(inputs, images.Rows * images.Columns, Array.ConvertAll(labels, label => (int)label))
            .AsImages(1, images.Rows, images.Columns);
    }
}
