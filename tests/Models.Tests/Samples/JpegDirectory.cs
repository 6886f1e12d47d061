using System.Formats.Tar;
using System.IO.Compression;

namespace SparseSharp.Models.Tests.Samples;

/// <summary>A directory with the first of the JPEG copies of CIFAR-10, of which an archive has all.</summary>
internal sealed class JpegDirectory : IDisposable
{
    /// <param name="archive">The archive.</param>
    /// <param name="trainImages">How many to learn from.</param>
    /// <param name="testImages">How many to measure accuracy with.</param>
    public JpegDirectory(string archive, int trainImages, int testImages)
    {
        var wanted = new Dictionary<string, int> { ["train"] = trainImages, ["test"] = testImages };
        using var content = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var reader = new TarReader(content);
        while (reader.GetNextEntry() is { } entry)
        {
            var name = System.IO.Path.GetFileName(entry.Name);
            var folder = System.IO.Path.GetDirectoryName(entry.Name)!;
            if (entry.DataStream is null || int.Parse(name[..name.IndexOf('-')]) >= wanted[folder])
                continue;
            Directory.CreateDirectory(System.IO.Path.Combine(Path, folder));
            entry.ExtractToFile(System.IO.Path.Combine(Path, folder, name), overwrite: false);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("jpeg-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
