using SparseSharp.Files;

namespace SparseSharp;

/// <summary>
/// The content of a safetensors file: named tensors and text metadata. A file is checked as a whole when it is read (header, types,
/// shapes, offsets, lengths) before memory is taken for its tensors; it is written under a temporary name, flushed and renamed.
/// </summary>
/// <remarks>Format: header length (64 bits, little-endian), JSON header, data; see https://github.com/huggingface/safetensors.</remarks>
public sealed class SafeTensors
{
    private readonly Dictionary<string, NamedTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<NamedTensor> _tensors = [];
    private readonly string _source;

    /// <summary>Gathers tensors for a new file.</summary>
    /// <param name="tensors">The tensors; their names must differ.</param>
    /// <param name="metadata">Text to go with them.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    public SafeTensors(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        : this(tensors, metadata, "the tensors")
    {
    }

    internal SafeTensors(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata, string source)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors files hold little-endian numbers, which this processor does not use.");
        _source = source;
        Metadata = metadata ?? new Dictionary<string, string>();
        foreach (var tensor in tensors)
        {
            if (tensor.Name == SafeTensorsHeader.MetadataKey)
                throw new ArgumentException($"'{tensor.Name}' is reserved and cannot be the name of a tensor.");
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"Two tensors have the name '{tensor.Name}'.");
            _tensors.Add(tensor);
        }
    }

    /// <summary>All tensors, in order of their place in the file.</summary>
    public IReadOnlyList<NamedTensor> Tensors => _tensors;

    /// <summary>Text that goes with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor by name.</summary>
    /// <exception cref="SafeTensorsException">There is none of that name.</exception>
    public NamedTensor this[string name] =>
        Find(name) ?? throw new SafeTensorsException(FileText.Message(_source, $"tensor '{FileText.Name(name)}' is missing."));

    /// <summary>A tensor by name, or null.</summary>
    public NamedTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a file, all of it; <see cref="ModelFile"/> reads only what a model needs.</summary>
    /// <exception cref="SafeTensorsException">The file cannot be read or is not a whole and valid safetensors file.</exception>
    public static SafeTensors Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = TensorFile.Open(path);
        return file.Content.ReadAll();
    }

    /// <summary>Reads the content of a file from memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="SafeTensorsException">It is not a whole and valid safetensors file.</exception>
    public static SafeTensors Parse(ReadOnlyMemory<byte> bytes, string source = "the bytes")
    {
        ArgumentNullException.ThrowIfNull(source);
        using var file = TensorFile.Of(bytes, source);
        return file.Content.ReadAll();
    }

    /// <summary>Writes a file; it is replaced as a whole or not at all.</summary>
    /// <exception cref="DataFileException">The file cannot be written; the old one is as it was.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Write);
    }

    /// <summary>Writes the content of a file to a stream.</summary>
    public void Write(Stream stream) => SafeTensorsWriter.Write(stream, _tensors, Metadata);

    /// <summary>The same content with all bytes in memory.</summary>
    private SafeTensors ReadAll() => new(_tensors.Select(tensor => tensor.Read()), Metadata, _source);
}
