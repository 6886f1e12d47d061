namespace SparseSharp.Fuzz;

/// <summary>Something that takes inputs which may be damaged.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>Longest time that one input may take.</summary>
    static abstract TimeSpan Patience { get; }

    /// <summary>Bytes that the managed heap of a worker may have.</summary>
    static abstract long HeapLimit { get; }

    /// <summary>Makes the target.</summary>
    /// <param name="folder">An empty folder of the worker; what an input consists of is left in <c>input</c> below it before the target
    /// takes it.</param>
    static abstract IFuzzTarget Create(string folder);

    /// <summary>Makes the input of a seed and gives it to the target.</summary>
    /// <param name="seed">Equal seeds make equal inputs.</param>
    /// <returns>Whether the input was taken or refused as documented, and by what.</returns>
    /// <exception cref="FuzzException">The target did something that it must not.</exception>
    Verdict Try(ulong seed);
}

/// <summary>What a target made of an input.</summary>
/// <param name="IsAccepted">Whether it was taken; otherwise it was refused as documented.</param>
/// <param name="Kind">Which kind of input it was, for the counts.</param>
internal readonly record struct Verdict(bool IsAccepted, string Kind);

/// <summary>A fault of the library that a target has found.</summary>
/// <param name="kind">One word for the counts.</param>
/// <param name="message">What happened.</param>
/// <param name="inner">The exception behind it.</param>
internal sealed class FuzzException(string kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Kind { get; } = kind;
}
