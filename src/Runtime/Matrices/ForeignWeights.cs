namespace SparseSharp.Matrices;

/// <summary>The weights of a matrix as files and other frameworks have them: in another shape, and rows in another order.</summary>
/// <param name="Shape">The shape there, for example <c>[out, in, height, width]</c>.</param>
/// <param name="Order">The orders of a row.</param>
internal sealed record ForeignWeights(long[] Shape, KernelOrder Order);
