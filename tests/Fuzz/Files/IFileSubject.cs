namespace SparseSharp.Fuzz.Files;

/// <summary>A reader of files with a valid file to begin with.</summary>
internal interface IFileSubject : IDisposable
{
    /// <summary>One word for the counts.</summary>
    string Name { get; }

    /// <summary>Damages the file, and has it read.</summary>
    /// <param name="random">Decides on the damage.</param>
    /// <param name="folder">Empty; what is read is left there.</param>
    /// <returns>Whether it was taken; otherwise it was refused as documented, and nothing has changed.</returns>
    bool Try(Random random, string folder);
}

/// <summary>What readers may throw.</summary>
internal static class Refusal
{
    private const int LongestMessage = 2000;

    /// <summary>Reads a file.</summary>
    /// <param name="folder">Where it lies; messages must say so.</param>
    /// <param name="read">Reads it.</param>
    /// <returns>Whether it was taken.</returns>
    public static bool IsAccepted(string folder, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (DataFileException refusal)
        {
            var message = refusal.Message;
            if (message.AsSpan().IndexOfAny('\n', '\r') >= 0 || message.Length > LongestMessage)
                throw new FuzzException(
                    "message", $"The message is not one line of readable length: {message[..Math.Min(message.Length, 400)]}", refusal);
            if (!message.Contains(folder, StringComparison.Ordinal))
                throw new FuzzException("message", $"The message does not name the file: {message}", refusal);
            return false;
        }
    }

    /// <summary>Asserts that bytes are as they were.</summary>
    public static void MustBeEqual(byte[] expected, byte[] actual, string what)
    {
        if (!actual.AsSpan().SequenceEqual(expected))
            throw new FuzzException("changed", what);
    }
}
