using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace SparseSharp.Files;

/// <summary>
/// A safetensors file that is open: its header has been checked, and the bytes of a tensor are read each time that someone asks for them.
/// </summary>
internal sealed class TensorFile : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly string _source;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly long _length;

    private TensorFile(SafeFileHandle? handle, ReadOnlyMemory<byte> memory, string source)
    {
        (_handle, _memory, _source) = (handle, memory, source);
        try
        {
            _length = handle is null ? memory.Length : RandomAccess.GetLength(handle);
            Content = ReadHeader();
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>The tensors, whose bytes can be read until this is disposed, and the metadata.</summary>
    public SafeTensors Content { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="SafeTensorsException">The file cannot be read or is not a whole and valid safetensors file.</exception>
    public static TensorFile Open(string path) => Translate(path, () => new TensorFile(File.OpenHandle(path), default, path));

    /// <summary>As <see cref="Open"/>, of a file that is in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in messages.</param>
    public static TensorFile Of(ReadOnlyMemory<byte> bytes, string source) => new(null, bytes, source);

    /// <summary>Reads something of a file; what goes wrong becomes a <see cref="SafeTensorsException"/> that names it.</summary>
    public static T Translate<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SafeTensorsException(FileText.Message(path, "there is no such file."), error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or NotSupportedException or (IOException and not DataFileException))
        {
            throw new SafeTensorsException(FileText.Message(path, $"the file cannot be read: {error.Message}"), error);
        }
    }

    public void Dispose() => _handle?.Dispose();

    private SafeTensors ReadHeader()
    {
        if (_length < 8)
            throw new SafeTensorsException(
                FileText.Message(_source, $"the file is truncated: it has {_length} bytes, fewer than the 8 of the header length."));
        Span<byte> start = stackalloc byte[(int)Math.Min(_length, FileKind.Bytes)];
        ReadAt(start, 0);
        var headerLength = SafeTensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(start), _length, start, _source);
        var json = GC.AllocateUninitializedArray<byte>(headerLength);
        ReadAt(json, 8);
        var dataStart = 8L + headerLength;
        var header = SafeTensorsHeader.Parse(json, _length - dataStart, _source);
        return new SafeTensors(header.Entries.Select(entry => new NamedTensor(
            in entry, () => Read(dataStart + entry.Begin, entry.End - entry.Begin), default)), header.Metadata, _source);
    }

    private byte[] Read(long offset, long length) => Translate(_source, () =>
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        ReadAt(bytes, offset);
        return bytes;
    });

    private void ReadAt(Span<byte> destination, long offset)
    {
        if (_handle is null)
        {
            _memory.Span.Slice((int)offset, destination.Length).CopyTo(destination);
            return;
        }
        var read = 0;
        for (int got; read < destination.Length && (got = RandomAccess.Read(_handle, destination[read..], offset + read)) > 0;)
            read += got;
        if (read < destination.Length)
            throw new SafeTensorsException(FileText.Message(_source, "the file became shorter while it was read."));
    }
}
