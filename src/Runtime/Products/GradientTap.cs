using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>Takes the place of the weight gradients of a pass.</summary>
internal abstract class GradientTap
{
    /// <summary>Called in place of the weight gradient of a matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="batch">All panels; the pass has one member.</param>
    /// <param name="slot">Slot of what the matrix is multiplied with.</param>
    public abstract void Take(Matrix matrix, in BatchPass batch, int slot);
}
