namespace SparseSharp.Files;

/// <summary>The tensors of a file under the names of a model. It remembers which were asked for; faults name the file.</summary>
/// <param name="file">The content.</param>
/// <param name="path">Of the file, for messages.</param>
/// <param name="names">Our name of a tensor or of a layer, and what it is called in the file; may be null.</param>
internal sealed class ModelTensors(SafeTensors file, string path, IReadOnlyDictionary<string, string>? names)
{
    private const int MostListed = 8;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <summary>What a tensor is called in the file.</summary>
    public string FileName(string layer, string tensor)
    {
        var own = $"{layer}.{tensor}";
        if (names is null)
            return own;
        return names.GetValueOrDefault(own) ?? (names.TryGetValue(layer, out var other) ? $"{other}.{tensor}" : own);
    }

    /// <summary>A tensor of a layer, or null.</summary>
    public NamedTensor? Find(string layer, string tensor)
    {
        var found = file.Find(FileName(layer, tensor));
        if (found is not null)
            _used.Add(found.Name);
        return found;
    }

    /// <summary>The first tensor that nobody asked for, or null.</summary>
    public NamedTensor? FirstUnused() => file.Tensors.FirstOrDefault(tensor => !_used.Contains(tensor.Name));

    public SafeTensorsException Missing(string name, string layer)
    {
        var listed = string.Join(", ", file.Tensors.Take(MostListed).Select(tensor => $"'{tensor.Name}'"));
        var more = file.Tensors.Count > MostListed ? $" and {file.Tensors.Count - MostListed} more" : "";
        return Fault($"tensor '{name}' of layer {layer} is missing; the file has {(listed.Length > 0 ? listed + more : "no tensors")}. Other names need a name map.");
    }

    public SafeTensorsException Fault(string message) => new($"{path}: {message.ReplaceLineEndings(" ")}");
}
