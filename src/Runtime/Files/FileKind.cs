namespace SparseSharp.Files;

/// <summary>Files that are mistaken for safetensors, by their first bytes.</summary>
internal static class FileKind
{
    /// <summary>Bytes that tell.</summary>
    public const int Bytes = 12;

    private static readonly (byte[] Start, string What)[] Kinds =
    [
        ([.. "PK\u0003\u0004"u8], "a zip archive, such as a pickle of torch.save (.pt, .pth) or a .npz; in Python, "
            + "safetensors.torch.save_file(model.state_dict(), path) writes what is read here"),
        ([0x80, 0x02], "a Python pickle; in Python, safetensors.torch.save_file(model.state_dict(), path) writes what is read here"),
        ([0x80, 0x03], "a Python pickle; in Python, safetensors.torch.save_file(model.state_dict(), path) writes what is read here"),
        ([0x80, 0x04], "a Python pickle; in Python, safetensors.torch.save_file(model.state_dict(), path) writes what is read here"),
        ([0x80, 0x05], "a Python pickle; in Python, safetensors.torch.save_file(model.state_dict(), path) writes what is read here"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, such as Keras writes"),
        ([0x93, .. "NUMPY"u8], "an array of NumPy (.npy)"),
        ([.. "GGUF"u8], "a GGUF file"),
        ([0x1F, 0x8B], "compressed by gzip; decompress it first"),
        ([.. "version http"u8], "a pointer of Git LFS; fetch the file itself with 'git lfs pull'"),
        ([(byte)'{'], "JSON text, such as an index of shards; give it to Load under its name *.safetensors.index.json"),
        ([(byte)'<'], "a web page or XML; fetch the file again"),
    ];

    /// <summary>What a file is that begins so, in words, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> start)
    {
        foreach (var (bytes, what) in Kinds)
        {
            if (start.StartsWith(bytes))
                return what;
        }
        return null;
    }
}
