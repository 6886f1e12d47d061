using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>Takes the place of the weight gradients of a pass.</summary>
internal abstract class GradientTap
{
    /// <summary>Whether the statistics of the batch are still taken over, as in a training.</summary>
    public virtual bool KeepsStatistics => false;

    /// <summary>Called in place of the weight gradient of a matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="batch">All panels; the pass has one member.</param>
    /// <param name="slot">Slot of what the matrix is multiplied with.</param>
    /// <param name="patches">Where the matrix is multiplied with patches of images: reads them; else null.</param>
    public abstract void Take(Matrix matrix, in BatchPass batch, int slot, IPatchReader? patches = null);
}

/// <summary>Reads what the rows of a matrix are multiplied with where they go over images.</summary>
internal unsafe interface IPatchReader
{
    /// <summary>Groups of rows, each of which sees channels of its own.</summary>
    int Groups { get; }

    /// <summary>Places of an image that the matrix is multiplied with.</summary>
    int Places { get; }

    /// <summary>Copies a patch.</summary>
    /// <param name="images">The images of a panel.</param>
    /// <param name="lane">The sample.</param>
    /// <param name="group">The group of rows.</param>
    /// <param name="place">The place.</param>
    /// <param name="target">Receives a value for each column of the matrix.</param>
    void Read(float* images, int lane, int group, int place, Span<float> target);
}
