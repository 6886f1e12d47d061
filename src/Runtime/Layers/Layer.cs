using SparseSharp.Layers;

namespace SparseSharp;

/// <summary>What all kinds of layers do alike.</summary>
/// <remarks>
/// A layer owns its memory. Spans over it stay valid as long as somebody holds them, also after <see cref="Dispose"/>; what they
/// show while another thread trains or sets weights is not
/// defined. Everything else waits for its turn: any number of predictions at once, or one change.
/// </remarks>
public abstract class Layer : ILayer
{
    private protected Layer()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => Parts.Parameters;

    /// <inheritdoc/>
    public SparsityPattern? Pattern => Parts.Pattern;

    /// <inheritdoc/>
    public virtual Bfloat16Use Bfloat16 => Bfloat16Use.None;

    /// <inheritdoc/>
    public long WeightCount => Parts.WeightCount;

    /// <inheritdoc/>
    public double Density => Parts.Density;

    /// <inheritdoc/>
    public double FlipRate => Parts.FlipRate;

    /// <inheritdoc/>
    public bool IsFrozen => Parts.IsFrozen;

    /// <inheritdoc cref="ILayer.Parts"/>
    internal abstract LayerParts Parts { get; }

    /// <inheritdoc cref="ILayer.Identity"/>
    internal abstract string Identity { get; }

    LayerParts ILayer.Parts => Parts;

    string ILayer.Identity => Identity;

    /// <inheritdoc/>
    public void Freeze() => SetFrozen(true);

    /// <inheritdoc/>
    public void Unfreeze() => SetFrozen(false);

    /// <summary>
    /// Frees the memory as soon as nobody uses the layer or its model any more. From now on both throw
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Parts.Lifetime.Close(new Memory(this));
    }

    /// <summary>Gives the memory up; nobody uses it any more.</summary>
    private protected virtual void Free() => Parts.Free();

    private void SetFrozen(bool isFrozen)
    {
        using var scope = Parts.Lifetime.Change();
        Parts.IsFrozen = isFrozen;
    }

    /// <summary>What <see cref="Dispose"/> frees.</summary>
    private sealed class Memory(Layer layer) : IDisposable
    {
        public void Dispose() => layer.Free();
    }
}
