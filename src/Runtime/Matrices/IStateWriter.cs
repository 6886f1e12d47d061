namespace SparseSharp.Matrices;

/// <summary>Takes what a layer has to remember: values under names. Files and copies in memory take it alike.</summary>
internal interface IStateWriter
{
    /// <summary>Makes room for floats, zeroed, which the caller fills.</summary>
    /// <param name="name">Their name within the layer.</param>
    /// <param name="shape">Their shape, row-major.</param>
    Span<float> AddFloats(string name, params ReadOnlySpan<long> shape);

    /// <summary>Adds a mask, which is copied.</summary>
    void AddBits(string name, Mask mask);

    /// <summary>Adds a whole number.</summary>
    void AddNumber(string name, long value);
}
