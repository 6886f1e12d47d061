namespace SparseSharp.Files;

/// <summary>The tensors of a file under the names of a model. It remembers which were asked for; faults name the file.</summary>
/// <param name="file">The content.</param>
/// <param name="path">Of the file, for messages.</param>
/// <param name="names">Our name of a tensor or of a layer, and what it is called in the file, or nothing if it is not to be read; may be
/// null.</param>
/// <param name="prefix">What stands before all names in the file; may be null.</param>
internal sealed class ModelTensors(SafeTensors file, string path, IReadOnlyDictionary<string, string>? names, string? prefix = null)
{
    private const int MostListed = 8;
    private const int LongestListed = 28;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <summary>Whether a layer or a tensor is not to be read.</summary>
    public bool IsLeftOut(string own) => names is not null && names.TryGetValue(own, out var other) && other.Length == 0;

    /// <summary>What a tensor is called in the file.</summary>
    public string FileName(string layer, string tensor)
    {
        var own = $"{layer}.{tensor}";
        if (names is null)
            return prefix + own;
        return prefix + (names.GetValueOrDefault(own) ?? (names.TryGetValue(layer, out var other) ? $"{other}.{tensor}" : own));
    }

    /// <summary>Whether there is a tensor of a layer.</summary>
    public bool Has(string layer, string tensor) =>
        !IsLeftOut(layer) && !IsLeftOut($"{layer}.{tensor}") && file.Find(FileName(layer, tensor)) is not null;

    /// <summary>A tensor of a layer, or null.</summary>
    public NamedTensor? Find(string layer, string tensor)
    {
        if (!Has(layer, tensor))
            return null;
        var found = file[FileName(layer, tensor)];
        _used.Add(found.Name);
        return found;
    }

    /// <summary>The tensors that nobody asked for.</summary>
    public IEnumerable<NamedTensor> Unused() => file.Tensors.Where(tensor => !_used.Contains(tensor.Name));

    public SafeTensorsException Missing(string name, string layer)
    {
        var listed = string.Join(", ", file.Tensors.Take(MostListed).Select(tensor => $"'{FileText.OneLine(tensor.Name, LongestListed)}'"));
        var more = file.Tensors.Count > MostListed ? $" and {file.Tensors.Count - MostListed} more" : "";
        return Fault($"tensor '{FileText.Name(name)}' of layer {layer} is missing; the file has {(listed.Length > 0 ? listed + more : "no tensors")}. {Advice(name)}");
    }

    public SafeTensorsException Fault(string message) => new(FileText.Message(path, message));

    /// <summary>A tensor that would fit but for what stands before its name tells the prefix.</summary>
    private string Advice(string name)
    {
        var found = file.Tensors.FirstOrDefault(tensor => tensor.Name.EndsWith($".{name}", StringComparison.Ordinal));
        return found is null ? "Other names need a name map." : $"Give it the prefix '{FileText.Name(found.Name[..^name.Length])}'.";
    }
}
