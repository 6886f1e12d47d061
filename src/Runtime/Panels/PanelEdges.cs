namespace SparseSharp.Kernels;

/// <summary>The edges of a pass: row-major samples in, row-major results out, each member moving its own features.</summary>
internal static unsafe class PanelEdges
{
    /// <summary>Bytes of a result that are more than the second-level cache of a core keeps of it beside weights and panels.</summary>
    private const long LargeResult = 1 << 20;

    /// <summary>Moves a panel's samples into a slot.</summary>
    public static void Load(in PanelPass pass, float* source, int features, int samples, int slot) =>
        Load(in pass, source, features, features, samples, slot);

    /// <summary>Moves some features of a panel's samples into a slot.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="source">The first of these features of the first sample.</param>
    /// <param name="stride">From a sample to the next.</param>
    /// <param name="features">How many features.</param>
    /// <param name="samples">Samples of the panel.</param>
    /// <param name="slot">The value.</param>
    public static void Load(in PanelPass pass, float* source, nint stride, int features, int samples, int slot)
    {
        if (pass.IsSampleMajor)
        {
            SmallBatch.Load(in pass, source, stride, features, samples, slot);
            return;
        }
        var (first, end) = pass.Share(features, PanelGeometry.Lanes);
        fixed (float* panel = &pass.Slot(slot))
            PanelTransfer.Pack(source, stride, samples, pass.Vectors, first, end, panel);
    }

    /// <summary>Moves a slot's samples out.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="slot">The value.</param>
    /// <param name="target">Where its first sample goes.</param>
    /// <param name="features">Features of the value.</param>
    /// <param name="samples">Samples of the panel.</param>
    /// <param name="batch">Samples of all panels. What is too large for the caches anyway is written past them.</param>
    public static void Store(in PanelPass pass, int slot, float* target, int features, int samples, int batch)
    {
        if (pass.IsSampleMajor)
        {
            SmallBatch.Store(in pass, slot, target, features, samples);
            return;
        }
        var (first, end) = pass.Share(features, PanelGeometry.Lanes);
        fixed (float* panel = &pass.Slot(slot))
            PanelTransfer.Unpack(
                panel, pass.Vectors, first, end, target, features, samples, (long)batch * features * sizeof(float) > LargeResult);
    }
}
