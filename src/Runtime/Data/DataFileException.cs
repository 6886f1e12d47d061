namespace SparseSharp;

/// <summary>
/// A file or directory is missing, damaged or not what was expected. The message is one line that names it and the way out.
/// </summary>
public class DataFileException : IOException
{
    /// <summary>Makes an exception.</summary>
    public DataFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with the fault behind it.</summary>
    public DataFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
