using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SparseSharp.Files;

/// <summary>
/// What the library of .NET has no call for. Each is done as well as the system allows: a failure is no fault of the file.
/// </summary>
internal static unsafe partial class UnixFile
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerAndGroup = 0x18; // STATX_UID | STATX_GID
    private const int ReadOnly = 0;

    /// <summary>Gives a file the owner and the group of another one, where the process may do so.</summary>
    public static void CopyOwner(string from, string to)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            // The layout of struct statx is the same on every processor.
            Span<byte> stat = stackalloc byte[256];
            fixed (byte* pointer = stat)
            {
                if (Statx(CurrentDirectory, from, 0, OwnerAndGroup, pointer) != 0)
                    return;
            }
            var (owner, group) = (BinaryPrimitives.ReadUInt32LittleEndian(stat[20..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[24..]));
            // A process without privilege may still give the file to another of its groups.
            if (Chown(to, owner, group) != 0)
                _ = Chown(to, uint.MaxValue, group);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: the file belongs to this process then.
        }
    }

    /// <summary>Flushes the names in a directory to the disk: a rename may be lost before, though never in part.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            var descriptor = Open(directory, ReadOnly);
            if (descriptor < 0)
                return;
            _ = Fsync(descriptor);
            _ = Close(descriptor);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // The system flushes it by itself in a while.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
