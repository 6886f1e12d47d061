using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>
/// Copies the inputs of one matrix out of a pass. It takes the place of the weight gradients, because that is where emitted code says in
/// which slot the input of each layer is: models need no code of their own for it, and a training pays one comparison per layer and batch.
/// </summary>
/// <param name="matrix">The matrix whose inputs are wanted, or null to learn the order of all only.</param>
internal sealed unsafe class InputCapture(Matrix? matrix) : GradientTap
{
    private readonly List<Matrix> _order = [];
    private readonly List<float[]> _uses = [];

    /// <summary>Every matrix once, in the order of the weight gradients: that of the backward pass.</summary>
    public IReadOnlyList<Matrix> Order => _order;

    /// <summary>Inputs <c>[batch, features]</c>, once for every use of the layer in the model.</summary>
    public IReadOnlyList<float[]> Uses => _uses;

    /// <inheritdoc/>
    public override void Take(Matrix visited, in BatchPass batch, int slot)
    {
        if (!_order.Contains(visited))
            _order.Add(visited);
        if (visited != matrix)
            return;
        var layout = batch.Layout;
        var values = new float[layout.Batch * matrix.Columns];
        fixed (float* target = values)
        {
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                PanelTransfer.Unpack(
                    batch.Slot(slot, panel), layout.Vectors(panel), 0, matrix.Columns,
                    target + ((nint)layout.Start(panel) * matrix.Columns), matrix.Columns, layout.Samples(panel), pastCaches: false);
            }
        }
        _uses.Add(values);
    }
}
