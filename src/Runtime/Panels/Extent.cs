namespace SparseSharp.Kernels;

/// <summary>Rows and columns: of an image, of a kernel, of a stride.</summary>
internal readonly record struct Extent(int Rows, int Columns)
{
    /// <summary>The same of both.</summary>
    public static Extent Square(int size) => new(size, size);

    public int Area => checked(Rows * Columns);
}
