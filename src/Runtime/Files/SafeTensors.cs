using System.Buffers.Binary;
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

    private SafeTensors(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata, string source)
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
    public NamedTensor this[string name] => Find(name) ?? throw new SafeTensorsException($"{_source}: tensor '{name}' is missing.");

    /// <summary>A tensor by name, or null.</summary>
    public NamedTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SafeTensorsException">The file cannot be read or is not a whole and valid safetensors file.</exception>
    public static SafeTensors Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            return Read(path, length, (destination, offset) =>
            {
                var read = 0;
                for (int got; read < destination.Length && (got = RandomAccess.Read(file, destination[read..], offset + read)) > 0;)
                    read += got;
                if (read < destination.Length)
                    throw new SafeTensorsException($"{path}: the file became shorter while it was read.");
            });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SafeTensorsException($"{path}: there is no such file.", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or NotSupportedException or (IOException and not SafeTensorsException))
        {
            throw new SafeTensorsException($"{path}: the file cannot be read: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>Reads the content of a file from memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="SafeTensorsException">It is not a whole and valid safetensors file.</exception>
    public static SafeTensors Parse(ReadOnlyMemory<byte> bytes, string source = "the bytes") =>
        Read(source, bytes.Length, (destination, offset) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination));

    /// <summary>Writes a file; it is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Write);
    }

    /// <summary>Writes the content of a file to a stream.</summary>
    public void Write(Stream stream) => SafeTensorsWriter.Write(stream, _tensors, Metadata);

    private delegate void ReadAt(Span<byte> destination, long offset);

    private static SafeTensors Read(string source, long fileLength, ReadAt readAt)
    {
        if (fileLength < 8)
            throw new SafeTensorsException($"{source}: the file is truncated: it has {fileLength} bytes, fewer than the 8 of the header length.");
        Span<byte> prefix = stackalloc byte[8];
        readAt(prefix, 0);
        var headerLength = SafeTensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(prefix), fileLength, source);
        var json = new byte[headerLength];
        readAt(json, 8);
        var dataStart = 8L + headerLength;
        var header = SafeTensorsHeader.Parse(json, fileLength - dataStart, source);

        var tensors = new List<NamedTensor>(header.Entries.Count);
        foreach (var entry in header.Entries)
        {
            var bytes = GC.AllocateUninitializedArray<byte>((int)(entry.End - entry.Begin));
            readAt(bytes, dataStart + entry.Begin);
            tensors.Add(new NamedTensor(entry.Name, entry.Type, entry.Shape, bytes));
        }
        return new SafeTensors(tensors, header.Metadata, source);
    }
}
