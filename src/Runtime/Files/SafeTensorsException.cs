namespace SparseSharp;

/// <summary>
/// A safetensors file is missing, damaged, or does not fit the model. The message names the file and the first tensor at fault.
/// </summary>
public sealed class SafeTensorsException : DataFileException
{
    /// <summary>Makes an exception.</summary>
    public SafeTensorsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with the fault behind it.</summary>
    public SafeTensorsException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
