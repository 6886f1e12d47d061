using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// Copies the inputs of one matrix out of a pass. It takes the place of the weight gradients, because that is where emitted code says in
/// which slot the input of each layer is: models need no code of their own for it, and a training pays one comparison per layer and batch.
/// </summary>
/// <param name="matrix">The matrix whose inputs are wanted, or null to learn the order of all only.</param>
/// <param name="places">How many places of an image to take, which are drawn where there are more.</param>
/// <param name="seed">Seed of the places.</param>
internal sealed unsafe class InputCapture(Matrix? matrix, int places = int.MaxValue, ulong seed = 0) : GradientTap
{
    private readonly List<Matrix> _order = [];
    private readonly List<float[]> _uses = [];

    /// <summary>Every matrix once, in the order of the weight gradients: that of the backward pass.</summary>
    public IReadOnlyList<Matrix> Order => _order;

    /// <summary>
    /// Inputs <c>[batch, features]</c>, or <c>[batch · places, features]</c>, once for every use of the layer in the model; where groups of
    /// rows see inputs of their own, once for every group of the use.
    /// </summary>
    public IReadOnlyList<float[]> Uses => _uses;

    /// <summary>Groups of rows that see inputs of their own.</summary>
    public int Groups { get; private set; } = 1;

    /// <inheritdoc/>
    public override void Take(Matrix visited, in BatchPass batch, int slot, IPatchReader? patches = null)
    {
        if (!_order.Contains(visited))
            _order.Add(visited);
        if (visited != matrix)
            return;
        if (patches is null)
        {
            _uses.Add(Rows(in batch, slot, matrix.Columns));
            return;
        }
        Groups = patches.Groups;
        for (var group = 0; group < Groups; group++)
            _uses.Add(Patches(in batch, slot, patches, group, matrix.Columns));
    }

    private static float[] Rows(in BatchPass batch, int slot, int columns)
    {
        var layout = batch.Layout;
        var values = new float[layout.Batch * columns];
        fixed (float* target = values)
        {
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                PanelTransfer.Unpack(
                    batch.Slot(slot, panel), layout.Vectors(panel), 0, columns, target + ((nint)layout.Start(panel) * columns), columns,
                    layout.Samples(panel), pastCaches: false);
            }
        }
        return values;
    }

    private float[] Patches(in BatchPass batch, int slot, IPatchReader reader, int group, int columns)
    {
        var layout = batch.Layout;
        var (isDrawn, count) = (places < reader.Places, Math.Min(places, reader.Places));
        var values = new float[checked(layout.Batch * count * columns)];
        for (var sample = 0; sample < layout.Batch; sample++)
        {
            var (panel, lane) = Math.DivRem(sample, PanelGeometry.Lanes);
            for (var i = 0; i < count; i++)
            {
                var row = ((long)sample * count) + i;
                var place = isDrawn ? (int)(Philox.Word(seed, (ulong)row, 0, Philox.Purpose.Calibration) % (uint)reader.Places) : i;
                reader.Read(batch.Slot(slot, panel), lane, group, place, values.AsSpan((int)row * columns, columns));
            }
        }
        return values;
    }
}
