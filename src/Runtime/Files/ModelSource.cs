namespace SparseSharp.Files;

/// <summary>
/// What a model is read from: a safetensors file, or several with their index. Bytes are read when someone asks for them.
/// </summary>
internal sealed class ModelSource : IDisposable
{
    private readonly List<TensorFile> _files = [];

    private ModelSource(string path)
    {
        try
        {
            Content = ShardIndex.IsIndex(path) ? OpenShards(path) : Open(path).Content;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>All tensors, which can be read until this is disposed, and the metadata.</summary>
    public SafeTensors Content { get; }

    /// <summary>Opens a file, or an index and all files that it names, and checks their headers.</summary>
    /// <exception cref="SafeTensorsException">A file cannot be read or is not a whole and valid safetensors file, or the index does not fit
    /// the files.</exception>
    public static ModelSource OpenAt(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path);
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private TensorFile Open(string path)
    {
        var file = TensorFile.Open(path);
        _files.Add(file);
        return file;
    }

    private SafeTensors OpenShards(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var tensors = new List<NamedTensor>();
        foreach (var shard in ShardIndex.Read(path).GroupBy(pair => pair.Value, pair => pair.Key))
        {
            var content = Open(Path.Combine(directory, shard.Key)).Content;
            foreach (var name in shard)
            {
                tensors.Add(content.Find(name)
                    ?? throw new SafeTensorsException(
                        FileText.Message(path, $"tensor '{FileText.Name(name)}' should be in {shard.Key}, but is not there.")));
            }
        }
        return new SafeTensors(tensors, null, path);
    }
}
