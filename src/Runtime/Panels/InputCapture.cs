namespace SparseSharp.Kernels;

/// <summary>
/// Copies the inputs of one layer out of a pass. It takes the place of the weight gradients, because that is where emitted code says in which slot
/// the input of each layer is: models need no code of their own for it, and a training pays one comparison per layer and batch.
/// </summary>
/// <param name="layer">The layer whose inputs are wanted, or null to learn the order of the layers only.</param>
internal sealed unsafe class InputCapture(Linear? layer)
{
    private readonly List<Linear> _order = [];
    private readonly List<float[]> _uses = [];

    /// <summary>Every layer once, in the order of the weight gradients: that of the backward pass.</summary>
    public IReadOnlyList<Linear> Order => _order;

    /// <summary>Inputs <c>[batch, features]</c>, once for every use of the layer in the model.</summary>
    public IReadOnlyList<float[]> Uses => _uses;

    /// <summary>Called in place of the weight gradient of a layer.</summary>
    /// <param name="visited">That layer.</param>
    /// <param name="batch">All panels; the pass has one member.</param>
    /// <param name="slot">Slot of its input.</param>
    public void Take(Linear visited, in BatchPass batch, int slot)
    {
        if (!_order.Contains(visited))
            _order.Add(visited);
        if (visited != layer)
            return;
        var layout = batch.Layout;
        var values = new float[layout.Batch * layer.Inputs];
        fixed (float* target = values)
        {
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                PanelTransfer.Unpack(
                    batch.Slot(slot, panel), layout.Vectors(panel), 0, layer.Inputs,
                    target + ((nint)layout.Start(panel) * layer.Inputs), layer.Inputs, layout.Samples(panel), pastCaches: false);
            }
        }
        _uses.Add(values);
    }
}
