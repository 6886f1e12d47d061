namespace SparseSharp.Generator.Emitting;

/// <summary>Prints what the modules of a project share: the autograd function, and parameters in the memory of tensors.</summary>
internal static class TorchSupportEmitter
{
    public const string HintName = "SparseSharp.Torch.g.cs";

    public static string Emit()
    {
        using var stream = typeof(TorchSupportEmitter).Assembly.GetManifestResourceStream("TorchSupport.cs");
        using var reader = new StreamReader(stream!);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
