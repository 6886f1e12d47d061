using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Reading;

/// <summary>Whether a project uses TorchSharp, and one that modules can be made for.</summary>
internal static class TorchReference
{
    /// <summary>Names of the types that emitted modules derive from.</summary>
    private static readonly string[] Bases = ["TorchSharp.torch+nn+Module`2", "TorchSharp.torch+autograd+SingleTensorFunction`1"];

    /// <summary>A type that came with 0.107, the first version with all that modules use.</summary>
    private const string Since107 = "TorchSharp.BFloat16";

    public static bool IsUsable(Compilation compilation) =>
        compilation.GetTypeByMetadataName(Since107) is not null
            && Array.TrueForAll(Bases, name => compilation.GetTypeByMetadataName(name) is not null);
}
