namespace SparseSharp.Matrices;

/// <summary>
/// Gives back what an <see cref="IStateWriter"/> took. What is missing, has another shape or cannot be is refused with an exception that
/// names the source.
/// </summary>
internal interface IStateReader
{
    /// <summary>What to call the layer in messages.</summary>
    string Owner { get; }

    /// <summary>Finite floats of a shape. Nobody writes to them.</summary>
    float[] Floats(string name, params ReadOnlySpan<long> shape);

    /// <summary>A mask of a shape.</summary>
    Mask Bits(string name, int rows, int columns);

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    long Number(string name, long most);

    /// <summary>What to throw where values cannot be taken.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="fault">What is wrong with them, in words that follow the name.</param>
    Exception Fault(string name, string fault);
}
