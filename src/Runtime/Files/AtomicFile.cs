namespace SparseSharp.Files;

/// <summary>Replaces a file as a whole: at any instant, also after a crash, the path holds the old content or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same directory, flushes it to the disk and renames it.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="write">Writes the content; if it throws, the old file stays and the temporary one is removed.</param>
    public static void Write(string path, Action<Stream> write)
    {
        // A name of its own for every call: two writers of one path must not share a temporary file.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }
}
