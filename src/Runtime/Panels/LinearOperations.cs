namespace SparseSharp.Kernels;

/// <summary>The kernels of one plan behind an object, for calls on a single layer.</summary>
public abstract class LinearOperations
{
    private protected LinearOperations() { }
}
