namespace SparseSharp.Kernels;

/// <summary>A tile of a dense product: <c>Y[r, :] = Σ A[r, k]·X[k, :]</c> over a few rows and one panel width.</summary>
internal ref struct DenseTile
{
    /// <summary>Element (0, 0) of the operand whose elements are broadcast.</summary>
    public ref float A;

    /// <summary>Distance between rows of <see cref="A"/>.</summary>
    public nint RowStride;

    /// <summary>Values of k; those of <see cref="A"/> are consecutive.</summary>
    public int Depth;

    /// <summary>Row 0 of the vector operand; one row per k.</summary>
    public ref float X;

    /// <summary>Distance between rows of <see cref="X"/>.</summary>
    public nint XStride;

    /// <summary>Row 0 of the output.</summary>
    public ref float Y;

    /// <summary>Distance between rows of <see cref="Y"/> and of <see cref="Gate"/>.</summary>
    public nint YStride;

    /// <summary>Bias of row 0, for <see cref="TileOptions.Bias"/>.</summary>
    public ref float Bias;

    /// <summary>Gate of row 0, for <see cref="TileOptions.Gate"/>.</summary>
    public ref float Gate;

    /// <summary>Start and write-out.</summary>
    public TileOptions Options;
}
