namespace SparseSharp.Files;

/// <summary>
/// Replaces a file as a whole: at any instant, also after a crash, the path holds the old content or the new one. Of a file that it
/// replaces it keeps the permissions and, where the process may do so, the owner; a symbolic link stays, and what it points to is replaced.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same directory, flushes it to the disk and renames it.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="write">Writes the content; if it throws, the old file stays and the temporary one is removed.</param>
    /// <exception cref="DataFileException">The file cannot be written; the message names <paramref name="path"/>.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = "";
        try
        {
            var target = Resolve(path);
            TemporaryFile.RemoveAbandoned(target);
            temporary = TemporaryFile.Beside(target);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            KeepAttributes(target, temporary);
            File.Move(temporary, target, overwrite: true);
            UnixFile.FlushDirectory(Path.GetDirectoryName(target)!);
        }
        catch (Exception error)
        {
            TryDelete(temporary);
            if (error is not (IOException or UnauthorizedAccessException or NotSupportedException) || error is DataFileException)
                throw;
            throw new DataFileException(FileText.Message(path, $"the file cannot be written: {Reason(error, temporary, path)}"), error);
        }
    }

    /// <summary>Makes sure that a file can be written, without touching it: that its directory is there, and takes new files.</summary>
    /// <exception cref="DataFileException">It cannot; the message names <paramref name="path"/>.</exception>
    public static void CheckWritable(string path)
    {
        var temporary = "";
        try
        {
            var target = Resolve(path);
            temporary = TemporaryFile.Beside(target);
            using (new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                // Only whether it can be made.
            }
        }
        catch (Exception error) when (error is (IOException or UnauthorizedAccessException or NotSupportedException) and not DataFileException)
        {
            TryDelete(temporary);
            throw new DataFileException(FileText.Message(path, $"the file cannot be written: {Reason(error, temporary, path)}"), error);
        }
    }

    /// <summary>The full path of what is to be replaced: the end of a chain of links.</summary>
    private static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var target = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        if (Directory.Exists(target))
            throw new DataFileException(FileText.Message(path, "the file cannot be written: there is a directory of this name."));
        var directory = Path.GetDirectoryName(target);
        if (!Directory.Exists(directory))
            throw new DataFileException(
                FileText.Message(path, $"the file cannot be written: there is no directory {directory}; create it first."));
        return target;
    }

    private static void KeepAttributes(string target, string temporary)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(target))
            return;
        // The owner first: a change of it takes the bits away that run a file as its owner.
        UnixFile.CopyOwner(target, temporary);
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    /// <summary>What the system says, without the name of the temporary file.</summary>
    private static string Reason(Exception error, string temporary, string path) =>
        temporary.Length == 0 ? error.Message : error.Message.Replace(temporary, path, StringComparison.Ordinal);

    private static void TryDelete(string path)
    {
        try
        {
            if (path.Length > 0)
                File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }
}
