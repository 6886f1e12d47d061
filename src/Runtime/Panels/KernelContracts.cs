using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>How a kernel starts its sums and what it does to them before they are written.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum KernelSteps
{
    /// <summary>Sums start at zero and are written as they are.</summary>
    None = 0,

    /// <summary>Sums start from what the output holds.</summary>
    Load = 1,

    /// <summary>Sums start from the bias of their row.</summary>
    Bias = 2,

    /// <summary>Write <c>max(sum, 0)</c>.</summary>
    Relu = 4,

    /// <summary>Write the sum where the gate is positive, else 0: the derivative of ReLU.</summary>
    Gate = 8,
}

/// <summary>A tile of a dense product: <c>Y[r, :] = Σ A[r, k]·X[k, :]</c> over a few rows and one panel width.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct DenseTile
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

    /// <summary>Bias of row 0, for <see cref="KernelSteps.Bias"/>.</summary>
    public ref float Bias;

    /// <summary>Gate of row 0, for <see cref="KernelSteps.Gate"/>.</summary>
    public ref float Gate;

    /// <summary>Start and write-out.</summary>
    public KernelSteps Steps;
}

/// <summary>Dense micro-kernels, emitted once per compilation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IDenseKernel
{
    /// <summary>Computes a tile.</summary>
    /// <param name="vectors">Vectors per panel row, 1 to <see cref="PanelGeometry.MaxVectors"/>.</param>
    /// <param name="rows">Rows of the tile: 6, 4, 2 or 1.</param>
    /// <param name="tile">The operands.</param>
    static abstract void Multiply(int vectors, int rows, in DenseTile tile);
}

/// <summary>Consecutive blocks of four rows of packed weights, times one block of depth of a panel.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct BucketRun
{
    /// <summary>The panel, at the first k of the depth block.</summary>
    public ref float X;

    /// <summary>The output: at the first row of the run where pairs make up all of it, else at row 0.</summary>
    public ref float Y;

    /// <summary>The rows of each block, four of them; where pairs make up all of a block, its rows are neighbours and this is not read.</summary>
    public ref int Rows;

    /// <summary>Positions of columns within the depth block, list by list.</summary>
    public ref ushort Index;

    /// <summary>Kept weights in the order of <see cref="Index"/>.</summary>
    public ref float Values;

    /// <summary>Steps per list and block.</summary>
    public ref ushort Counts;

    /// <summary>Distance between blocks in <see cref="Index"/>.</summary>
    public nint IndexStride;

    /// <summary>Distance between blocks in <see cref="Values"/>.</summary>
    public nint ValueStride;

    /// <summary>Blocks of four rows.</summary>
    public int Blocks;

    /// <summary>Bias of the row that <see cref="Y"/> is at, for <see cref="KernelSteps.Bias"/>.</summary>
    public ref float Bias;

    /// <summary>Gate at that row, for <see cref="KernelSteps.Gate"/>; laid out as <see cref="Y"/>.</summary>
    public ref float Gate;

    /// <summary>Start and write-out.</summary>
    public KernelSteps Steps;
}

/// <summary>Micro-kernels over packed weights, emitted once per pattern.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBucketKernel
{
    /// <summary>How the weights are packed.</summary>
    static abstract BucketFormat Format { get; }

    /// <summary><c>Y = W·X</c> for a run of blocks.</summary>
    /// <param name="vectors">Vectors per panel row.</param>
    /// <param name="run">The operands.</param>
    static abstract void Multiply(int vectors, in BucketRun run);

    /// <summary>
    /// The weight gradient at kept positions, <c>Values = Y·Xᵀ</c>: <see cref="BucketRun.Y"/> holds the output's gradient;
    /// with <see cref="KernelSteps.Load"/> it adds to what <see cref="BucketRun.Values"/> holds.
    /// </summary>
    /// <param name="vectors">Vectors per panel row.</param>
    /// <param name="run">The operands.</param>
    static abstract void KeptGradient(int vectors, in BucketRun run);
}

/// <summary>Consecutive rows that are lists of (position, value), times a strip: <c>Y[r, :] = Σ Values[r, n]·X[Index[r, n] / stride, :]</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ListRun
{
    /// <summary>The strip.</summary>
    public ref float X;

    /// <summary>Offsets of rows of the strip, in floats.</summary>
    public ref ushort Index;

    /// <summary>Values in the order of <see cref="Index"/>; the last ones of a row may be 0, so that there are whole fours.</summary>
    public ref float Values;

    /// <summary>Fours in each list.</summary>
    public ref int Fours;

    /// <summary>Distance between the lists of two rows in <see cref="Index"/> and <see cref="Values"/>.</summary>
    public nint ListStride;

    /// <summary>Distance between two rows in <see cref="Fours"/>.</summary>
    public nint FoursStride;

    /// <summary>Row 0 of the output.</summary>
    public ref float Y;

    /// <summary>Distance between rows of <see cref="Y"/>.</summary>
    public nint YStride;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Whether to add to what <see cref="Y"/> holds.</summary>
    public bool Add;
}

/// <summary>Micro-kernels over lists, emitted once per compilation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IListKernel
{
    /// <summary>Computes the rows.</summary>
    /// <param name="vectors">Vectors per row of the strip, 1 to <see cref="PanelGeometry.StripVectors"/>.</param>
    /// <param name="run">The operands.</param>
    static abstract void Multiply(int vectors, in ListRun run);
}
