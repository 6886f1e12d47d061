namespace SparseSharp.Matrices;

/// <summary>The tensors of a layer in the file of a model, which may come from elsewhere.</summary>
internal interface IWeightReader
{
    /// <summary>What to call the layer in messages.</summary>
    string Owner { get; }

    /// <summary>The pattern that the file says the weights have, for messages.</summary>
    string StoredPattern { get; }

    /// <summary>Whether there is a tensor.</summary>
    bool Has(string tensor);

    /// <summary>Whether there are full weights, in a form of ours or of other frameworks.</summary>
    /// <param name="others">Tensors that hold weights too: throws if there is one of them beside full weights.</param>
    bool HasFull(params ReadOnlySpan<string> others);

    /// <summary>Full weights <c>[rows, columns]</c>, 0 where they were masked, and that mask if the file has one.</summary>
    StoredWeights Full(int rows, int columns);

    /// <summary>Extents of a tensor.</summary>
    IReadOnlyList<long> ShapeOf(string tensor);

    /// <summary>Throws unless a tensor has a shape.</summary>
    void CheckShape(string tensor, params ReadOnlySpan<long> shape);

    /// <summary>Finite floats of a shape.</summary>
    float[] Floats(string tensor, params ReadOnlySpan<long> shape);

    /// <summary>A mask of a shape.</summary>
    Mask Bits(string tensor, int rows, int columns);

    /// <summary>A text of the layer, or null.</summary>
    string? Text(string key);

    /// <summary>What the file calls a tensor, for messages.</summary>
    string NameOf(string tensor);

    /// <summary>What to throw where the file cannot be taken.</summary>
    Exception Fault(string fault);

    /// <summary>What to throw where a tensor is missing.</summary>
    Exception Missing(string tensor);
}
