using System.Runtime.InteropServices;

namespace SparseSharp.Numerics;

/// <summary>
/// Asks the system for large pages: weights, gradients and optimizer state are streamed, and small pages cost a table walk each.
/// </summary>
internal static unsafe partial class HugePages
{
    private const int Advice = 14; // MADV_HUGEPAGE

    /// <summary>Bytes of a large page, which is also how it is aligned.</summary>
    public const nuint Size = 2 << 20;

    /// <summary>A hint before first use; where it is not understood nothing changes.</summary>
    public static void Advise(void* address, nuint length)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Madvise(address, length, Advice);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: small pages work as well, only slower.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
