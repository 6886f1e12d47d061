using SparseSharp.Layers;

namespace SparseSharp.Training;

/// <summary>
/// Which training owns what lives with the layers: the optimizer's state, the phases, the annealing. It is the one that stepped last. An
/// earlier one finds out before its next step, also where only some of its layers were trained by another: those of a nested model.
/// </summary>
/// <param name="layers">The layers of the model.</param>
/// <param name="model">Its name, for a message.</param>
internal sealed class TrainingClaim(IReadOnlyList<ILayer> layers, string model)
{
    private readonly LayerParts[] _layers = [.. layers.Select(layer => layer.Parts)];

    /// <summary>Whether this training has made the layers its own, now or once.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Makes the layers those of this training if it has not done so before; true if it did now.</summary>
    /// <exception cref="InvalidOperationException">Another training took them since.</exception>
    public bool Take()
    {
        if (IsTaken)
        {
            Check();
            return false;
        }
        TakeOver();
        return true;
    }

    /// <summary>Makes the layers those of this training, whoever has them.</summary>
    public void TakeOver()
    {
        foreach (var layer in _layers)
            layer.Owner = this;
        IsTaken = true;
    }

    /// <summary>Throws if another training took the layers since this one did.</summary>
    /// <exception cref="InvalidOperationException">It did.</exception>
    public void Check()
    {
        if (!IsTaken)
            return;
        foreach (var layer in _layers)
        {
            if (layer.Owner != this)
            {
                throw new InvalidOperationException(
                    $"Another trainer has trained {model} since this one did, so the optimizer's state of this training is gone: go on "
                        + "with the other trainer, "
                    + $"make a new one, or let this one {nameof(Trainer<>.Resume)} from a checkpoint that it saved before.");
            }
        }
    }
}
